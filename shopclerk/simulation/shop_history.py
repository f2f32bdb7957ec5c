"""A made-up shop's history under a planted uplift: shoppers with needs, answers, clicks, purchases.

It is both the demonstration and the proof: everything is written into the real tables, and the
report that reads them knows nothing of what was planted. The champion's shoppers buy `1 + uplift`
times as often as the holdout's, and for the same amounts; all else follows from who answers.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import func, insert, select

from feedback.db import (
    Click,
    Database,
    Dialogue,
    DialogueTurn,
    Exposure,
    Impression,
    Order,
    OrderLine,
    Rating,
    Refund,
    Shopper,
    Uncounted,
)
from feedback.experiments import HOLDOUT, ShareLog, assign
from shopclerk.simulation.rows import TABLES, Rows, row
from shopclerk.simulation.shop_world import Need, PlantedHistory, Ware, World

CHUNK: Final = 2_000  # shoppers a transaction
RIGHT: Final = {HOLDOUT: 0.62, "champion": 0.88}  # how often the reply fits the need
HANDED: Final = {HOLDOUT: 0.22, "champion": 0.10}
OFFERED, CLICKED, RETURNING, RATED, COMMENTED = 0.3, 0.25, 0.09, 0.25, 0.2
UNMATCHED, REFUNDED, CANCELLED, BOTS = 0.15, 0.05, 0.02, 0.003
GROWS: Final = 3.0  # how many times as often the growing need comes up at the end as at first
NIGHT_HOURS: Final = 7  # nobody comes before seven
KIND_COMMENTS: Final = {
    "en": ("Great, thanks!", "quick and clear"),
    "zh": ("谢谢，很清楚", "很快，不错"),
}
UNKIND_COMMENTS: Final = {
    "en": ("that is not what I asked", "still not helpful, mail me at jo@home.example"),
    "zh": ("答非所问，没用", "看不懂"),
}


def simulate(
    db: Database,
    world: World,
    planted: PlantedHistory,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write the planted shoppers into the store, spread over the weeks before its end.

    Args:
        db: the store, migrated.
        world: needs, wares and shares.
        planted: how many shoppers, when, and what the champion adds.
        progress: told how many shoppers are written.
    """
    shoppers, until = planted.shoppers, planted.until
    start = until - timedelta(weeks=planted.weeks)
    ShareLog(db, planted.experiment).record(world.shares, start, reason="simulation")
    with db.reading() as session:
        last = session.execute(select(func.max(DialogueTurn.turn_id))).scalar_one() or 0
    chance = random.Random(planted.seed)  # noqa: S311 - shoppers, not secrets
    shop = _Shop(world, planted.experiment, planted.uplift, start, until, chance, last)
    for first in range(0, shoppers, CHUNK):
        rows: Rows = {table: [] for table in TABLES}
        for number in range(first, min(first + CHUNK, shoppers)):
            shop.add(rows, number, number / shoppers)
        with db.transaction() as session:
            for table in TABLES:
                if rows[table]:
                    session.execute(insert(table), rows[table])
        progress(min(first + CHUNK, shoppers))


class _Visit(NamedTuple):
    """One dialogue of a shopper, as it goes on."""

    shopper_id: str
    dialogue_id: str
    arm: str
    need: Need
    at: datetime


class _ShownAnswer(NamedTuple):
    """What the clerk shows in a dialogue."""

    impression_id: str
    kind: str
    confidence: float
    reply: Need | None = None
    products: Sequence[Ware] = ()


