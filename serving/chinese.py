"""Chinese in traditional characters, read as in simplified ones.

What is searched and what the model reads is simplified on both sides; what is said stays as it is
written. `traditional.txt` has the characters that Big5 knows with the one that GB 2312 has for each
(from OpenCC's TSCharacters, Apache-2.0).
"""

from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("traditional.txt")


def simplified(text: str) -> str:
    """A text with simplified characters.

    >>> simplified("請問多久可以退貨?"), simplified("returns")
    ('请问多久可以退货?', 'returns')
    """
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    lines = FILE.read_text(encoding="utf-8").split("\n")
    pairs = (line.split(" ") for line in lines if line)
    return {ord(old): new for many, fewer in pairs for old, new in zip(many, fewer, strict=True)}
