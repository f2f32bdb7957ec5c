"""Lists of cards: mine, unassigned, overdue, waiting for the staff or the shopper, done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, get_args

from sqlmodel import col, select

from feedback.db import Database, DeskCard
from feedback.desk.targets import USUAL_TARGETS, AnswerTargets, Standing, standing

CardList = Literal[
    "mine", "unassigned", "overdue", "for_staff", "for_shopper", "snoozed", "open", "done"
]
CARD_LISTS: Final[tuple[CardList, ...]] = get_args(CardList)


class CardLists:
    """The desk's cards by whose turn it is."""

    def __init__(self, db: Database, targets: AnswerTargets = USUAL_TARGETS) -> None:
        """Read from `db`; what is overdue is so by `targets`."""
        self.db = db
        self.targets = targets

    def open_cards(self) -> list[DeskCard]:
        """Cards that are not closed, the oldest first."""
        with self.db.reading() as session:
            return list(
                session.exec(
                    select(DeskCard)
                    .where(DeskCard.state != "closed")
                    .order_by(col(DeskCard.opened_at))
                )
            )

    def done(self, limit: int) -> list[DeskCard]:
        """Cards that were closed, the last one first."""
        with self.db.reading() as session:
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


class CardStandings:
    """Whose turn it is on each of some cards, worked out once for all lists."""

    def __init__(
        self, cards: Sequence[DeskCard], now: datetime, targets: AnswerTargets, *, me: str = ""
    ) -> None:
        """Of `cards`, now; `me` is the id of who asks."""
        self._stands = [(card, standing(card, now, targets)) for card in cards]
        self._me = me

    def count(self, wanted: CardList) -> int:
        """How many cards a list has."""
        return sum(self._belongs(wanted, card, turn) for card, turn in self._stands)

    def cards(self, wanted: CardList) -> list[DeskCard]:
        """A list, what is due first before the rest. Snoozed ones are in theirs alone."""
        found = [each for each in self._stands if self._belongs(wanted, *each)]
        return [card for card, _ in sorted(found, key=_urgency)]

    def _belongs(self, wanted: CardList, card: DeskCard, turn: Standing) -> bool:
        if turn.snoozed or wanted == "snoozed":
            return turn.snoozed and wanted == "snoozed"
        match wanted:
            case "mine":
                return card.assignee == self._me
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


def _urgency(each: tuple[DeskCard, Standing]) -> tuple[bool, datetime]:
    _, turn = each
    return turn.due is None, turn.due or turn.since


def cards_in(
    wanted: CardList,
    cards: Sequence[DeskCard],
    now: datetime,
    targets: AnswerTargets,
    *,
    me: str = "",
) -> list[DeskCard]:
    """The cards of one list; see `CardStandings`."""
    return CardStandings(cards, now, targets, me=me).cards(wanted)
