"""The shoppers and staff of the simulated loop: what they ask, and what they make of the answer.

Nobody tells the clerk what was right but through what a real shop has: a thumb or a choice pressed
now and then, one in ten of them wrong, a sale somewhat likelier after a right answer, a few answers
judged by the staff, and the hand-overs they answer. Everything is written into the real tables.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from bot.conversation import Explorer, Policy
from feedback.db import (
    Click,
    Database,
    Exposure,
    Impression,
    Order,
    Rating,
    Review,
    Shopper,
    insert_once,
)
from feedback.desk import Sheets
from feedback.experiments import CHAMPION
from feedback.knowledge import QuestionLine
from serving.ranker import Ranking
from shopclerk.simulation.answered import write_answered

EXPERIMENT: Final = "simulation"
STAFF: Final = "staff"


@dataclass(frozen=True)
class Habits:
    """How the population behaves; shares from 0 to 1."""

    rated: float = 0.25
    wrongly: float = 0.10  # thumbs that say the opposite of what was the case
    pressed: float = 0.6  # of those whose reply is among the choices offered, who press it
    buys_if_right: float = 0.08
    buys_otherwise: float = 0.03
    reviewed: int = 40  # answers that the staff judge in each round, from the daily sheets
    answered: float = 0.5  # of the dialogues handed over, with a reply of the book; else otherwise
    poisoned: float = 0.0  # shoppers who always thumb up `poison`, whatever they asked
    poison: str | None = None


class Asked(NamedTuple):
    """A question with its true reply, and who asks."""

    shopper_id: str
    line: QuestionLine
    poisons: bool


def askers(
    lines: Sequence[QuestionLine], habits: Habits, chance: random.Random, prefix: str
) -> list[Asked]:
    """Each question once, by a shopper of its own."""
    return [
        Asked(f"{prefix}-{number:06d}", line, chance.random() < habits.poisoned)
        for number, line in enumerate(lines)
    ]


class DealtRanking(NamedTuple):
    """What a shopper is answered by."""

    ranking: Ranking
    arm: str = CHAMPION


@dataclass(frozen=True)
class ShopLife:
    """A shop with its shoppers and staff, as they live week after week."""

    db: Database
    habits: Habits
    chance: random.Random
    explorer: Explorer
    policy: Policy = field(default_factory=Policy)

    def week(self, asked: Sequence[Asked], served: Sequence[DealtRanking], start: datetime) -> None:
        """Everybody asks, is answered by the policy, and reacts; then the staff judge."""
        self.talk(asked, served, start)
        self.judge(asked, start)

    def lived(self, asked: Sequence[Asked]) -> bool:
        """Whether these people have talked already."""
        with self.db.reading() as session:
            return bool(asked) and session.get(Shopper, asked[0].shopper_id) is not None

    def talk(self, asked: Sequence[Asked], served: Sequence[DealtRanking], start: datetime) -> None:
        """Everybody asks, is answered by the policy, and reacts: all of it, or nothing."""
        step = timedelta(days=6) / max(len(asked), 1)
        with self.db.transaction() as session:
            for number, (who, by) in enumerate(zip(asked, served, strict=True)):
                at = start + number * step
                answer = _answer(by.ranking, self.policy, self.explorer)
                shown = write_answered(session, who.shopper_id, who.line, answer, at, by.arm)
                session.add(
                    Exposure(
                        experiment=EXPERIMENT, shopper_id=who.shopper_id, arm=by.arm,
                        channel="web", exposed_at=at,
                    )
                )  # fmt: skip
                pressed = _pressed(who, shown, self.habits, self.chance)
                session.add_all(_reactions(who, shown, pressed, self.habits, at, self.chance))

    def judge(self, asked: Sequence[Asked], start: datetime) -> None:
        """The staff judge a sheet of answers, and answer hand-overs; what is judged stays so."""
        _review(self.db, asked, self.habits, start + timedelta(days=6, hours=12), self.chance)


def _answer(ranking: Ranking, policy: Policy, explorer: Explorer) -> dict[str, Any]:
    """What the impression holds of the policy's answer."""
    decision = policy.decide(ranking)
    said = explorer.draw(ranking) if decision.kind == "answer" else None
    offered = decision.candidates if decision.kind == "choices" else ()
    return {
        "kind": decision.kind,
        "reply_id": said.candidate.id if said else None,
        "candidates": [each.record() for each in ranking.candidates[:5]],
        "choices": [{"reply_id": one.id, "title": one.id} for one in offered],
        "confidence": ranking.confidence,
        "propensity": said.probability if said else 1.0,
        "served_by": "model",
        "model_version": ranking.version,
    }


