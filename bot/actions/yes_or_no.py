"""An explicit yes, and nothing else; a no."""

import re
from functools import cache

from bot.actions.words import ActionSpeech

_BETWEEN = r"[\s,.!。，！、~]*"
_POLITE = (
    r"(please|thanks|thank you|thx|that's|it is|it's|with (it|that)|now|all|good|great|sounds|"
    r"是|的|谢谢|请|吧|了|啊)?"
)


@cache
def _whole_yes(yes: str) -> re.Pattern[str]:
    one = rf"(?:{yes}{_BETWEEN}{_POLITE}{_BETWEEN})"
    return re.compile(rf"^{_BETWEEN}{_POLITE}{_BETWEEN}{one}+$", re.IGNORECASE)


def is_yes(text: str, *speeches: ActionSpeech) -> bool:
    """Whether the whole of a message is a yes; one word more and it is not.

    In whatever language the summary was, the shopper may answer in another.
    """
    return any(_whole_yes(speech.yes).match(text.strip().lower()) for speech in speeches)


def is_no(text: str, *speeches: ActionSpeech) -> bool:
    """Whether a message begins with a no."""
    return any(re.search(speech.no, text.lower()) for speech in speeches)
