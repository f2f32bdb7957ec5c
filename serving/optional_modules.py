"""Leaves optional modules out of an import, for processes that have no use for them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_out(*names: str) -> Iterator[None]:
    """Within the block, importing one of the modules raises ImportError, as if it were missing.

    One that is loaded already stays. Other threads must not import meanwhile.

    >>> with left_out("this"):
    ...     import this
    Traceback (most recent call last):
    ModuleNotFoundError: import of this halted; None in sys.modules
    """
    out = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(out))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in out:
            sys.modules.pop(name, None)
