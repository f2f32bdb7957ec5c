"""Training examples for recommendations: what was said before a product was clicked or bought."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from sqlmodel import Session, col, select

from feedback.db import (
    Click,
    Database,
    DialogueTurn,
    Impression,
    Order,
    OrderLine,
    Period,
    Rating,
    Review,
)
from feedback.signals.divided_answers import answering, read_parts
from feedback.signals.evidence import SPEAKERS
from feedback.signals.examples import PER_SHOPPER, clean_turns
from feedback.signals.policy_choice import chosen_by_policy

CLICKED: Final = 1.0
BOUGHT: Final = 2.0  # money says more than a look
BATCH: Final = 5_000  # values a query: SQLite takes at most 32,766

Turns = tuple[tuple[str, str], ...]
T = TypeVar("T")


@dataclass(frozen=True)
class ProductExample:
    """A dialogue so far, and a product that was right."""

    turns: Turns  # (speaker, text), oldest first; the last is the shopper's
    product_id: str
    weight: float
    locale: str
    at: datetime  # of the click
    shopper_id: str = ""


class _Purchase(NamedTuple):
    """A product a shopper bought and kept."""

    shopper_id: str
    product_id: str
    at: datetime


def collect_product_examples(
    db: Database,
    *,
    now: datetime,
    direct_window: timedelta = timedelta(hours=24),
    per_shopper: int = PER_SHOPPER,
) -> list[ProductExample]:
    """Every click on a product that nobody took back, oldest first.

    Several shoppers who chose the same are several examples; one shopper is one, bought before
    clicked.

    Args:
        db: the store.
        now: the end of what is read.
        direct_window: from a click to its purchase, as in the report.
        per_shopper: the most examples one shopper may add.
    """
    with db.reading() as session:
        clicks = _clicks(session, Period(None, now))
        shown, parts = _shown(session, clicks), read_parts(session)
        shoppers = sorted({click.shopper_id for click in clicks})
        purchases = list(_purchases(session, shoppers, Period(None, now)))
        known = _known_values(session, shoppers)
    bought: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for purchase in purchases:
        bought[purchase.shopper_id, purchase.product_id].append(purchase.at)
    by_shopper: defaultdict[str, list[ProductExample]] = defaultdict(list)
    for click in clicks:
        turns, locale = shown.get(click.impression_id, ((), ""))
        turns = answering(parts.get(click.impression_id, ()), click.target, turns)
        cleaned = clean_turns(turns, known.get(click.shopper_id, ()))
        if cleaned:
            times = bought.get((click.shopper_id, click.target), ())
            sold = any(click.clicked_at <= at <= click.clicked_at + direct_window for at in times)
            weight = BOUGHT if sold else CLICKED
            by_shopper[click.shopper_id].append(
                ProductExample(
                    cleaned, click.target, weight, locale, click.clicked_at, click.shopper_id
                )
            )
    kept = (each for theirs in by_shopper.values() for each in _strongest(theirs, per_shopper))
    return sorted(kept, key=lambda each: (each.at, each.product_id, each.turns))


def _strongest(examples: Iterable[ProductExample], most: int) -> list[ProductExample]:
    """A shopper's `most` strongest and newest; the same choice after the same words once."""
    strong = sorted(examples, key=lambda each: (each.weight, each.at), reverse=True)
    folded: dict[tuple[Turns, str], ProductExample] = {}
    for example in strong:
        folded.setdefault((example.turns, example.product_id), example)
    return list(folded.values())[:most]


def _clicks(session: Session, period: Period) -> Sequence[Click]:
    return session.exec(
        select(Click)
        .where(Click.kind == "product")
        .where(period.holds(Click.clicked_at))
        .order_by(col(Click.clicked_at), col(Click.click_id))
    ).all()


