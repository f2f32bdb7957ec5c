"""Ranker interface: replies for a dialogue, products, drafts and their scores."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Protocol

ServedBy = Literal["model", "keywords"]
NOTHING_SAID: Final[Mapping[str, float]] = MappingProxyType({})  # by a head that is not there
REPLY_BOOK: Final = "reply_book"  # the source of every candidate that a model ranks by itself


class Candidate(NamedTuple):
    """Something that could be said, and how well it fits (higher fits better).

    `source` names what holds it: the reply book, where `id` is the reply's, or a knowledge source
    of the bot's.
    """

    id: str
    score: float
    source: str = REPLY_BOOK

    @property
    def reply_id(self) -> str | None:
        """The reply of the book; None for what another source would say."""
        return self.id if self.source == REPLY_BOOK else None

    @property
    def key(self) -> str:
        """Its one name among all sources, for buttons and clicks; a reply's is its `reply_id`.

        >>> Candidate("returns#2", 0.9, "pages").key
        'pages:returns#2'
        """
        return self.id if self.source == REPLY_BOOK else f"{self.source}:{self.id}"

    def record(self) -> dict[str, Any]:
        """What an impression keeps of it."""
        if self.source == REPLY_BOOK:
            return {"reply_id": self.id, "score": self.score}
        return self._asdict()


class Ranking(NamedTuple):
    """Candidates, best first, and what the newest turn does.

    `confidence` is the probability, calibrated by the model, that the first candidate is right;
    keyword search has no such thing and reports 0.0. `version` is None when no model was asked.
    `among_three` is the probability that one of the first three is; `answer_at` and `offer_at` are
    the version's own thresholds, see `contract`. None where nobody could say.
    `acts` and `actions` are probabilities by name, of `contract.ACTS` and `contract.ACTIONS`; both
    are empty where nobody could say: keyword search, and versions made before there were heads.
    """

    candidates: tuple[Candidate, ...]
    confidence: float
    served_by: ServedBy
    version: int | None = None
    acts: Mapping[str, float] = NOTHING_SAID
    actions: Mapping[str, float] = NOTHING_SAID
    among_three: float | None = None
    answer_at: float | None = None
    offer_at: float | None = None


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


class FoundSentence(NamedTuple):
    """A sentence that may answer: its text, the headings above it, and how it was found."""

    above: str
    text: str
    hints: tuple[float, ...]  # see `serving.passage_search.Found`


class ReadAnswers(NamedTuple):
    """How probably each sentence read answers, and that none of them does."""

    probabilities: tuple[float, ...]
    nothing: float


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


class SentenceReader(Protocol):
    """Finds and reads sentences: the vectors of texts, and which sentence answers."""

    def embed(self, texts: Sequence[str], *, label: str) -> Any:
        """The unit vectors [N,D] of `texts`.

        Raises:
            RankerUnavailable: nothing could answer.
        """
        ...

    def read(self, dialogue: str, sentences: Sequence[FoundSentence], *, label: str) -> ReadAnswers:
        """How probably each of `sentences` answers the dialogue's last turn.

        Raises:
            RankerUnavailable: nothing could answer, or the version can not read.
        """
        ...
