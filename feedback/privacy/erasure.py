"""Erasure and export of a person's data."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, delete, select, update

from feedback.db import (
    ActionRun,
    AnswerPart,
    Attention,
    Database,
    DataRequest,
    DeletionRequest,
    DeskCard,
    Dialogue,
    DialogueTurn,
    Exposure,
    Forgetting,
    Identity,
    Impression,
    InternalNote,
    MailAddress,
    Order,
    OrderAlias,
    OrderLine,
    Presence,
    RedactedOrder,
    Refund,
    RetrainRun,
    ReviewItem,
    SharedFile,
    Shopper,
    StaffWait,
    StockNotice,
    Survey,
    Uncounted,
    find,
    forget_in_training,
    insert_once,
)
from feedback.dialogues import visits_of
from feedback.privacy.erasure_copies import (
    SlackCopy,
    WhoseSlack,
    inbox_of,
    learned_questions,
    outbox_of,
    scrub_proposals,
    scrub_reports,
    slack_copies,
)
from feedback.privacy.shopper_rows import (
    ShopperRows,
    delete_naming,
    rows_of_shopper,
    rows_where,
)
from feedback.sales import OrderKey
from feedback.signals import SIGNALS, Signal, signal_tables

T = TypeVar("T", DataRequest, DeletionRequest)


class Forgotten(NamedTuple):
    """What was forgotten of a shopper, and what stays elsewhere."""

    examples: int  # that the next training leaves out
    slack: list[SlackCopy]  # messages to delete by hand, if they must go there too


class Erasure:
    """Finds, shows and forgets a person's data."""

    def __init__(self, db: Database, signals: Iterable[Signal] = SIGNALS) -> None:
        """Work on `db`; the tables of `signals` are exported and erased with the rest."""
        self.db = db
        self._signal_tables = signal_tables(signals)

    def shoppers_of_email(self, email_hash: str) -> list[str]:
        """Shoppers who gave this address, or bought with it."""
        with self.db.reading() as session:
            gave = session.exec(
                select(Identity.shopper_id)
                .where(Identity.kind == "email")
                .where(Identity.value == email_hash)
            ).all()
            bought = session.exec(
                select(Order.shopper_id).where(Order.email_hash == email_hash)
            ).all()
        return sorted({*gave, *(one for one in bought if one)})

    def orders_of_email(self, email_hash: str) -> list[OrderKey]:
        """Orders bought with this address."""
        with self.db.reading() as session:
            found = select(Order.source, Order.order_id).where(Order.email_hash == email_hash)
            return sorted(OrderKey(*one) for one in session.exec(found))

    def export(self, shopper_id: str, whose: WhoseSlack | None = None) -> dict[str, Any] | None:
        """All that is kept of a shopper; None where nobody is known by this id.

        `whose` tells the shopper of a Slack team's person, for what Slack told a moment ago.
        """
        with self.db.reading() as session:
            shopper = find(session, Shopper, shopper_id)
            if shopper is None:
                return None
            theirs = rows_of_shopper(session, shopper_id, self._signal_tables)
            visits = visits_of(session, shopper_id)
            orders = rows_where(session, Order, "shopper_id", [shopper_id, *visits])
            bought = [OrderKey(one.source, one.order_id) for one in orders]
            talks, ids = theirs.dialogue_ids, theirs.ids
            parts: dict[str, Sequence[SQLModel]] = {
                "shopper": [shopper],
                "identities": rows_where(session, Identity, "shopper_id", [shopper_id]),
                "exposures": rows_where(session, Exposure, "shopper_id", [shopper_id, *visits]),
                "left_out": rows_where(session, Uncounted, "shopper_id", [shopper_id]),
                "dialogues": theirs.dialogues,
                "turns": theirs.turns,
                "desk_cards": theirs.cards,
                "staff_waits": rows_where(session, StaffWait, "dialogue_id", talks),
                "replies_shown": theirs.shown,
                "parts_shown": rows_where(session, AnswerPart, "impression_id", theirs.shown_ids),
                **theirs.signals,
                "questions_learned": learned_questions(session, theirs.turns),
                "slack_inbox": inbox_of(session, shopper_id, ids, whose),
                "slack_outbox": outbox_of(session, talks, ids),
                "files": rows_where(session, SharedFile, "dialogue_id", talks),
                "mail_addresses": rows_where(session, MailAddress, "dialogue_id", talks),
                "read_marks": rows_where(session, Attention, "dialogue_id", talks),
                "internal_notes": rows_where(session, InternalNote, "dialogue_id", talks),
                "surveys": rows_where(session, Survey, "dialogue_id", talks),
                "order_actions": rows_where(session, ActionRun, "shopper_id", [shopper_id]),
                "stock_notices": rows_where(session, StockNotice, "shopper_id", [shopper_id]),
                "orders": orders,
                "order_lines": _of_orders(session, OrderLine, bought),
                "refunds": _of_orders(session, Refund, bought),
                "data_requests": _requests_of(session, DataRequest, shopper_id),
                "deletion_requests": _requests_of(session, DeletionRequest, shopper_id),
            }
            copies = slack_copies(session, talks)
        kept: dict[str, Any] = {
            name: [row.model_dump(mode="json") for row in rows] for name, rows in parts.items()
        }
        return {**kept, "slack_copies": [copy._asdict() for copy in copies]}

    def erase_shopper(
        self,
        shopper_id: str,
        now: datetime,
        whose: WhoseSlack | None = None,
        *,
        again: str | None = None,
    ) -> Forgotten | None:
        """Forget a shopper: what was said, shown and clicked; their orders stay, without them.

        The count of exposed shoppers stays whole: a nameless exposure keeps the arms honest. What
        the model learned from them is not learned again: the next training reads what is left. The
        list of erasures says that this was done; `again` is the entry that is done once more.

        Returns:
            What was forgotten; None where nobody is known by this id.
        """
        with self.db.transaction() as session:
            if find(session, Shopper, shopper_id) is None:
                return None
            theirs = rows_of_shopper(session, shopper_id, self._signal_tables)
            forgotten = _forget_traces(session, shopper_id, theirs, whose)
            for table in self._tables():
                delete_naming(session, table, theirs)
            _take_out_of(session, DataRequest, shopper_id)
            _take_out_of(session, DeletionRequest, shopper_id)
            runs = forget_in_training(session, shopper_id)
            visits = visits_of(session, shopper_id)
            orders = rows_where(session, Order, "shopper_id", [shopper_id, *visits])
            _make_nameless(session, [OrderKey(one.source, one.order_id) for one in orders], now)
            insert_once(
                session,
                Forgetting(
                    forgetting_id=again or token_urlsafe(12),
                    erased_at=now,
                    examples=forgotten.examples,
                    shopper_hash=hash_of(shopper_id),
                    runs=runs,
                    cleaned_at=None if runs else now,
                ),
            )
            return forgotten

    def awaits_training(self) -> int:
        """Examples of forgotten people that the model which answers may still have learned from."""
        with self.db.reading() as session:
            trained = session.exec(
                select(func.max(RetrainRun.started_at)).where(RetrainRun.state == "promoted")
            ).first()
            waiting = select(func.coalesce(func.sum(Forgetting.examples), 0))
            if trained is not None:
                waiting = waiting.where(col(Forgetting.erased_at) >= trained)
            return int(session.exec(waiting).one())

    def erase_orders(
        self, keys: Iterable[OrderKey], now: datetime, *, again: str | None = None
    ) -> int:
        """Forget who bought these orders; how many are known. The sums stay in the books.

        No later report of them brings the buyer back, nor one of an order that is not known yet.
        `again`: the entry of the list of erasures that is done once more.
        """
        listed = sorted(set(keys))
        with self.db.transaction() as session:
            if listed:
                insert_once(
                    session,
                    Forgetting(
                        forgetting_id=again or token_urlsafe(12),
                        erased_at=now,
                        examples=0,
                        orders=[list(key) for key in listed],
                        cleaned_at=now,
                    ),
                )
            return _make_nameless(session, listed, now)

    def _tables(self) -> list[type[SQLModel]]:
        """Whose rows go with a shopper; what refers to another row goes before it."""
        of_signals = self._signal_tables.values()
        of_dialogues = (
            *(SharedFile, MailAddress, Attention, Survey, ActionRun, StockNotice),
            *(InternalNote, Presence),
            *(ReviewItem, StaffWait, DeskCard),
            *(DialogueTurn, AnswerPart, Impression, Dialogue),
        )
        return [*of_signals, *of_dialogues, Identity]

    def erase_source(self, source: str) -> int:
        """Forget every order a shop system reported; how many there were."""
        with self.db.transaction() as session:
            session.execute(delete(OrderLine).where(col(OrderLine.source) == source))
            session.execute(delete(Refund).where(col(Refund.source) == source))
            session.execute(delete(OrderAlias).where(col(OrderAlias.source) == source))
            gone = session.execute(
                delete(Order).where(col(Order.source) == source).returning(col(Order.order_id))
            )
            return len(gone.all())


