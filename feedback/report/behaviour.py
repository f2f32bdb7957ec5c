"""Behaviour of shoppers in a week and the one before: their topics, thumbs and hand-overs."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, func, or_, select as sql_select
from sqlmodel import Session, col, select

from feedback.db import (
    Click,
    DialogueTurn,
    Impression,
    Period,
    Rating,
    Uncounted,
    rounded,
)
from feedback.redaction import redact
from feedback.report.opinions import LONGEST, SHOWN, comments_of, disliked, unkind
from feedback.report.parts import Behaviour, Group, ShopperQuote, Topic
from feedback.report.sentiment import sentiment
from feedback.report.topic_rates import rates_by_topic
from feedback.report.topics import AskedQuestion, QuestionGroup, group, word_vectors
from feedback.sales import Bought, Conversion, dialogues_of

Embed = Callable[[Sequence[str]], Any]

MOST_QUESTIONS: Final = 2_000  # a week, newest first: past it topics get slower, not clearer
WEEK: Final = timedelta(days=7)
UNSURE: Final = 0.5  # confidence under which an answer was a guess


class _Sample(NamedTuple):
    questions: list["_Question"]
    weight: float  # how many questions each of them stands for


class _Question(NamedTuple):
    asked: AskedQuestion
    kind: str
    reply_id: str | None
    confidence: float


def behaviour_of(
    session: Session,
    period: Period,
    converted: Iterable[Conversion],
    currency: str | None,
    embed: Embed | None,
    orders: Iterable[Bought] = (),
) -> tuple[Behaviour, tuple[Group, ...]]:
    """Topics, questions without a good reply, disliked replies, comments, times to answer.

    Beside it the measures by topic.

    Args:
        session: reads the store.
        period: the time told of.
        converted: credited orders, for what each topic earned (attributed, not caused).
        currency: in which that is summed.
        embed: the model's vectors; None, or an answer of None: words stand in.
        orders: bought in the period, for the measures by topic.
    """
    middle = period.since or period.until - WEEK
    now = _questions(session, Period(middle, period.until), this_week=True)
    earlier = Period(middle - (period.until - middle), middle)
    before = _questions(session, earlier, this_week=False)
    questions = [*now.questions, *before.questions]
    texts = [question.asked.text for question in questions]
    vectors = embed(texts) if embed and texts else None
    by = "" if not texts else "words" if vectors is None else "model"
    grouped = group(
        [question.asked for question in questions],
        word_vectors(texts, [question.reply_id for question in questions])
        if vectors is None
        else vectors,
    )
    earned = _earned(session, converted, currency)
    comments = comments_of(session, period)
    behaviour = Behaviour(
        topics=tuple(_topic(one, earned, currency, now.weight, before.weight) for one in grouped),
        unanswered=_unanswered(questions),
        disliked=disliked(session, period),
        comments=dict(Counter(sentiment(text, thumb) for text, thumb, _ in comments)),
        comment_examples=tuple(unkind(comments)),
        answer_ms=_median(_rank_ms(session, period)),
        staff_minutes=_median(_staff_minutes(session, period)),
        topics_by=by,
    )
    return behaviour, rates_by_topic(session, grouped, orders, currency)


def _questions(session: Session, period: Period, *, this_week: bool) -> _Sample:
    """The newest questions of the period, and how many questions each of them stands for."""
    condition = and_(
        period.holds(Impression.shown_at),
        col(Impression.shopper_id).not_in(select(Uncounted.shopper_id)),
        # Handed over by rule: the button "Talk to a person", or abuse. Neither asks anything.
        or_(col(Impression.kind) != "handover", col(Impression.served_by) != "policy"),
    )
    answered = col(DialogueTurn.impression_id) == col(Impression.impression_id)
    columns = (
        col(Impression.impression_id), col(Impression.dialogue_id), col(Impression.kind),
        col(Impression.reply_id), col(Impression.confidence), col(Impression.locale),
        col(DialogueTurn.answers_turn_id),
    )  # fmt: skip
    rows = session.execute(
        sql_select(*columns)
        .join(DialogueTurn, answered)
        .where(condition)
        .order_by(col(Impression.shown_at).desc(), col(Impression.impression_id))
        .limit(MOST_QUESTIONS)
    ).all()
    whole = len(rows)
    if whole == MOST_QUESTIONS:
        whole = session.execute(
            sql_select(func.count()).select_from(Impression).where(condition)
        ).scalar_one()
    turns = _texts(session, [row[6] for row in rows if row[6]])
    shown_ids = [row[0] for row in rows]
    down = _those_with(session, shown_ids, Rating.impression_id, Rating.value == "down")
    clicked = _those_with(session, shown_ids, Click.impression_id)
    found = []
    for shown_id, dialogue_id, kind, reply_id, confidence, locale, turn_id in rows:
        redacted = redact(turns.get(turn_id, ""))
        if redacted.text.strip() and not redacted.quarantined:
            text = redacted.text.strip()[:LONGEST]
            handed = kind == "handover"
            asked = AskedQuestion(
                text,
                dialogue_id,
                this_week,
                handed,
                shown_id in down,
                shown_id in clicked,
                locale,
            )
            found.append(_Question(asked, kind, reply_id, confidence))
    return _Sample(found, whole / len(rows) if rows else 1.0)


def _topic(
    grouped: QuestionGroup,
    earned: Mapping[str, tuple[set[str], Decimal]],
    currency: str | None,
    weight: float,
    before: float,
) -> Topic:
    now = [one for one in grouped.asked if one.this_week]
    dialogues = {one.dialogue_id for one in now}
    orders = {order for each in dialogues for order in earned.get(each, (set(), 0))[0]}
    money = sum((earned[each][1] for each in dialogues if each in earned), Decimal(0))
    return Topic(
        name=grouped.name,
        questions=round(len(now) * weight),
        before=round((len(grouped.asked) - len(now)) * before),
        handed_over=round(sum(one.handed_over for one in now) * weight),
        down=round(sum(one.down for one in now) * weight),
        example=grouped.example,
        orders=len(orders),
        revenue=str(rounded(money, currency)),
        examples=grouped.examples,
    )


def _unanswered(questions: Sequence[_Question]) -> tuple[ShopperQuote, ...]:
    """Questions handed over, or answered with little confidence, the commonest first."""
    poor: Counter[str] = Counter()
    words: dict[str, str] = {}
    for question in questions:
        unsure = question.confidence < UNSURE and question.kind != "ask"
        if question.asked.this_week and (question.kind == "handover" or unsure):
            plain = " ".join(question.asked.text.lower().split()).rstrip("?!.？！。")
            words.setdefault(plain, question.asked.text)
            poor[plain] += 1
    ranked = sorted(poor, key=lambda plain: (-poor[plain], plain))[:SHOWN]
    return tuple(ShopperQuote(words[plain], poor[plain]) for plain in ranked)


def _earned(
    session: Session, converted: Iterable[Conversion], currency: str | None
) -> dict[str, tuple[set[str], Decimal]]:
    """The orders and the money of each dialogue that assisted one."""
    assisted = [each for each in converted if each.kind == "assisted"]
    dialogue_of = dialogues_of(session, (each.impression_id for each in assisted))
    earned: dict[str, tuple[set[str], Decimal]] = {}
    for each in assisted:
        orders, money = earned.get(dialogue_of[each.impression_id], (set(), Decimal(0)))
        ours = each.amount if each.currency == currency else Decimal(0)
        earned[dialogue_of[each.impression_id]] = (orders | {each.order_id}, money + ours)
    return earned


def _rank_ms(session: Session, period: Period) -> list[float]:
    rows = session.exec(
        select(Impression.rank_ms)
        .where(period.holds(Impression.shown_at), Impression.served_by == "model")
        .order_by(col(Impression.shown_at).desc())
        .limit(MOST_QUESTIONS)
    )
    return [value for value in rows if value]


def _staff_minutes(session: Session, period: Period) -> list[float]:
    """From each hand-over of the period to the first word of a person after it."""
    rows = session.exec(
        select(Impression.dialogue_id, Impression.shown_at)
        .where(period.holds(Impression.shown_at), Impression.kind == "handover")
        .order_by(col(Impression.shown_at).desc())
        .limit(MOST_QUESTIONS)
    )
    handed = dict(rows.all())  # of several hand-overs the first
    minutes = []
    for ids in _batches(sorted(handed)):
        first: dict[str, datetime] = {}
        for dialogue_id, at in session.exec(
            select(DialogueTurn.dialogue_id, DialogueTurn.at)
            .where(col(DialogueTurn.dialogue_id).in_(ids), DialogueTurn.speaker == "staff")
            .order_by(col(DialogueTurn.at))
        ):
            if at >= handed[dialogue_id]:
                first.setdefault(dialogue_id, at)
        minutes += [(at - handed[each]).total_seconds() / 60 for each, at in first.items()]
    return minutes


def _texts(session: Session, turn_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ids in _batches(turn_ids):
        rows = session.exec(
            select(DialogueTurn.turn_id, DialogueTurn.text).where(
                col(DialogueTurn.turn_id).in_(ids)
            )
        )
        found.update((turn_id or 0, text) for turn_id, text in rows)
    return found


def _those_with(
    session: Session, impression_ids: Sequence[str], signal: Any, *conditions: Any
) -> set[str]:
    """Of these impressions those that have a click, or a thumb, as asked for."""
    found: set[str] = set()
    for ids in _batches(impression_ids):
        found.update(session.exec(select(signal).where(col(signal).in_(ids), *conditions)))
    return found


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 1) if values else None


def _batches(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), MOST_QUESTIONS):
        yield values[start : start + MOST_QUESTIONS]
