"""A shopper's no to what was shown: it drops the wish, leaves open what should be different, or
says it.
"""

from dataclasses import dataclass, replace
from typing import Final

from bot.actions.languages import SPEECHES
from bot.actions.resolve import WishResolver
from bot.actions.yes_or_no import is_no
from feedback.dialogues import ActionMemory, Said

SHORT: Final = 24  # characters: a longer no may say something that was not understood
ASKED_OTHERWISE: Final = ("action",)  # what the clerk asks for after a long one


@dataclass(frozen=True)
class NoSaid:
    """A message as a no to what the memory waits for."""

    text: str
    memory: ActionMemory
    resolver: WishResolver | None  # None while nobody is identified
    wishes: bool  # whether it asks for something by itself

    @property
    def drops(self) -> bool:
        """A short no says nothing of what should be otherwise: "no: PayPal" does."""
        return len(self.text) <= SHORT and self._is_no and self._changes_nothing

    @property
    def leaves_open(self) -> bool:
        """A no to a summary, or to what should be different, that tells nothing new."""
        waits = self.memory.summary is not None or self.memory.asks == ASKED_OTHERWISE
        return waits and self._is_no and self._changes_nothing

    @property
    def _is_no(self) -> bool:
        return is_no(self.text, *SPEECHES)

    @property
    def _changes_nothing(self) -> bool:
        if self.resolver is None or self.wishes or not self.memory.wishes:
            return False
        wish = self.memory.wishes[0]
        more = replace(wish, said=(*wish.said, Said(self.text, ("confirmation",))))
        return bool(self.resolver.resolve(wish) == self.resolver.resolve(more))