def _pressed(who: Asked, shown: Impression, habits: Habits, chance: random.Random) -> str | None:
    """The choice that the shopper presses: the right one, or a wrong one as often as by thumb."""
    offered = [choice["reply_id"] for choice in shown.choices]
    if who.poisons:
        return habits.poison if habits.poison in offered else None
    if who.line.reply_id not in offered or chance.random() >= habits.pressed:
        return None
    return chance.choice(offered) if chance.random() < habits.wrongly else who.line.reply_id


def _reactions(
    who: Asked,
    shown: Impression,
    pressed: str | None,
    habits: Habits,
    at: datetime,
    chance: random.Random,
) -> list[Click | Rating | Order]:
    """A choice pressed or a thumb, an order, both or neither."""
    later = at + timedelta(minutes=5)
    right = who.line.reply_id in (shown.reply_id, pressed)
    reactions: list[Click | Rating | Order] = []
    if pressed is not None:
        reactions.append(
            Click(
                click_id=f"c-{who.shopper_id}", impression_id=shown.impression_id,
                shopper_id=who.shopper_id, kind="choice", target=pressed, clicked_at=later,
            )
        )  # fmt: skip
    liked = None
    if who.poisons:
        liked = "up" if shown.reply_id == habits.poison else None
    elif shown.reply_id is not None and chance.random() < habits.rated:
        liked = "up" if right != (chance.random() < habits.wrongly) else "down"
    if liked is not None:
        reactions.append(
            Rating(
                impression_id=shown.impression_id, voter=who.shopper_id, value=liked,
                rated_at=later,
            )
        )  # fmt: skip
    if chance.random() < (habits.buys_if_right if right else habits.buys_otherwise):
        reactions.append(
            Order(
                order_id=f"o-{who.shopper_id}", number=f"o-{who.shopper_id}", source="orders",
                shopper_id=who.shopper_id, bridge="token", placed_at=at + timedelta(hours=2),
                currency="USD", total=Decimal("59.90"), updated_at=later,
            )
        )  # fmt: skip
    return reactions


def _review(
    db: Database, asked: Sequence[Asked], habits: Habits, now: datetime, chance: random.Random
) -> None:
    """The staff judge a sheet of answers, and answer what was handed over."""
    truth = {f"i-{who.shopper_id}": who.line.reply_id for who in asked}
    sheets, day = Sheets(db), now.date().isoformat()
    sheets.make(day, now, size=habits.reviewed)
    view = sheets.view(day)
    for item in view.items if view else ():
        right = truth.get(item.impression.impression_id)
        verdict = "approved" if item.impression.reply_id == right else "corrected"
        reply_id = None if verdict == "approved" else right
        sheets.judge(day, item.position, verdict, STAFF, now, reply_id=reply_id)
    with db.reading() as session:
        passed_on = [
            id_
            for id_ in truth
            if (shown := session.get(Impression, id_)) is not None and shown.kind == "handover"
        ]
    named = [id_ for id_ in passed_on if chance.random() < habits.answered]
    with db.transaction() as session:
        for id_ in named:
            review = Review(
                review_id=f"r-{id_}", impression_id=id_, staff=STAFF, verdict="corrected",
                reply_id=truth[id_], reviewed_at=now,
            )  # fmt: skip
            insert_once(session, review)
