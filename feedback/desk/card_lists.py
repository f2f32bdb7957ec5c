"""Lists of cards: mine, unassigned, overdue, waiting for the staff or the shopper, done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, get_args

from sqlmodel import col, select

from feedback.db import Database, DeskCard
from feedback.desk.targets import USUAL_TARGETS, AnswerTargets, standing

CardList = Literal[
    "mine", "unassigned", "overdue", "for_staff", "for_shopper", "snoozed", "open", "done"
]
CARD_LISTS: Final[tuple[CardList, ...]] = get_args(CardList)


class CardLists:
    """The desk's cards by whose turn it is."""

    def __init__(self, db: Database, targets: AnswerTargets = USUAL_TARGETS) -> None:
        """Read from `db`; what is overdue is so by `targets`."""
        self._db = db
        self.targets = targets

    def open_cards(self) -> list[DeskCard]:
        """Cards that are not closed, the oldest first."""
        with self._db.reading() as session:
            return list(
                session.exec(
                    select(DeskCard)
                    .where(DeskCard.state != "closed")
                    .order_by(col(DeskCard.opened_at))
                )
            )

    def done(self, limit: int) -> list[DeskCard]:
        """Cards that were closed, the last one first."""
        with self._db.reading() as session:
            return list(
                session.exec(
                    select(DeskCard)
                    .where(DeskCard.state == "closed")
                    .order_by(col(DeskCard.acted_at).desc())
                    .limit(limit)
                )
            )

    def listed(
        self, wanted: CardList, now: datetime, *, me: str = "", limit: int = 1_000
    ) -> list[DeskCard]:
        """The cards of a list; `me` is the id of who asks."""
        if wanted == "done":
            return self.done(limit)
        return cards_in(wanted, self.open_cards(), now, self.targets, me=me)[:limit]


def cards_in(
    wanted: CardList,
    cards: Sequence[DeskCard],
    now: datetime,
    targets: AnswerTargets,
    *,
    me: str = "",
) -> list[DeskCard]:
    """The cards of a list, what is due first before the rest. Snoozed ones are in theirs alone."""
    stands = {card.card_id: standing(card, now, targets) for card in cards}

    def belongs(card: DeskCard) -> bool:
        turn = stands[card.card_id]
        if turn.snoozed or wanted == "snoozed":
            return turn.snoozed and wanted == "snoozed"
        match wanted:
            case "mine":
                return card.assignee == me
            case "unassigned":
                return card.assignee is None
            case "overdue":
                return turn.overdue
            case "for_staff" | "for_shopper":
                return wanted == f"for_{turn.waits_for}"
            case "done":
                return turn.waits_for == "nobody"
            case _:
                return turn.waits_for != "nobody"

    def urgency(card: DeskCard) -> tuple[bool, datetime]:
        turn = stands[card.card_id]
        return turn.due is None, turn.due or turn.since

    return sorted(filter(belongs, cards), key=urgency)
