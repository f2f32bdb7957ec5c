"""What may be asked of a model: which replies fit, which products, how it would say it itself."""

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


class Recommendation(NamedTuple):
    """A product, and the logarithm of how many times better it fits than the average product."""

    product_id: str
    score: float


class Draft(NamedTuple):
    """A reply in the model's own words, for the staff's eyes only."""

    text: str
    log_prob: float  # of all of its tokens


class ReplyScore(NamedTuple):
    """How likely the model finds a reply, and over how many tokens."""

    log_prob: float
    tokens: int


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


class Recommender(Protocol):
    """Knows which products suit a dialogue."""

    def recommend(self, dialogue: str, *, label: str) -> list[Recommendation]:
        """Products for `dialogue`, best first, whether in stock or not; see `Ranker.rank`.

        Raises:
            RankerUnavailable: nothing could answer.
        """
        ...
