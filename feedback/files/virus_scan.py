"""Virus scan: hands a file to a command of the owner's, such as `clamdscan --no-summary -`."""

import shlex
import subprocess
from typing import Final

import structlog

from feedback.files.check import FileRefused

INFECTED: Final = 1  # what clamscan and its like exit with
SECONDS: Final = 30.0

log = structlog.get_logger()


class VirusScan:
    """Asks the command: 0 is clean, 1 infected, anything else means that nobody knows."""

    def __init__(self, command: str, seconds: float = SECONDS) -> None:
        """The command reads a file on its standard input."""
        self._command = shlex.split(command)
        self._seconds = seconds

    def __call__(self, content: bytes) -> None:
        """Let a clean file pass.

        Raises:
            FileRefused: it is infected, or could not be looked at.
        """
        try:
            ended = subprocess.run(
                self._command, input=content, capture_output=True, timeout=self._seconds
            ).returncode
        except (OSError, subprocess.TimeoutExpired) as error:
            log.error("file.not_scanned", error=type(error).__name__)
            ended = None
        if ended == INFECTED:
            raise FileRefused("file-unsafe", "The file holds a virus; it was not kept.")
        if ended != 0:
            log.error("file.not_scanned", exit_code=ended)
            raise FileRefused(
                "file-unchecked", "Files cannot be checked for viruses now; try again later."
            )