class _Shop:
    def __init__(
        self,
        world: World,
        experiment: str,
        uplift: float,
        start: datetime,
        until: datetime,
        chance: random.Random,
        first_turn: int,
    ) -> None:
        self.world, self.experiment, self.chance = world, experiment, chance
        self.start, self.until = start, until
        self.cvr = {HOLDOUT: world.cvr, "champion": min(1.0, world.cvr * (1 + uplift))}
        self.growing = world.needs[0].reply_id
        self.salt = f"{chance.getrandbits(64):016x}"
        self.orders = 0
        self.turns = first_turn

    def add(self, rows: Rows, number: int, place: float) -> None:
        """A shopper who comes at `place` of the way through the weeks."""
        shopper_id = f"sim-{self.salt}-{number:07d}"
        at = self._hour(self.start + (self.until - self.start) * place)
        arm = assign(shopper_id, salt=self.experiment, shares=self.world.shares)
        rows[Shopper].append({"shopper_id": shopper_id, "created_at": at})
        rows[Exposure].append(
            {"experiment": self.experiment, "shopper_id": shopper_id, "arm": arm,
             "channel": "web", "exposed_at": at, "person_id": None}
        )  # fmt: skip
        if self.chance.random() < BOTS:
            rows[Uncounted].append({"shopper_id": shopper_id, "reason": "bot", "at": at})
        visit = _Visit(shopper_id, f"d-{shopper_id}", arm, self._need(place), at)
        clicked = self._talk(rows, visit)
        if self.chance.random() < self.cvr[arm]:
            self._buy(rows, visit, clicked)
        if self.chance.random() < RETURNING:  # some come back with something else
            later = at + timedelta(hours=20 + 60 * self.chance.random())
            if later < self.until:
                self._talk(rows, visit._replace(dialogue_id=f"e-{shopper_id}", at=later,
                                                need=self._need(place)))  # fmt: skip

    def _hour(self, at: datetime) -> datetime:
        """The same day at an hour at which people are awake, and before the end."""
        awake = at.replace(hour=NIGHT_HOURS + int(self.chance.random() * (24 - NIGHT_HOURS)))
        return min(awake, self.until - timedelta(minutes=1))

    def _need(self, place: float) -> Need:
        while True:
            need = self.chance.choice(self.world.needs)
            common = 1 / GROWS + (1 - 1 / GROWS) * place if need.reply_id == self.growing else 1.0
            if self.chance.random() < common:
                return need

    def _talk(self, rows: Rows, visit: _Visit) -> Ware | None:
        chance, need = self.chance, visit.need
        handed = chance.random() < HANDED[visit.arm]
        right = chance.random() < RIGHT[visit.arm]
        other = need if right else chance.choice(self.world.needs)
        shown = f"i-{visit.dialogue_id}"
        minutes = timedelta(minutes=1)
        self._turn(rows, visit, "shopper", need.question, visit.at)
        answer = (
            _ShownAnswer(shown, "handover", chance.uniform(0.2, 0.5))
            if handed
            else _ShownAnswer(shown, "answer", chance.uniform(0.6, 1.0), other)
        )
        self._show(rows, visit, answer, visit.at + timedelta(milliseconds=40))
        last = visit.at + timedelta(milliseconds=40)
        if handed and chance.random() < 0.9:
            last = visit.at + minutes * (2 + 30 * chance.random())
            self._turn(rows, visit, "staff", need.reply, last, author="Robin")
        elif not handed and chance.random() < RATED:
            self._rate(rows, visit, shown, liked=chance.random() < (0.9 if right else 0.2))
        clicked = None
        if chance.random() < OFFERED:
            last = max(last, visit.at + minutes)
            clicked = self._offer(rows, visit, last + minutes)
            last += minutes
        rows[Dialogue].append(
            row(
                Dialogue,
                dialogue_id=visit.dialogue_id, shopper_id=visit.shopper_id, channel="web",
                locale=need.locale, arm=visit.arm, state="done" if handed else "clerk",
                handover_reason="unsure" if handed else None, started_at=visit.at, last_at=last,
            )
        )  # fmt: skip
        return clicked

    def _show(self, rows: Rows, visit: _Visit, answer: _ShownAnswer, at: datetime) -> None:
        model, reply = visit.arm != HOLDOUT, answer.reply
        text = reply.reply if reply else "…"
        products = [{"product_id": one.product_id, "title": one.title} for one in answer.products]
        rows[Impression].append(
            row(
                Impression,
                impression_id=answer.impression_id, dialogue_id=visit.dialogue_id,
                shopper_id=visit.shopper_id, arm=visit.arm, kind=answer.kind,
                reply_id=reply.reply_id if reply else None, text=text, locale=visit.need.locale,
                confidence=answer.confidence, rank_ms=self.chance.uniform(2, 6),
                products=products, model_version=1 if model else None,
                served_by="model" if model else "keywords",
                shown_at=at,
            )
        )  # fmt: skip
        question = rows[DialogueTurn][-1]["turn_id"]
        self._turn(rows, visit, "clerk", text, at, impression_id=answer.impression_id)
        rows[DialogueTurn][-1]["answers_turn_id"] = question

    def _offer(self, rows: Rows, visit: _Visit, at: datetime) -> Ware | None:
        offered = self.chance.sample(list(self.world.wares), k=min(3, len(self.world.wares)))
        shown = f"p-{visit.dialogue_id}"
        self._turn(rows, visit, "shopper", offered[0].title, at)
        self._show(rows, visit, _ShownAnswer(shown, "products", 0.9, products=offered), at)
        if self.chance.random() >= CLICKED * (1.3 if visit.arm != HOLDOUT else 1.0):
            return None
        rows[Click].append(
            {"click_id": f"c-{shown}", "impression_id": shown, "shopper_id": visit.shopper_id,
             "kind": "product", "target": offered[0].product_id,
             "clicked_at": at + timedelta(seconds=20)}
        )  # fmt: skip
        return offered[0]

    def _rate(self, rows: Rows, visit: _Visit, shown: str, *, liked: bool) -> None:
        comment = None
        if self.chance.random() < COMMENTED:
            words = KIND_COMMENTS if liked else UNKIND_COMMENTS
            comment = self.chance.choice(words[visit.need.locale])
        rows[Rating].append(
            {"impression_id": shown, "voter": visit.shopper_id, "value": "up" if liked else "down",
             "comment": comment, "rated_at": visit.at + timedelta(minutes=1)}
        )  # fmt: skip

    def _buy(self, rows: Rows, visit: _Visit, clicked: Ware | None) -> None:
        chance = self.chance
        at = visit.at + timedelta(hours=0.2 + min(150.0, chance.expovariate(1 / 18)))
        if at >= self.until:
            return
        self.orders += 1
        order_id = f"sim-{self.salt}-{self.orders}"
        wares = [clicked or chance.choice(self.world.wares)]
        wares += chance.choices(self.world.wares, k=int(chance.expovariate(1.2)))
        matched = chance.random() >= UNMATCHED
        cancelled = chance.random() < CANCELLED
        total = sum((one.price for one in wares), Decimal(0))
        bridge = chance.choice(("token", "token", "cart", "email")) if matched else None
        refunded = chance.random() < REFUNDED and not cancelled
        rows[Order].append(
            row(
                Order,
                order_id=order_id, number=f"S{self.orders}", source="orders",
                shopper_id=visit.shopper_id if matched else None,
                bridge=bridge,
                status="cancelled" if cancelled else "paid", sale=not cancelled,
                refunded=wares[0].price if refunded else Decimal(0),
                cancelled_at=at + timedelta(hours=1) if cancelled else None,
                placed_at=at, currency=self.world.currency, total=total, updated_at=at,
            )
        )  # fmt: skip
        rows[OrderLine] += [
            {"source": "orders", "order_id": order_id, "position": place,
             "product_id": one.product_id, "title": one.title, "quantity": 1, "price": one.price}
            for place, one in enumerate(wares)
        ]  # fmt: skip
        if refunded:
            rows[Refund].append(
                row(
                    Refund,
                    source="orders", refund_id=f"r-{order_id}", order_id=order_id,
                    amount=wares[0].price, currency=self.world.currency,
                    refunded_at=at + timedelta(days=2),
                )
            )  # fmt: skip

    def _turn(
        self, rows: Rows, visit: _Visit, speaker: str, text: str, at: datetime, *,
        impression_id: str | None = None, author: str | None = None,
    ) -> None:  # fmt: skip
        rows[DialogueTurn].append(
            row(
                DialogueTurn,
                turn_id=self._next_turn(), dialogue_id=visit.dialogue_id, speaker=speaker,
                text=text, author=author, impression_id=impression_id, at=at,
            )
        )  # fmt: skip

    def _next_turn(self) -> int:
        self.turns += 1
        return self.turns
