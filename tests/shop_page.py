"""Reads docs/shop.md as somebody who follows it: its code, and the commands in its sentences."""

import re
import textwrap
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "shop.md"
CLERK: Final = "https://clerk.your-shop.example"  # what a reader puts their own address for
SHOP: Final = "https://your-shop.example"
FENCED: Final = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def code(holding: str, *, language: str) -> str:
    """The one block of code of the page that holds these words."""
    found = [
        textwrap.dedent(body)
        for _, named, body in FENCED.findall(PAGE.read_text(encoding="utf-8"))
        if named == language and holding in body
    ]
    assert len(found) == 1, f"{PAGE.name} has {len(found)} blocks of {language} with {holding!r}"
    return found[0]


def commands() -> set[str]:
    """Every command that the page names, as it stands there."""
    return set(re.findall(r"\./clerk ([^`\n]+)", PAGE.read_text(encoding="utf-8")))


def said(pattern: str) -> str:
    """What the page's own words say where a pattern's group stands."""
    found = re.search(pattern, PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{PAGE.name} no longer says {pattern!r}"
    return found.group(1)
