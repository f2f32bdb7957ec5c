"""Traditional Chinese: told from Simplified, read as Simplified, and written again, by OpenCC.

Reading goes letter by letter, which is nearly free; writing goes by phrases, since one simplified
letter may stand for several traditional ones (发: 發 or 髮).
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc


def simplified(text: str) -> str:
    """The text in simplified letters; one letter for each, so that places stay.

    >>> simplified("我的訂單在哪裡 Ridge")
    '我的订单在哪里 Ridge'
    """
    return text.translate(_letters()[0]) if not text.isascii() else text


def is_traditional(text: str) -> bool:
    """Whether a text is written in traditional letters.

    >>> is_traditional("請問運費多少"), is_traditional("请问运费多少"), is_traditional("你好")
    (True, False, False)
    """
    traditional, written_simply = _letters()
    more = sum(ord(char) in traditional for char in text)
    return more > sum(char in written_simply for char in text)


def in_traditional(text: str) -> str:
    """The text in traditional letters, as in Taiwan.

    >>> in_traditional("干净的面条后天发货")
    '乾淨的麵條後天發貨'
    """
    written: str = _writer().convert(text)
    return written


@cache
def _letters() -> tuple[dict[int, str], frozenset[str]]:
    """Each traditional letter's simplified one, and the letters that only Simplified has."""
    simple = {ord(one): others[0] for one, others in _table("TSCharacters") if others[0] != one}
    return simple, frozenset(one for one, others in _table("STCharacters") if one not in others)


def _table(name: str) -> Iterator[tuple[str, list[str]]]:
    """Letters, each with those it may stand for in the other writing."""
    path = Path(opencc.__file__).parent / "dictionary" / f"{name}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        one, _, others = line.partition("\t")
        if len(one) == 1 and others and len(others.split()[0]) == 1:
            yield one, others.split()


@cache
def _writer() -> "opencc.OpenCC":
    return opencc.OpenCC("s2tw")
