"""Emoji: from the names that chats write (`:tada:`) to characters, and words without any."""

import re
from typing import Final

NAME = re.compile(r":[a-z0-9_+'\-]+:(?::skin-tone-[2-6]:)?")
SKIN_TONE = re.compile(r":skin-tone-[2-6]:")
# Slack's own names that the list of Unicode's aliases lacks.
SLACKS: Final = {":simple_smile:": "🙂", ":man-shrugging:": "🤷", ":woman-shrugging:": "🤷"}


def with_emoji(text: str) -> str:
    """Text with each emoji's name as its character; a shop's own emoji keep their names.

    >>> with_emoji("great :tada: :+1::skin-tone-3: :our_logo: at 10:30:15")
    'great 🎉 👍 :our_logo: at 10:30:15'
    >>> with_emoji(":flag-de: :woman-cook:")
    '🇩🇪 👩‍🍳'
    """
    if not NAME.search(text):
        return text
    import emoji  # noqa: PLC0415  its list of 5,000 names takes 50 ms to load, and is seldom needed

    def character(found: re.Match[str]) -> str:
        name = SKIN_TONE.sub("", found.group())
        if name in SLACKS:
            return SLACKS[name]
        # Slack's :flag-de: is :de: there, and its :woman-cook: is :woman_cook:.
        for other in (name, name.replace("flag-", ""), name.replace("-", "_")):
            if (shown := emoji.emojize(other, language="alias")) != other:
                return shown
        return name

    return NAME.sub(character, text)


def without_emoji(text: str) -> str:
    """The words alone, which tell what is asked; the text as it is where there are no others.

    >>> without_emoji("what is your return policy :thinking_face: 🤔"), without_emoji("👍")
    ('what is your return policy', '👍')
    """
    if text.isascii() and not NAME.search(text):
        return text
    import emoji  # noqa: PLC0415  see above

    words = " ".join(emoji.replace_emoji(with_emoji(text), " ").split())
    return words if any(char.isalnum() for char in words) else text
