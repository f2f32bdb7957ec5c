"""Wiring of passages: their vectors by the model that answers, refreshed without training."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import structlog

from bot.knowledge import text_of
from feedback.db import Database
from feedback.knowledge import Contradictions, KnownPassage, Passages
from serving.client import TFServingRanker
from serving.ranker import RankerUnavailable
from shopclerk.settings import Settings
from shopclerk.wiring.base import utc_now
from shopclerk.wiring.model import EMBED_BATCH, build_rollout, model_address
from shopclerk.wiring.processes import run_command

AT_ONCE: Final = 256  # passages between two writes
EVERY_S: Final = 5.0  # between looks for sources that wait
# Between looks for passages without a vector: of a shop that had just been started all that its
# pages answer went to a person for four seconds.
VECTORS_S: Final = 0.5

log = structlog.get_logger()

Embed = Callable[[Sequence[str]], Any]


class PassageVectors:
    """Keeps the vectors of all passages those of the model version that answers."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Look for passages in `database`, and for the model server where settings say."""
        self._settings = settings
        self.passages = Passages(database)

    def look(self) -> int:
        """Make what vectors are missing; how many passages have got theirs."""
        made = 0
        address = model_address(self._settings)
        if address is None or self.passages.count() == 0:
            return made
        rollout = build_rollout(self._settings)
        version = rollout.stable()
        if version is None or not self.passages.without_vector(version, 1):
            return made
        client = TFServingRanker(address.split(","))
        try:
            while rollout.stable() == version:
                missing = self.passages.without_vector(version, AT_ONCE)
                if not missing:
                    break
                vectors = vectors_of(missing, client.embed)
                if rollout.stable() == version:  # else they are the next one's, or a mixture
                    self.passages.put_vectors(vectors, version, utc_now())
                    made += len(vectors)
        except RankerUnavailable as away:
            log.info("passages.not_embedded", reason=str(away))
        finally:
            client.close()
        if made:
            Contradictions(self.passages.db).look(utc_now())
        return made


class WaitingSources:
    """Reads what was named at the desk as soon as may be."""

    def __init__(self, database: Database, run: Callable[..., int] = run_command) -> None:
        """`run` runs one of our commands in a process of its own."""
        from feedback.knowledge import Sources

        self._sources, self._run = Sources(database), run

    def look(self) -> bool:
        """One look; True: something was read."""
        if not self._sources.waiting():
            return False
        return self._run("import", "knowledge", "--waiting") == 0


def vectors_of(passages: Sequence[KnownPassage], embed: Embed) -> dict[str, bytes]:
    """The vectors of passages by id: float16, one after the other for each of their sentences."""
    texts = [text for passage in passages for text in text_of(passage).embedded()]
    starts = range(0, len(texts), EMBED_BATCH)
    vectors = np.concatenate([np.asarray(embed(texts[at : at + EMBED_BATCH])) for at in starts])
    found: dict[str, bytes] = {}
    at = 0
    for passage in passages:
        until = at + len(passage.sentences)
        found[passage.passage_id] = vectors[at:until].astype(np.float16).tobytes()
        at = until
    return found
