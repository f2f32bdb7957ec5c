"""Finding of `shopclerk check`: what was looked at, whether it is well, the remedy."""

from typing import NamedTuple


class Finding(NamedTuple):
    """What was looked at, whether it is well, and what to do."""

    subject: str
    well: bool
    text: str

    def line(self) -> str:
        """As the terminal shows it."""
        return f"{'ok  ' if self.well else 'BAD '} {self.subject:<14} {self.text}"
