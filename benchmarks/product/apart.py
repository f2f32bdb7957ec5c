"""Runs a function in a fresh process, so that its memory is measured alone."""

import importlib
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from shopclerk.logs import set_up_logs
from shopclerk.settings import quieten_tensorflow
from training.fitting import import_tensorflow


class PartFailed(Exception):
    """What was run apart ended with an error; its own lines say where."""

    def __init__(self, function: str, lines: str) -> None:
        """Name the function."""
        super().__init__(f"{function} could not be measured:\n{lines.rstrip()}")


def apart(function: str, *arguments: Any) -> Any:
    """Call `module:function` elsewhere, return what it returned; by name, so nothing loads here.

    Raises:
        PartFailed: the call did not come back.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        returned, lines = pool.submit(_call, function, arguments).result()
    if lines is not None:
        raise PartFailed(function, lines)
    return returned


def _call(function: str, arguments: tuple[Any, ...]) -> tuple[Any, str | None]:
    """What it returned, or the lines of its error: not every error can travel."""
    set_up_logs("warning")
    quieten_tensorflow()
    import_tensorflow()
    module, _, name = function.partition(":")
    try:
        return getattr(importlib.import_module(module), name)(*arguments), None
    except Exception:
        return None, traceback.format_exc()
