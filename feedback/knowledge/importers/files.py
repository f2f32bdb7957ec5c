"""Reads the files people bring: replies, questions, dialogues, rankings, orders, facts, products.

Every reader takes paths and a list for the bad lines, and yields the good ones; `.gz` is unpacked.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from feedback.db import REFUND_STAGES, read_state
from feedback.knowledge.importers.duplicates import FirstOfEach
from feedback.knowledge.importers.fields import (
    check_spoken,
    checked_text,
    currency_of,
    identifier,
    list_of,
    locale_of,
    object_of,
    required,
    text_of,
    text_or_none,
    whole,
)
from feedback.knowledge.importers.html_text import without_entities
from feedback.knowledge.importers.json_lines import parse_object
from feedback.knowledge.importers.lenient import AT_ARRIVAL, Lenient, bought_line, id_of, sum_of
from feedback.knowledge.importers.macros import is_macro, reply_from_macro
from feedback.knowledge.importers.products_in import read_products
from feedback.knowledge.importers.record_files import read_each
from feedback.knowledge.importers.records import (
    BadLine,
    BadShape,
    BoughtLine,
    DialogueLine,
    FactLine,
    FileUnreadable,
    ProductLine,
    PurchaseLine,
    QuestionLine,
    RankingLine,
    RateLine,
    RefundLine,
    ReplyLine,
    TurnLine,
    VariantLine,
)
from feedback.knowledge.slots import filled_by, unknown_slots

__all__ = [
    "BadLine",
    "BadShape",
    "BoughtLine",
    "DialogueLine",
    "FactLine",
    "FileUnreadable",
    "ProductLine",
    "PurchaseLine",
    "QuestionLine",
    "RankingLine",
    "RefundLine",
    "ReplyLine",
    "TurnLine",
    "VariantLine",
    "parse_object",
    "purchase_from_json",
    "read_dialogues",
    "read_facts",
    "read_labelled_questions",
    "read_products",
    "read_purchases",
    "read_questions",
    "read_ranking",
    "read_rates",
    "read_replies",
    "read_sayable_replies",
    "refund_from_json",
]

SMALLEST_RATE, LARGEST_RATE = Decimal("0.00000001"), Decimal(1_000_000)
MAX_SOURCE = 40
SPEAKERS = ("shopper", "clerk", "action")


def read_replies(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[ReplyLine]:
    """Replies of the book: `{"reply_id", "text", "locale"}`; helpdesks' macros too."""
    return read_each(paths, bad, reply_from_json, "replies")


