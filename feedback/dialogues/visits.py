"""Visits: everybody who sees a page of the shop, dealt the chat's button or none of it.

An experiment of its own beside the chat's. Who is dealt no clerk never chats, so a visitor is a
browser: it names itself by random letters, of which the id here is a keyed hash. Should they chat,
the shopper of the chat is counted as the same person, and their orders with the visit.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session, col, update

from feedback.db import Database, Exposure, Shopper, insert_once
from feedback.dialogues.exposure_traits import ExposureTraits

VISITORS: Final = "visitors"  # names the experiment's exposures, its shares and its plan
NO_CLERK: Final = "none"
WITH_CLERK: Final = "clerk"


class Visit(NamedTuple):
    """A visitor, and whether the button is shown to them."""

    shopper_id: str | None  # None: nobody is held out, and nobody is counted
    shown: bool


class Visits:
    """Deals visitors, and keeps who they were."""

    def __init__(self, db: Database, deal: Callable[[str], str | None], key: bytes) -> None:
        """Work on `db`.

        Args:
            db: the store.
            deal: the arm of an id; None: everybody is shown the button by now.
            key: makes ids of the names that browsers give themselves.
        """
        self.db = db
        self._deal = deal
        self._key = key

    def meet(self, name: str, traits: ExposureTraits, now: datetime) -> Visit:
        """A page view of a browser: its first one is the exposure, in either arm."""
        shopper_id = self.id_of(name)
        arm = self._deal(shopper_id)
        if arm is None:
            return Visit(None, shown=True)
        with self.db.reading() as session:
            known = session.get(Exposure, (VISITORS, shopper_id))
        if known is None:
            with self.db.transaction() as session:
                insert_once(session, Shopper(shopper_id=shopper_id, created_at=now))
                exposure = Exposure(
                    experiment=VISITORS, shopper_id=shopper_id, arm=arm, channel="web",
                    exposed_at=now, engaged=False, **traits._asdict(),
                )  # fmt: skip
                insert_once(session, exposure)
                known = session.get_one(Exposure, (VISITORS, shopper_id))
        return Visit(shopper_id, known.arm != NO_CLERK)

    def moved_a_hand(self, name: str) -> None:
        """The browser scrolled, pointed or typed: somebody sits before it."""
        with self.db.transaction() as session:
            session.execute(
                update(Exposure)
                .where(col(Exposure.experiment) == VISITORS)
                .where(col(Exposure.shopper_id) == self.id_of(name))
                .values(engaged=True)
            )

    def chats(self, name: str, shopper_id: str) -> None:
        """A shopper of the chat is this visitor: their orders count where the visit was dealt."""
        with self.db.transaction() as session:
            visit = session.get(Exposure, (VISITORS, self.id_of(name)))
            if visit is None:
                return
            linked = Exposure(
                experiment=VISITORS, shopper_id=shopper_id, arm=visit.arm, channel="web",
                exposed_at=visit.exposed_at, person_id=visit.shopper_id,
            )  # fmt: skip
            insert_once(session, linked)

    def id_of(self, name: str) -> str:
        """The id of a browser's name: nobody can name somebody else's id."""
        return f"v-{hmac.digest(self._key, name.encode(), hashlib.sha256).hex()[:32]}"


def visits_of(session: Session, shopper_id: str) -> list[str]:
    """The ids of the visitor who chats as this shopper: none, or one."""
    exposure = session.get(Exposure, (VISITORS, shopper_id))
    return [exposure.person_id] if exposure and exposure.person_id else []
