"""The shop's passages in memory, ready to be searched; read again when they change."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import structlog

from feedback.knowledge import Contradictions, KnownPassage, Passages, question_key
from serving.passage_search import PassageIndex, PassageText

NUMBER: Final = np.dtype(np.float16)

log = structlog.get_logger()


class IndexedPages(NamedTuple):
    """Passages, and what they are looked up in, each by the number of its place."""

    stamp: str
    passages: tuple[KnownPassage, ...]
    lookup: PassageIndex
    overruled: Mapping[str, str] = {}  # passages that another one wins over, with that one
    taught: Mapping[str, int] = {}  # by a question's key, the passage that the staff led it to


class PageIndex:
    """Searches what the store held last; a changed store is read beside, while the old answers."""

    def __init__(self, passages: Passages) -> None:
        """Read nothing yet."""
        self._passages = passages
        self._pages: IndexedPages | None = None
        self._reading = threading.Lock()

    def current(self) -> IndexedPages:
        """What is known, which may be a moment old; the first caller waits for it."""
        stamp, pages = self._passages.stamp(), self._pages
        if pages is None:
            with self._reading:
                self._pages = self._pages or self._read(stamp)
                return self._pages
        if pages.stamp != stamp and self._reading.acquire(blocking=False):
            threading.Thread(target=self._read_beside, args=(stamp,), daemon=True).start()
        return pages

    def passage(self, passage_id: str) -> KnownPassage | None:
        """A passage as it is now; None where the shop says it no more."""
        return next((one for one in self._passages.known([passage_id]) if one.active), None)

    def _read_beside(self, stamp: str) -> None:
        try:
            self._pages = self._read(stamp)
        except Exception:  # whatever it is, the pages of before go on answering
            log.exception("pages.not_read")
        finally:
            self._reading.release()

    def _read(self, stamp: str) -> IndexedPages:
        pages = indexed(self._passages.changed_since(None), stamp)
        return pages._replace(overruled=Contradictions(self._passages.db).overruled())


def indexed(passages: Sequence[KnownPassage], stamp: str = "") -> IndexedPages:
    """Passages with their index; those without a vector for each sentence wait for theirs."""
    ready = [(one, vectors) for one in passages if (vectors := _vectors(one)) is not None]
    width = max((vectors.shape[1] for _, vectors in ready), default=1)
    ready = [(one, vectors) for one, vectors in ready if vectors.shape[1] == width]
    texts = [text_of(one) for one, _ in ready]
    held = [vectors for _, vectors in ready] or [np.zeros((0, width), NUMBER)]
    index = PassageIndex(texts, np.concatenate(held))
    known = tuple(one for one, _ in ready)
    taught = {question_key(asked): n for n, one in enumerate(known) for asked in one.asked}
    return IndexedPages(stamp, known, index, taught=taught)


def text_of(passage: KnownPassage) -> PassageText:
    """A passage as it is searched."""
    return PassageText(tuple(passage.above), tuple(passage.sentences), tuple(passage.leads))


def _vectors(passage: KnownPassage) -> Any:
    """The vectors of its sentences [S,D]; None where it has not got them yet."""
    if not passage.vector or not passage.sentences:
        return None
    numbers = np.frombuffer(passage.vector, NUMBER)
    if len(numbers) % len(passage.sentences):
        return None
    return numbers.reshape(len(passage.sentences), -1)
