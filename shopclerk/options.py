"""Option types that several commands share: kinds, formats, common options."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ImportKind(StrEnum):
    """What a file holds."""

    REPLIES = "replies"
    QUESTIONS = "questions"
    DIALOGUES = "dialogues"
    PRODUCTS = "products"
    ORDERS = "orders"
    FACTS = "facts"
    RATES = "rates"
    KNOWLEDGE = "knowledge"


class Format(StrEnum):
    """How a report is drawn."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    PNG = "png"


class Bench(StrEnum):
    """What is measured."""

    CHAT = "chat"
    SERVE = "serve"
    TRAIN = "train"
    REPORT = "report"


class BenchPart(StrEnum):
    """What of training, or of serving, is measured."""

    GEMM = "gemm"
    FULL = "full"
    WARM = "warm"
    MEMORY = "memory"
    BESIDE = "beside"
    BOOKS = "books"
    EMBEDDED = "embedded"
    PROMOTIONS = "promotions"
    FAULTS = "faults"
    CLIENT = "client"


PARTS = {
    Bench.TRAIN: (
        BenchPart.GEMM,
        BenchPart.FULL,
        BenchPart.WARM,
        BenchPart.MEMORY,
        BenchPart.BESIDE,
    ),
    Bench.SERVE: (
        BenchPart.BOOKS,
        BenchPart.EMBEDDED,
        BenchPart.PROMOTIONS,
        BenchPart.FAULTS,
        BenchPart.CLIENT,
    ),
}


What = Annotated[
    list[str] | None,
    typer.Argument(
        help="Files: JSON Lines (.gz accepted); products: Shopify's CSV; knowledge: see above."
    ),
]
File = Annotated[list[Path] | None, typer.Option(metavar="F", help="May be given several times.")]
Models = Annotated[
    Path | None, typer.Option("--models", metavar="DIR", help="Where the versions lie.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Exit 0 although some lines were bad.")]
Port = Annotated[int, typer.Option(help="Where the web chat listens.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]


def day_of(text: str | None, option: str) -> date | None:
    """A day as people write it.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{option} {text!r} is not a day; write it like 2026-01-31"
        ) from None
