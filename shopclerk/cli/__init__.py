"""Command line: parses, calls, and turns named errors into one line and exit code 1.

Nothing heavy is imported here: a command loads the rooms it needs when it runs.
"""

import gc
import os
import sys

import typer

from shopclerk.cli.app import app
from shopclerk.logs import set_up_logs

# Help lists the commands in the order in which they register here.
from shopclerk.cli import running, keeping, learning, figures  # isort: skip

__all__ = ["app", "figures", "keeping", "learning", "main", "running"]

# Objects made between two looks for garbage. With Python's own 700, looking through what its
# imports had made took a fifth of a command's start (1.9 s of processor time; without, 1.4).
GARBAGE_LOOKS = (50_000, 20, 20)
OWNER_ONLY = 0o077  # what a command writes, its children too, nobody else on the machine reads
ROOMS = {"bot", "feedback", "serving", "shopclerk", "training"}


def main() -> None:
    """Run the command line; failures the rooms name are one line and exit code 1."""
    gc.set_threshold(*GARBAGE_LOOKS)
    os.umask(OWNER_ONLY)
    set_up_logs()
    done = False
    try:
        app()
    except SystemExit as ended:
        done = not ended.code
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ROOMS:
            raise
        _fail(error)
    finally:
        _note(sys.argv[1:], done=done)


def _note(arguments: list[str], *, done: bool) -> None:
    """A line in the audit log, where the command changed something."""
    if not arguments or arguments[0].startswith("-"):
        return
    from shopclerk.commands.noted import is_noted, note

    if is_noted(arguments):
        note(arguments, done=done)


def _fail(error: Exception) -> None:
    typer.echo(f"shopclerk: {error}", err=True)
    raise SystemExit(1) from None