def read_questions(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[QuestionLine]:
    """Questions with their right reply: `{"question", "reply_id", "locale"}`."""
    return read_each(paths, bad, question_from_json, "questions")


def read_sayable_replies(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[ReplyLine]:
    """Replies that are to be said: each name once, and only slots that something fills."""
    first = FirstOfEach("reply")

    def checked(fields: dict[str, Any]) -> ReplyLine:
        reply = reply_from_json(fields)
        check_spoken(reply.locale)
        if unknown := unknown_slots(reply.text or ""):
            raise BadShape(f"nothing fills {{{unknown[0]}}}; take one of {filled_by()}")
        first.check((reply.reply_id, reply.locale), reply.text)
        return reply

    return read_each(paths, bad, checked, "replies")


def read_labelled_questions(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[QuestionLine]:
    """Questions of the book: each with one right reply."""
    first = FirstOfEach("question")

    def checked(fields: dict[str, Any]) -> QuestionLine:
        line = question_from_json(fields)
        check_spoken(line.locale)
        first.check((line.question, line.locale), line.reply_id)
        return line

    return read_each(paths, bad, checked, "questions")


def read_dialogues(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[DialogueLine]:
    """Dialogues: `{"id", "turns": [{"speaker", "text"}], "accepted"}`."""
    return read_each(paths, bad, dialogue_from_json, "dialogues")


def read_ranking(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[RankingLine]:
    """Which candidate came next: `{"id", "turns", "candidates", "target"}`."""
    return read_each(paths, bad, ranking_from_json, "dialogues")


def read_purchases(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[PurchaseLine]:
    """Orders: `{"order_id", "shopper", "email", "placed_at", "currency", "total", "lines"}`."""
    return read_each(paths, bad, purchase_from_json, "orders")


def read_facts(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[FactLine]:
    """Facts of the shop: `{"name", "value", "locale"}`."""
    return read_each(paths, bad, fact_from_json, "facts")


def read_rates(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[RateLine]:
    """Exchange rates: `{"currency", "base", "since", "rate"}`, `since` a day."""
    return read_each(paths, bad, rate_from_json, "rates")


def rate_from_json(fields: dict[str, Any]) -> RateLine:
    """What one unit of a currency is worth in another one from a day on."""
    text = text_of(fields, "since")
    try:
        since = datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise BadShape(f'"since" has to be a day like 2026-01-31, not {text!r:.40}') from None
    try:
        rate = Decimal(str(required(fields, "rate")))
    except InvalidOperation:
        rate = Decimal(0)
    if not (rate.is_finite() and SMALLEST_RATE <= rate <= LARGEST_RATE):
        raise BadShape(f'"rate" has to be a number over 0, not {fields["rate"]!r:.40}')
    return RateLine(currency_of(fields), currency_of(fields, "base"), since, rate)


def reply_from_json(fields: dict[str, Any]) -> ReplyLine:
    """A reply; one known by its id only has no text. A macro says its own, with our slots."""
    if is_macro(fields):
        return reply_from_macro(fields)
    return ReplyLine(
        identifier(fields, "reply_id"), text_or_none(fields, "text"), locale_of(fields)
    )


def question_from_json(fields: dict[str, Any]) -> QuestionLine:
    """A question; the key `reply_id` has to be there, and null says that no reply fits."""
    fits = required(fields, "reply_id") is not None
    reply_id = identifier(fields, "reply_id") if fits else None
    history = tuple(_turns(fields, "history")) if fields.get("history") else ()
    return QuestionLine(text_of(fields, "question"), reply_id, locale_of(fields), history)


def dialogue_from_json(fields: dict[str, Any]) -> DialogueLine:
    """A dialogue of at least one turn."""
    accepted = fields.get("accepted", False)
    if not isinstance(accepted, bool):
        raise BadShape(f'"accepted" has to be true or false, not {accepted!r:.40}')
    return DialogueLine(identifier(fields, "id"), _turns(fields), accepted)


def ranking_from_json(fields: dict[str, Any]) -> RankingLine:
    """A ranking task; `target` is an index into `candidates`."""
    candidates = [checked_text(text, "candidates") for text in list_of(fields, "candidates")]
    target = whole(fields, "target")
    if not 0 <= target < len(candidates):
        raise BadShape(f'"target" is {target}, but there are {len(candidates)} candidates')
    return RankingLine(identifier(fields, "id"), _turns(fields), candidates, target)


def fact_from_json(fields: dict[str, Any]) -> FactLine:
    """A fact; numbers are taken as they are written."""
    return FactLine(
        text_of(fields, "name"), identifier(fields, "value"), text_or_none(fields, "locale")
    )


def purchase_from_json(fields: dict[str, Any]) -> PurchaseLine:
    """An order, from a file's line or a webhook's body; what is odd in it is named in the result.

    Raises:
        BadShape: its id, total or currency can not be read.
    """
    order, order_id = Lenient(fields), id_of(fields, "order_id")
    status, total = order.text("status"), sum_of(order, "total")
    told = list(order.each("lines"))
    return PurchaseLine(
        order_id=order_id,
        shopper=order.text("shopper") or None,
        email=order.text("email") or None,
        placed_at=order.first_moment("placed_at", "updated_at"),
        currency=currency_of(fields),
        total=total,
        gift_cards=_gift_cards(order, total),
        # No lines say nothing of them: an update of the state may leave them out.
        lines=tuple(filter(None, map(_bought, told))) if told else None,
        source=_source_of(fields),
        number=order.text("number") or order_id,
        status=read_state(status) if status else None,
        tracking=order.text("tracking") or None,
        payment=order.text("payment") or None,
        checkout=order.text("checkout") or None,
        cancelled_at=order.moment("cancelled_at"),
        updated_at=order.moment("updated_at"),
        odd=tuple(order.odd),
    )


def refund_from_json(fields: dict[str, Any]) -> RefundLine:
    """A refund, from a webhook's body.

    Raises:
        BadShape: its ids, amount or currency can not be read.
    """
    refund = Lenient(fields)
    return RefundLine(
        refund_id=id_of(fields, "refund_id"),
        order_id=id_of(fields, "order_id"),
        amount=sum_of(refund, "amount"),
        currency=currency_of(fields),
        refunded_at=refund.moment("refunded_at") or AT_ARRIVAL,
        status=_stage_of(fields),
        source=_source_of(fields),
    )


def _bought(line: Lenient) -> BoughtLine | None:
    title = without_entities(line.text("title"))
    return bought_line(line, line.first_text("product_id"), title, price="price")


def _gift_cards(order: Lenient, total: Decimal) -> Decimal:
    """What buys gift cards: it is a sale when a card is spent, not when it is sold."""
    cards = (line for line in order.each("lines") if line.flag("gift_card"))
    sold = sum(((line.number("quantity") or 1) * (line.amount("price") or 0) for line in cards), 0)
    return max(Decimal(0), min(Decimal(sold), total))


def _stage_of(fields: dict[str, Any]) -> str:
    stage = text_or_none(fields, "status") or "succeeded"
    if stage not in REFUND_STAGES:
        raise BadShape(f'"status" has to be one of {", ".join(REFUND_STAGES)}, not {stage!r:.40}')
    return stage


def _source_of(fields: dict[str, Any]) -> str:
    """The shop system whose ids a line has, our own format's where none is named."""
    source = (text_or_none(fields, "source") or "orders").strip().lower()
    if len(source) > MAX_SOURCE or not source.isprintable():
        raise BadShape(
            f'"source" has to be a name of up to {MAX_SOURCE} letters, not {source!r:.40}'
        )
    return source


def _turns(fields: dict[str, Any], key: str = "turns") -> list[TurnLine]:
    return [_turn(object_of(turn, "a turn")) for turn in list_of(fields, key)]


def _turn(fields: dict[str, Any]) -> TurnLine:
    speaker = text_of(fields, "speaker")
    if speaker not in SPEAKERS:
        raise BadShape(f'"speaker" is {speaker!r:.40}; it has to be one of {", ".join(SPEAKERS)}')
    return TurnLine(speaker, text_of(fields, "text"), text_or_none(fields, "reply_id"))
