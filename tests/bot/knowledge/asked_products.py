"""Questions about invented products, written for this project in shoppers' words.

`asked_products.LANGUAGE.txt`: "# ID TITLE" begins a product, "- " is a sentence of its description,
"? QUESTION = N" a question with the number of the sentence that answers, "-" where none does.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class AskedProduct(NamedTuple):
    """A product's sentences, and what is asked: the place of the answer, None where none is."""

    title: str
    sentences: list[str]
    asked: list[tuple[str, int | None]]


def asked_products(locale: str) -> Iterator[AskedProduct]:
    """The products of a language's file."""
    text = Path(__file__).with_name(f"asked_products.{locale}.txt").read_text(encoding="utf-8")
    for part in text.split("# ")[1:]:
        first, *lines = part.splitlines()
        sentences = [line[2:] for line in lines if line.startswith("- ")]
        questions = [line[2:].rpartition(" = ") for line in lines if line.startswith("? ")]
        asked = [(said, None if at == "-" else int(at) - 1) for said, _, at in questions]
        yield AskedProduct(first.partition(" ")[2], sentences, asked)