def _shown(session: Session, clicks: Iterable[Click]) -> dict[str, tuple[Turns, str]]:
    """What had been said before each impression clicked, and its language.

    Left out: what the policy did not choose for these words, what the staff called wrong, and
    dialogues with a thumbs-down, as in `examples`.
    """
    ids = sorted({click.impression_id for click in clicks})
    impressions = [
        impression
        for part in _batches(ids)
        for impression in session.exec(
            select(Impression).where(col(Impression.impression_id).in_(part))
        )
    ]
    dialogues = sorted({impression.dialogue_id for impression in impressions})
    before, disliked = _turns_before(session, dialogues), _disliked(session, dialogues)
    wrong = _called_wrong(session, ids)
    return {
        each.impression_id: (before[each.impression_id], each.locale)
        for each in impressions
        if each.impression_id in before
        and chosen_by_policy(each)
        and each.impression_id not in wrong
        and each.dialogue_id not in disliked
    }


def _turns_before(session: Session, dialogue_ids: Sequence[str]) -> dict[str, Turns]:
    """What had been said in the dialogues, up to the turn that each impression answered."""
    said: defaultdict[str, list[DialogueTurn]] = defaultdict(list)
    for part in _batches(dialogue_ids):
        for turn in session.exec(
            select(DialogueTurn)
            .where(col(DialogueTurn.dialogue_id).in_(part))
            .order_by(col(DialogueTurn.turn_id))
        ):
            said[turn.dialogue_id].append(turn)
    return {
        turn.impression_id: tuple(
            (SPEAKERS[earlier.speaker], earlier.text)
            for earlier in turns
            if (earlier.turn_id or 0) <= turn.answers_turn_id
        )
        for turns in said.values()
        for turn in turns
        if turn.impression_id and turn.answers_turn_id
    }


def _disliked(session: Session, dialogue_ids: Sequence[str]) -> set[str]:
    return {
        dialogue_id
        for part in _batches(dialogue_ids)
        for dialogue_id in session.exec(
            select(Impression.dialogue_id)
            .join(Rating, col(Rating.impression_id) == col(Impression.impression_id))
            .where(Rating.value == "down")
            .where(col(Impression.dialogue_id).in_(part))
        )
    }


def _called_wrong(session: Session, impression_ids: Sequence[str]) -> set[str]:
    """The impressions whose last review is a rejection or a correction."""
    verdicts: dict[str, str] = {}
    for part in _batches(impression_ids):
        for review in session.exec(
            select(Review)
            .where(col(Review.impression_id).in_(part))
            .order_by(col(Review.reviewed_at))
        ):
            verdicts[review.impression_id] = review.verdict
    return {id_ for id_, verdict in verdicts.items() if verdict in ("rejected", "corrected")}


def _purchases(session: Session, shoppers: Sequence[str], period: Period) -> Iterator[_Purchase]:
    """What the shoppers bought; what was wholly refunded, they did not."""
    kept = {
        (order.source, order.order_id): order
        for part in _batches(shoppers)
        for order in session.exec(
            select(Order)
            .where(col(Order.shopper_id).in_(part))
            .where(period.holds(Order.placed_at))
            .where(col(Order.sale))
            .where(col(Order.total) - col(Order.gift_cards) > col(Order.refunded))
        )
    }
    for part in _batches(sorted({order_id for _, order_id in kept})):
        for line in session.exec(select(OrderLine).where(col(OrderLine.order_id).in_(part))):
            if order := kept.get((line.source, line.order_id)):
                yield _Purchase(order.shopper_id or "", line.product_id, order.placed_at)


def _known_values(session: Session, shoppers: Sequence[str]) -> Mapping[str, list[str]]:
    """The numbers of the shoppers' orders and parcels."""
    known: defaultdict[str, list[str]] = defaultdict(list)
    for part in _batches(shoppers):
        for order in session.exec(select(Order).where(col(Order.shopper_id).in_(part))):
            values = (order.number, order.tracking)
            known[order.shopper_id or ""] += [value for value in values if value]
    return known


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
