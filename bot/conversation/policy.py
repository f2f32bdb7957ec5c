"""The answering policy: answer, offer choices or hand over, by calibrated thresholds. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from feedback.db import PERSON_REPLY_ID
from feedback.dialogues import HandoverReason
from serving.ranker import Candidate, Ranking

MAX_CHOICES: Final = 3


@dataclass(frozen=True)
class Decision:
    """What the clerk does next, and with which candidates, best first."""

    kind: Literal["answer", "choices", "handover"]
    candidates: tuple[Candidate, ...] = ()
    reason: HandoverReason | None = None


@dataclass(frozen=True)
class Policy:
    """Thresholds on the model's calibrated confidence, and the lead that keyword search needs.

    Attributes:
        answer_at: At this confidence or over it, answer.
        offer_at: Below that, offer the best three where one of them is right as probably as this;
            else hand over. Both are for what measures no thresholds of its own: help pages,
            versions made before. A version that did says so itself (`Ranking.answer_at`).
        fits_at: From here on a hand-over says "unsure", below "no fitting reply".
        keyword_lead: Keyword search has no confidence. Its best hit answers when it scores this
            many times the second; else the best three are offered; without a hit, a person answers.
            With 1.3, 53 % of the demo shop's held-out English questions are answered and 70 % of
            the Chinese ones, 88 % and 89 % of them rightly; with 1.0, all, 65 % and 76 % rightly.
    """

    answer_at: float = 0.7
    offer_at: float = 0.3
    fits_at: float = 0.15
    keyword_lead: float = 1.3

    def __post_init__(self) -> None:
        """Refuse thresholds that contradict each other."""
        if not 0 <= self.offer_at <= self.answer_at <= 1:
            raise ValueError(
                f"answer_at={self.answer_at} and offer_at={self.offer_at}:"
                " write them as 0 <= offer_at <= answer_at <= 1."
            )

    def decide(
        self,
        ranking: Ranking,
        person: str | None = PERSON_REPLY_ID,
        never_offered: Collection[str] = (),
    ) -> Decision:
        """Choose for `ranking`, whose candidates come best first.

        `person` is the reply to who asks for a person; `never_offered` are replies that make no
        choice, such as greetings.

        >>> from serving.ranker import Candidate
        >>> hits = (Candidate("return_policy", 0.9), Candidate("return_how", 0.4))
        >>> decision = Policy().decide(Ranking(hits, confidence=0.96, served_by="model"))
        >>> decision.kind, [candidate.key for candidate in decision.candidates]
        ('answer', ['return_policy'])
        """
        if not ranking.candidates:
            return Decision("handover", reason="no_fitting_reply")
        kind = (
            self._by_lead(ranking)
            if ranking.served_by == "keywords"
            else self._by_confidence(ranking)
        )
        best = ranking.candidates[0]
        calls = {PERSON_REPLY_ID, person} - {None}  # what is no reply of the book has no id either
        if kind != "handover" and best.reply_id in calls:
            return Decision("handover", (best,), "asked_for_person")
        if kind == "answer":
            return Decision("answer", (best,))
        if kind == "choices":
            # A person can be asked for at every turn, so the three places go to others.
            hidden = calls.union(never_offered)
            offered = [c for c in ranking.candidates if c.reply_id not in hidden]
            if offered:
                return Decision("choices", tuple(offered[:MAX_CHOICES]))
        near = ranking.confidence >= self.fits_at
        return Decision("handover", reason="unsure" if near else "no_fitting_reply")

    def _by_confidence(self, ranking: Ranking) -> Literal["answer", "choices", "handover"]:
        answer_at = self.answer_at if ranking.answer_at is None else ranking.answer_at
        if ranking.confidence >= answer_at:
            return "answer"
        offer_at = self.offer_at if ranking.offer_at is None else ranking.offer_at
        among_three = max(ranking.confidence, ranking.among_three or 0.0)
        return "choices" if among_three >= offer_at else "handover"

    def _by_lead(self, ranking: Ranking) -> Literal["answer", "choices"]:
        scores = [candidate.score for candidate in ranking.candidates]
        if len(scores) == 1 or scores[0] >= self.keyword_lead * max(scores[1], 0.0):
            return "answer"
        return "choices"