def _make_nameless(session: Session, keys: Sequence[OrderKey], now: datetime) -> int:
    known = 0
    for key in keys:
        insert_once(session, RedactedOrder(**key._asdict(), redacted_at=now))
        found = session.execute(
            update(Order)
            .where(col(Order.source) == key.source, col(Order.order_id) == key.order_id)
            .values(email_hash=None, tracking=None)
            .returning(col(Order.order_id))
        )
        known += len(found.all())
    return known


def _of_orders(session: Session, table: type[Any], keys: Sequence[OrderKey]) -> list[Any]:
    wanted = set(keys)
    found = rows_where(session, table, "order_id", [key.order_id for key in keys])
    return [row for row in found if OrderKey(row.source, row.order_id) in wanted]


def hash_of(shopper_id: str) -> str:
    """How the list of erasures names a shopper: their id is random, so nobody guesses it back."""
    return hashlib.sha256(shopper_id.encode()).hexdigest()


def _forget_traces(
    session: Session, shopper_id: str, theirs: ShopperRows, whose: WhoseSlack | None
) -> Forgotten:
    """Take a shopper out of everything but their own rows."""
    copies = slack_copies(session, theirs.dialogue_ids)
    questions = learned_questions(session, theirs.turns)
    scrub_reports(session, theirs.turns, theirs.comments)
    scrub_proposals(session, theirs.turns)
    gone: list[SQLModel] = [*questions]
    gone += inbox_of(session, shopper_id, theirs.ids, whose)
    gone += outbox_of(session, theirs.dialogue_ids, theirs.ids)
    for row in gone:
        session.delete(row)
    session.flush()
    return Forgotten(theirs.judged + len(questions), copies)


def _requests_of(session: Session, table: type[T], shopper_id: str) -> list[T]:
    return [one for one in session.exec(select(table)) if shopper_id in one.shopper_ids]


def _take_out_of(session: Session, table: type[T], shopper_id: str) -> None:
    for request in _requests_of(session, table, shopper_id):
        request.shopper_ids = [one for one in request.shopper_ids if one != shopper_id]
        session.add(request)
