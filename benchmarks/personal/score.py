"""Score of redaction: planted values that were found, or held back for a person."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.personal.messages import Planted
from feedback.redaction import Redacted, redact

WORDS = re.compile(r"[^\W_]{3,}|[^\W_a-zA-Z]{2,}")


class Score(NamedTuple):
    """How many were planted, became a placeholder, and were kept out of training one way or other.

    `missed` are those that would have been learned from.
    """

    seen: int
    replaced: int
    kept_out: int
    missed: tuple[Planted, ...]

    @property
    def share(self) -> float:
        """Of the planted values those that are not learned from."""
        return self.kept_out / self.seen if self.seen else 1.0


def gone(planted: Planted, cleaned: Redacted) -> bool:
    """Whether nothing that tells of the value is left: none of its words, none of its numbers."""
    whole = planted.value.casefold() in cleaned.text.casefold()
    return not whole and not (_words(planted.value) & _words(cleaned.text))


def score(messages: Iterable[Planted]) -> dict[str, Score]:
    """By kind of value."""
    seen: defaultdict[str, list[tuple[Planted, bool, bool]]] = defaultdict(list)
    for each in messages:
        cleaned = redact(each.text)
        seen[each.kind].append((each, gone(each, cleaned), cleaned.quarantined))
    return {
        kind: Score(
            len(rows),
            sum(went for _, went, _ in rows),
            sum(went or held for _, went, held in rows),
            tuple(each for each, went, held in rows if not went and not held),
        )
        for kind, rows in seen.items()
    }


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).replace("\u200b", "").casefold()
    return set(WORDS.findall(re.sub(r"<[A-Za-z]+>", " ", plain)))
