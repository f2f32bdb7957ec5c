"""Runs our own commands as child processes, so that their memory is given back."""

import subprocess
import sys

from shopclerk.settings import STARTED_BY, child_environment


class JobFailed(Exception):
    """A scheduled command ended with an error; its own lines say why."""

    def __init__(self, command: str, code: int) -> None:
        """Name the command."""
        super().__init__(f"shopclerk {command} ended with exit code {code}; see its lines above.")


def own_command(*arguments: str) -> list[str]:
    """How a command of ours is started."""
    return [sys.executable, "-m", "shopclerk", *arguments]


def run_command(*arguments: str) -> int:
    """Run one of our commands; returns its exit code."""
    command = own_command(*arguments)
    if arguments[0] == "retrain" and "--background" not in arguments:
        command.append("--background")
    environment = {**child_environment(), STARTED_BY: f"job:{arguments[0]}"}
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return done.returncode


def run_job(*arguments: str) -> None:
    """Run one of our commands.

    Raises:
        JobFailed: it ended with an error.
    """
    if code := run_command(*arguments):
        raise JobFailed(arguments[0], code)
