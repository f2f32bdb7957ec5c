"""Changes that a colleague makes to what a shopper asked for, before the shopper is asked. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from feedback.db import ActionRun

LISTS = ("skus", "changes")  # arguments that list pieces, in the order the summary names them


def pieces_of(run: ActionRun) -> list[str]:
    """The pieces an action is about, as its summary names them; [] where it is about none."""
    listed: list[Any] = next((run.arguments[name] for name in LISTS if name in run.arguments), [])
    lines = [line[2:] for line in run.summary.splitlines() if line.startswith("• ")]
    return lines[: len(listed)] if len(lines) >= len(listed) else [str(each) for each in listed]


def with_pieces(arguments: Mapping[str, Any], kept: Collection[int]) -> dict[str, Any] | None:
    """The arguments with these of the pieces alone; None: that changes nothing, or leaves none.

    >>> with_pieces({"order_id": "1", "skus": ["rug", "hat"]}, {0})
    {'order_id': '1', 'skus': ['rug']}
    >>> with_pieces({"order_id": "1", "skus": ["rug"]}, {0}) is None
    True
    """
    name = next((name for name in LISTS if name in arguments), None)
    if name is None:
        return None
    left = [each for place, each in enumerate(arguments[name]) if place in kept]
    if not left or len(left) == len(arguments[name]):
        return None
    return {**arguments, name: left}
