"""Identity resolution: shoppers of two channels who are one person; bots and staff left out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from feedback.db import Database, Exposure, Identity, Uncounted, check_choice, insert_once

REASONS: Final = ("bot", "staff")
LARGEST_HOUSEHOLD: Final = 2  # shoppers behind one address; with more it is a shared mailbox


def leave_out(db: Database, shopper_ids: Iterable[str], reason: str, now: datetime) -> int:
    """Keep bots or staff out of every figure from now on, past weeks included.

    Returns:
        How many were not left out before.

    Raises:
        BadChoice: the reason is neither "bot" nor "staff".
    """
    check_choice("reason", reason, REASONS)
    with db.transaction() as session:
        return sum(
            insert_once(session, Uncounted(shopper_id=each, reason=reason, at=now))
            for each in dict.fromkeys(shopper_ids)
        )


def link_same_person(session: Session, kind: str, value: str) -> None:
    """Count shoppers of two channels who gave the same address as one person.

    The one exposed first stays in their arm, and the other joins them there, from that first
    moment on: what a person saw first is what they were dealt. Two shoppers on one channel are left
    apart: that may be a household.
    """
    shoppers = list(
        session.exec(
            select(Identity.shopper_id)
            .where(Identity.kind == kind, Identity.value == value)
            .limit(LARGEST_HOUSEHOLD + 1)
        )
    )
    if len(shoppers) != LARGEST_HOUSEHOLD:
        return
    exposures = list(
        session.exec(
            select(Exposure)
            .where(col(Exposure.shopper_id).in_(shoppers))
            .order_by(col(Exposure.exposed_at), col(Exposure.shopper_id))
            .with_for_update()
        )
    )
    for experiment in sorted({each.experiment for each in exposures}):
        pair = [each for each in exposures if each.experiment == experiment]
        if len(pair) == LARGEST_HOUSEHOLD and pair[0].channel != pair[1].channel:
            _join(*pair)


def persons(session: Session, shopper_ids: Iterable[str]) -> set[str]:
    """The different people behind these shoppers."""
    wanted = list(shopper_ids)
    known = session.exec(
        select(Exposure.shopper_id, Exposure.person_id).where(
            col(Exposure.shopper_id).in_(wanted), col(Exposure.person_id).is_not(None)
        )
    )
    person_of = {shopper: person or shopper for shopper, person in known}
    return {person_of.get(shopper, shopper) for shopper in wanted}


def _join(first: Exposure, later: Exposure) -> None:
    if later.person_id is not None or first.person_id is not None:
        return
    later.person_id = first.shopper_id
    later.arm, later.exposed_at = first.arm, first.exposed_at
