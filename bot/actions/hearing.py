"""Takes the words of a message to the wishes they belong to."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.wishes import WishWords, family
from feedback.dialogues import Said, Wish


def heard(
    wishes: Sequence[Wish], found: Sequence[WishWords], said: Said, *, replaces: bool
) -> tuple[Wish, ...]:
    """The wishes after one more message.

    Args:
        wishes: Those under way.
        found: Those that the message asks for; none: its words are about the first one.
        said: The message.
        replaces: Whether a new wish stands in for the one a summary was shown of.
    """
    if not found:
        first, *rest = wishes
        return (replace(first, said=(*first.said, said)), *rest)
    now = list(wishes)
    new: list[Wish] = []
    for each in found:
        place = next((i for i, one in enumerate(now) if family(one.action) == each.action), None)
        words = replace(said, text=each.text if len(found) > 1 else said.text)
        if place is not None:
            wish = now.pop(place)
            now.insert(0 if len(found) == 1 else place, replace(wish, said=(*wish.said, words)))
        else:
            new.append(Wish(each.action, (replace(words, asked=()),)))
    if replaces and new and now:
        now = now[1:]
    return (*new, *now) if said.asked and new else (*now, *new)
