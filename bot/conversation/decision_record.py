"""The decision record: what the clerk says before it is stored, and a stored answer shown again."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from bot.conversation.incoming import IncomingMessage, choice_of, choice_stored
from bot.messages import (
    NO_DETAILS,
    Answer,
    Card,
    Choice,
    Citation,
    Kind,
    Place,
    ReplyDetails,
    details_read,
    details_stored,
)
from feedback.db import AnswerPart, DialogueTurnRow, ImpressionRow
from feedback.dialogues import AfterAnswer, DialogueMemory, Focus, HandoverReason
from feedback.languages import in_traditional
from serving.ranker import Ranking

MILLISECOND: Final = timedelta(milliseconds=1)
CANDIDATES_KEPT: Final = 5  # in the impression, to judge the ranking later


@dataclass(frozen=True)
class ComposedPart:
    """One of several candidates said in an answer."""

    asked: str  # the question of the message that it answers
    answer: "ComposedAnswer"


@dataclass(frozen=True)
class ComposedAnswer:
    """What is said, and what it makes of the dialogue."""

    kind: Kind
    text: str
    memory: DialogueMemory  # from now on
    reply_id: str | None = None  # the reply of the book that is said
    choices: tuple[Choice, ...] = ()
    products: tuple[Card, ...] = ()
    citations: tuple[Citation, ...] = ()  # what other sources than the book say
    details: ReplyDetails = NO_DETAILS
    handover_reason: HandoverReason | None = None
    ranking: Ranking | None = None  # None: no source was asked, the clerk's rules decided
    rank_ms: float = 0.0
    propensity: float = 1.0  # with which the candidate was chosen
    parts: tuple[ComposedPart, ...] = ()  # of an answer to several questions

    def after_at(self, place: Place) -> AfterAnswer:
        """What it makes of the dialogue, with where the shopper is: a colleague sees it."""
        memory = replace(self.after.memory, page=place.page, basket=place.basket)
        return replace(self.after, memory=memory)

    @property
    def after(self) -> AfterAnswer:
        """What it makes of the dialogue."""
        return AfterAnswer(self.memory, self.handover_reason)

    def about(self, focus: Focus) -> "ComposedAnswer":
        """The same, with what the dialogue is about from now on."""
        spoken_of = {"product_id": focus.product_id} if focus.on_products else {}
        if focus.order_number is not None and not focus.on_products:
            spoken_of = {"order_id": focus.order_number}
        about = {name: value for name, value in spoken_of.items() if value is not None}
        return replace(
            self,
            memory=replace(self.memory, focus=focus),
            details=replace(self.details, about=about),
        )

    def in_traditional(self) -> "ComposedAnswer":
        """The same in traditional letters, for who writes in them; quotations stay as they are."""
        return replace(
            self,
            text=in_traditional(self.text),
            choices=tuple(replace(each, title=in_traditional(each.title)) for each in self.choices),
            products=tuple(
                replace(card, title=in_traditional(card.title), price=in_traditional(card.price))
                for card in self.products
            ),
        )

    def ranked(self, ranking: Ranking, rank_ms: float, propensity: float = 1.0) -> "ComposedAnswer":
        """The same, with the ranking it came from."""
        return replace(self, ranking=ranking, rank_ms=rank_ms, propensity=propensity)


def impression_of(
    message: IncomingMessage,
    answer: ComposedAnswer,
    *,
    impression_id: str,
    came: datetime,
    now: datetime,
) -> ImpressionRow:
    """The impression to record: what was shown, all that led to it, and how long that took."""
    ranking = answer.ranking
    return ImpressionRow(
        impression_id=impression_id,
        dialogue_id=message.dialogue.dialogue_id,
        shopper_id=message.dialogue.shopper_id,
        arm=message.dialogue.arm,
        kind=answer.kind,
        reply_id=answer.reply_id,
        text=answer.text,
        locale=message.query.locale,
        choices=[choice_stored(choice) for choice in answer.choices],
        # Click addresses are signed where a channel shows the card, never stored.
        products=[_without_click(card) for card in answer.products],
        citations=[asdict(citation) for citation in answer.citations],
        details=details_stored(answer.details),
        candidates=_recorded(ranking),
        confidence=ranking.confidence if ranking else 1.0,
        propensity=answer.propensity,
        served_by=ranking.served_by if ranking else "policy",
        model_version=ranking.version if ranking else None,
        rank_ms=answer.rank_ms,
        answer_ms=max(0.0, (now - came) / MILLISECOND),
        shown_at=now,
    )


def parts_of(answer: ComposedAnswer, impression_id: str) -> list[AnswerPart]:
    """The parts to record of an answer to several questions, in the order in which they stand."""
    return [
        AnswerPart(
            impression_id=impression_id,
            place=place,
            asked=part.asked,
            reply_id=part.answer.reply_id,
            products=[card.product_id for card in part.answer.products],
            candidates=_recorded(part.answer.ranking),
            confidence=part.answer.ranking.confidence if part.answer.ranking else 1.0,
            propensity=part.answer.propensity,
            served_by=part.answer.ranking.served_by if part.answer.ranking else "policy",
            model_version=part.answer.ranking.version if part.answer.ranking else None,
        )
        for place, part in enumerate(answer.parts, start=1)
    ]


def _recorded(ranking: Ranking | None) -> list[dict[str, Any]]:
    return [each.record() for each in ranking.candidates[:CANDIDATES_KEPT]] if ranking else []


def answer_shown(turn: DialogueTurnRow, shown: ImpressionRow, state: str = "clerk") -> Answer:
    """A recorded answer, as it was given; `state` is where the dialogue stands."""
    return Answer(
        message_id=turn.turn_id or 0,
        impression_id=shown.impression_id,
        kind=cast("Kind", shown.kind),
        text=shown.text,
        confidence=shown.confidence,
        choices=tuple(choice_of(stored) for stored in shown.choices),
        products=tuple(Card(**card) for card in shown.products),
        reply_id=shown.reply_id,
        citations=tuple(Citation(**citation) for citation in shown.citations),
        details=details_read(shown.details),
        served_by=shown.served_by,
        state=state,
    )


def _without_click(card: Card) -> dict[str, object]:
    return {name: value for name, value in asdict(card).items() if name != "click_url"}
