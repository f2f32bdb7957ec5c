"""Duplicates in the files of one import: the same name again, with something else under it."""

from typing import Final

from feedback.knowledge.importers.records import BadShape

SHOWN: Final = 60  # characters of a name


class FirstOfEach:
    """What stands under each name; the first one holds, and a repeat of it is no harm."""

    def __init__(self, what: str) -> None:
        """Of records of one kind, as a sentence calls them."""
        self._what = what
        self._held: dict[tuple[str, str], int] = {}  # hashes: a million questions are 100 MB

    def check(self, key: tuple[str, str], value: str | None) -> None:
        """Note what stands under a name in a language.

        Raises:
            BadShape: something else stood under it before.

        >>> first = FirstOfEach("reply")
        >>> first.check(("hours", "en"), "We open at nine.")
        >>> first.check(("hours", "en"), "We open at nine.")
        >>> first.check(("hours", "en"), "We open at ten.")
        Traceback (most recent call last):
            ...
        feedback.knowledge.importers.records.BadShape: the reply 'hours' (en) stands here before, \
with something else; the first one holds
        """
        name, locale = key
        if self._held.setdefault(key, hash(value)) != hash(value):
            raise BadShape(
                f"the {self._what} {name[:SHOWN]!r} ({locale}) stands here before,"
                " with something else; the first one holds"
            )
