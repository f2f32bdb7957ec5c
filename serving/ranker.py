"""What a ranker is: a dialogue in, the replies that fit out, best first."""

from typing import Literal, NamedTuple, Protocol

ServedBy = Literal["model", "keywords"]


class Candidate(NamedTuple):
    """A reply that could be sent, and how well it fits (higher fits better)."""

    reply_id: str
    score: float


class Ranking(NamedTuple):
    """Candidates, best first.

    `confidence` is the probability, calibrated by the model, that the first candidate is right;
    keyword search has no such thing and reports 0.0. `version` is None when no model was asked.
    """

    candidates: tuple[Candidate, ...]
    confidence: float
    served_by: ServedBy
    version: int | None = None


class RankerUnavailable(Exception):
    """The model could not be asked; the message names the address and the reason."""


class LabelUnknown(RankerUnavailable):
    """The label points nowhere: a challenger whose trial has ended, say."""


class Ranker(Protocol):
    """Ranks the reply book for a dialogue."""

    def rank(self, dialogue: str, *, locale: str, label: str) -> Ranking:
        """Rank replies for `dialogue` (see `contract.render_dialogue`).

        `label` picks the model's version (`stable`, `canary`). `locale` is a hint: keyword search
        reads only that language's replies, the model reads the dialogue itself.

        Raises:
            RankerUnavailable: nothing could answer.
        """
        ...
