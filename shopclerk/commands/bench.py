"""`shopclerk bench`: loads the benchmarks of a checkout; an installed package carries none."""

from importlib import import_module
from types import ModuleType
from typing import Final

MEASURING: Final = "benchmarks.product.command"


class NoBenchmarks(Exception):
    """The package is installed without a checkout."""

    def __init__(self) -> None:
        """Name what is missing, and where it is."""
        super().__init__(
            "there is nothing here to measure with: the benchmarks (benchmarks/product) are in a"
            " checkout and not in the installed package; run ./clerk bench in a checkout"
        )


def load_benchmarks() -> ModuleType:
    """The functions that `shopclerk bench` calls.

    Raises:
        NoBenchmarks: this is no checkout.
    """
    try:
        return import_module(MEASURING)
    except ModuleNotFoundError as error:
        if not (error.name and MEASURING.startswith(error.name)):
            raise
        raise NoBenchmarks from None
