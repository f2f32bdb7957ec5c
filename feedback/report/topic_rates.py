"""The measures by topic: what shoppers of each arm did who first asked about it in the week.

A topic is known by the shopper's own words, before any answer; so arms can be compared within it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Dialogue, Exposure
from feedback.report.parts import Group
from feedback.report.topics import QuestionGroup
from feedback.sales import Bought

BATCH = 2_000


class _Talk(NamedTuple):
    person_id: str
    arm: str
    started_at: datetime


@dataclass
class _Sums:
    people: set[str] = field(default_factory=set)
    buyers: set[str] = field(default_factory=set)
    orders: int = 0
    revenue: Decimal = Decimal(0)
    shown: int = 0
    clicked: int = 0


def rates_by_topic(
    session: Session,
    topics: Sequence[QuestionGroup],
    orders: Iterable[Bought],
    currency: str | None,
) -> tuple[Group, ...]:
    """A row for each topic and arm, topics as they come, the holdout after the champion.

    Args:
        session: reads the dialogues.
        topics: with the week's questions, newest first; those of the time before are passed over.
        orders: bought in the same time, with a shopper.
        currency: in which revenue is summed.
    """
    talks = _talks(session, {each.dialogue_id for topic in topics for each in topic.asked})
    first = _first_topics(topics, talks)
    sums: defaultdict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for topic in topics:
        for asked in topic.asked:
            if asked.this_week and (talk := talks.get(asked.dialogue_id)):
                row = sums[topic.name, talk.arm]
                row.shown += 1
                row.clicked += asked.clicked
    for person, (name, talk) in first.items():
        sums[name, talk.arm].people.add(person)
    for order in orders:
        name, talk = first.get(order.shopper_id, ("", None))
        if talk is None or not order.sale or order.placed_at < talk.started_at:
            continue
        row = sums[name, talk.arm]
        row.buyers.add(order.shopper_id)
        if order.currency == currency:
            row.orders += 1
            row.revenue += order.net
    place = {topic.name: number for number, topic in enumerate(topics)}
    return tuple(
        _group(name, arm, sums[name, arm])
        for name, arm in sorted(sums, key=lambda key: (place[key[0]], key[1]))
    )


def _first_topics(
    topics: Sequence[QuestionGroup], talks: Mapping[str, _Talk]
) -> dict[str, tuple[str, _Talk]]:
    """The topic each person asked about first."""
    first: dict[str, tuple[str, _Talk]] = {}
    for topic in topics:
        for asked in topic.asked:
            talk = talks.get(asked.dialogue_id)
            if talk is None or not asked.this_week:
                continue
            known = first.get(talk.person_id)
            if known is None or talk.started_at < known[1].started_at:
                first[talk.person_id] = (topic.name, talk)
    return first


def _talks(session: Session, dialogue_ids: Iterable[str]) -> dict[str, _Talk]:
    wanted = sorted(dialogue_ids)
    found: dict[str, _Talk] = {}
    for start in range(0, len(wanted), BATCH):
        rows = session.exec(
            select(
                Dialogue.dialogue_id, Dialogue.shopper_id, Dialogue.arm, Dialogue.started_at
            ).where(col(Dialogue.dialogue_id).in_(wanted[start : start + BATCH]))
        ).all()
        person_of = dict(
            session.exec(
                select(Exposure.shopper_id, Exposure.person_id).where(
                    col(Exposure.shopper_id).in_([row[1] for row in rows]),
                    col(Exposure.person_id).is_not(None),
                )
            ).all()
        )
        for dialogue_id, shopper_id, arm, at in rows:
            found[dialogue_id] = _Talk(person_of.get(shopper_id) or shopper_id, arm, at)
    return found


def _group(name: str, arm: str, sums: _Sums) -> Group:
    people = len(sums.people)
    return Group(
        value=name,
        arm=arm,
        shoppers=people,
        orders=sums.orders,
        rps=float(sums.revenue) / people if people else None,
        cvr=len(sums.buyers) / people if people else None,
        aov=float(sums.revenue) / sums.orders if sums.orders else None,
        ctr=sums.clicked / sums.shown if sums.shown else None,
    )
