"""How often what has to be shown is looked for."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.channels.slack.config import StaffPlace
from bot.channels.slack.drawing_queue import DrawingQueue
from feedback.db.tables.desk import OutboxMessage
from feedback.desk.card_lists import CardLists
from feedback.desk.card_outbox import CardDrawings
from feedback.desk.notes import InternalNotes, thread_note_id
from feedback.desk.targets import USUAL_TARGETS
from feedback.files.repository import Files, NewFile
from tests.bot.shop import NOON

SECOND = timedelta(seconds=1)
PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def queue(shop):
    return DrawingQueue(shop.store.db, StaffPlace("C1"), USUAL_TARGETS, SECOND)


def kinds(shop):
    with shop.store.db.reading() as session:
        return session.exec(select(OutboxMessage.kind).order_by(col(OutboxMessage.number))).all()


def sends(shop, dialogue_id, name):
    Files(shop.store.db).keep(NewFile(name, dialogue_id, f"{name}.pdf", PDF, "shopper"), NOON)
    Files(shop.store.db).attach(dialogue_id, name, [name])
    shop.clerk.hand_over(dialogue_id, "sent_files", client_id=name, said=name)


def is_shown(shop):
    (card,) = CardLists(shop.store.db).open_cards()
    drawings = CardDrawings(shop.store.db)
    drawings.drawn(card.card_id, card.revision, team="T", channel="C1", ts="1.1", now=NOON)


class TestDrawingQueue:
    def test_a_card_is_queued_at_every_look_and_a_file_once_a_pace(self, shop, queue):
        """Who waits is shown at once; what they sent follows their words."""
        dialogue_id = shop.open()
        sends(shop, dialogue_id, "f1")
        queue.fill(NOON)
        assert ["card"] == kinds(shop)
        is_shown(shop)

        queue.fill(NOON + SECOND / 2)
        assert "file" not in kinds(shop)
        queue.fill(NOON + SECOND)
        assert "file" in kinds(shop)

    def test_nothing_is_queued_where_the_staff_have_no_channel(self, shop):
        """They work at /desk."""
        sends(shop, shop.open(), "f1")
        DrawingQueue(shop.store.db, StaffPlace(None), USUAL_TARGETS, SECOND).fill(NOON)

        assert [] == kinds(shop)


def noted(shop, dialogue_id, text, note_id=None):
    return InternalNotes(shop.store.db).add(dialogue_id, text, "Mei", NOON, note_id=note_id)


def notes_on_their_way(shop):
    wanted = select(OutboxMessage).where(OutboxMessage.kind == "internal_note")
    with shop.store.db.reading() as session:
        found = session.exec(wanted.order_by(col(OutboxMessage.number))).all()
        return [(each.payload["note_id"], each.thread_ts) for each in found]


class TestNotes:
    def test_a_thread_that_begins_gets_the_notes_so_far_and_each_later_one(self, shop, queue):
        """Once each, however often the card is drawn; a note of the thread itself is not told."""
        dialogue_id = shop.open()
        noted(shop, dialogue_id, "before anybody waited", "early")
        shop.clerk.hand_over(dialogue_id, client_id="m1")
        noted(shop, dialogue_id, "before it was posted", "waiting")
        before = notes_on_their_way(shop)
        is_shown(shop)
        is_shown(shop)
        noted(shop, dialogue_id, "afterwards", "late")
        noted(shop, dialogue_id, "said in the thread", thread_note_id("C1", "1.1", "1.2"))
        again = noted(shop, dialogue_id, "said in the thread", thread_note_id("C1", "1.1", "1.2"))

        assert [] == before
        assert [(one, "1.1") for one in ("early", "waiting", "late")] == notes_on_their_way(shop)
        assert again is False
        assert 4 == len(InternalNotes(shop.store.db).of(dialogue_id))
