"""Fields of replies and facts as the desk's forms bring them, checked before they are kept."""

import re
from typing import Final

from bot.http import Problem, WebContext
from feedback.knowledge import FILL, filled_by, unknown_slots
from feedback.languages import LANGUAGES

NAME: Final = re.compile(r"[a-z0-9_]{1,80}")


def check_name(field: str, name: str, *, such_as: str) -> None:
    """Refuse a name that no slot and no address could hold."""
    if not NAME.fullmatch(name):
        raise Problem(
            "invalid",
            f"{field} is {name[:60]!r}; take small letters, digits and _, such as {such_as}.",
        )


def check_slots(context: WebContext, text: str) -> None:
    """Refuse a slot that nothing fills: each question would end at a person."""
    facts = {name for lang in LANGUAGES for name in context.book.facts(lang)}
    unknown = unknown_slots(text, facts)
    if unknown and not FILL.search(text):
        raise Problem("invalid", f"Nothing fills {{{unknown[0]}}}; take one of {filled_by(facts)}.")


def same_lines(text: str) -> str:
    """Browsers send \\r\\n at the end of a line."""
    return text.replace("\r\n", "\n").strip()
