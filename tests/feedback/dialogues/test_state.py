"""The state machine of a dialogue: its table, every writer of it, and what it remembers."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from hypothesis import example, given, settings, strategies as st
from sqlalchemy import text
from sqlmodel import select

from bot.handover_reasons import WORDS
from feedback.db.database import Database
from feedback.db.errors import ClerkIsSilent, DeskRefused
from feedback.db.migrate import alembic_config
from feedback.db.tables.desk import DeskCard
from feedback.desk.actions import Desk
from feedback.desk.card_lock import Staff
from feedback.dialogues.state import (
    ACTS,
    HANDOVER_REASONS,
    MOVES,
    STATES,
    Act,
    AfterAnswer,
    DialogueMemory,
    MoveNotAllowed,
    StaffAct,
    may,
    memory_read,
    memory_stored,
    moved,
)
from tests.factories import NOW, answer, hours, make_store, new_id, open_dialogue, signals_of

MIA, BEN = Staff("U1", "Mia"), Staff("U2", "Ben")


class TestTheTable:
    def test_every_act_leads_from_states_to_states(self):
        """
        No act is left out, and none leads where no other knows the way on.
        """
        assert set(ACTS) == set(MOVES)
        assert set(STATES) >= {state for moves in MOVES.values() for state in moves}
        assert set(STATES) == {state for moves in MOVES.values() for state in moves.values()}

    def test_the_staff_may_always_act_and_the_clerk_never_while_they_have_it(self):
        """
        Only what the clerk does is forbidden, and only in a person's dialogue.
        """
        forbidden = {(state, act) for state in STATES for act in ACTS if not may(state, act)}
        assert {("staff", "answer"), ("staff", "hand_over")} == forbidden
        with pytest.raises(MoveNotAllowed, match=r"answer is not allowed while.*'staff'"):
            moved("staff", "answer")

    def test_a_state_of_another_version_allows_nothing(self):
        """
        A word that is no state is refused, not guessed.
        """
        with pytest.raises(MoveNotAllowed, match="'asleep'"):
            moved("asleep", "close")


class Shop:
    """A dialogue, its card, and everything anybody can do with them."""

    def __init__(self, database: Database) -> None:
        self.store, self.desk = make_store(database), Desk(database)
        self.dialogue = open_dialogue(self.store, shopper_id=new_id("shopper"))
        self.shown: list[str] = []
        self.now = NOW

    def state(self) -> str:
        found = self.store.dialogue(self.dialogue.dialogue_id)
        assert found is not None
        return found.state

    def card(self) -> DeskCard | None:
        with self.store.db.reading() as session:
            return session.exec(
                select(DeskCard).where(
                    DeskCard.dialogue_id == self.dialogue.dialogue_id, DeskCard.state != "closed"
                )
            ).first()

    def ask(self, **after: Any) -> None:
        answered = answer(self.store, self.dialogue, now=self.now, after=AfterAnswer(**after))
        self.shown.append(answered.impression.impression_id)

    def thumb(self, value: str | None) -> None:
        if self.shown:
            signals_of(self.store).rate(
                impression_id=self.shown[-1], voter=self.dialogue.shopper_id, value=value,
                now=self.now,
            )  # fmt: skip

    def at_the_desk(self, act: Callable[..., Any], *said: Any) -> None:
        if card := self.card():
            act(card.card_id, *said, self.now)

    def on_the_page(self, act: StaffAct) -> None:
        self.store.hand_on(self.dialogue.dialogue_id, act, self.now)

    def write_on_the_page(self) -> None:
        self.store.record_staff_turn(self.dialogue.dialogue_id, "Hello.", "Mia", self.now)


# What each does to a dialogue: the act of the table, None where the state stays.
DEEDS: dict[str, tuple[Act | None, Callable[[Shop], None]]] = {
    "asks": ("answer", lambda shop: shop.ask()),
    "is handed over": ("hand_over", lambda shop: shop.ask(handover="unsure")),
    "insults": ("hand_over", lambda shop: shop.ask(handover="abuse")),
    "thumb down": (None, lambda shop: shop.thumb("down")),
    "thumb back": (None, lambda shop: shop.thumb(None)),
    "Mia sends": (
        "staff_answer",
        lambda shop: shop.at_the_desk(shop.desk.send, new_id("press"), MIA, "Yes."),
    ),
    "Mia takes over": (
        "take_over",
        lambda shop: shop.at_the_desk(shop.desk.take_over, MIA, "Mia here."),
    ),
    "Ben takes over": (
        "take_over",
        lambda shop: shop.at_the_desk(shop.desk.take_over, BEN, "Ben here."),
    ),
    "Mia is done": ("close", lambda shop: shop.at_the_desk(shop.desk.done, MIA)),
    "the page takes over": ("take_over", lambda shop: shop.on_the_page("take_over")),
    "the page gives back": ("give_back", lambda shop: shop.on_the_page("give_back")),
    "the page closes": ("close", lambda shop: shop.on_the_page("close")),
    "the page writes": ("take_over", lambda shop: shop.write_on_the_page()),
}


class TestEveryWriter:
    @settings(max_examples=60, deadline=None)  # files are copied
    @given(
        deeds=st.lists(
            st.tuples(st.sampled_from(sorted(DEEDS)), st.sampled_from((0.0, 1.0))), max_size=10
        )
    )
    # A thumb taken back closed the card of a shopper who waited for another reason.
    @example(deeds=[("is handed over", 0.0), ("thumb down", 0.0), ("thumb back", 0.0)])
    def test_no_sequence_of_deeds_leaves_the_table(self, migrated_file, deeds):
        """
        Each leaves the dialogue where its act leads, or where it was if it was refused; a dialogue
        that waits has an open card, and one that a person has a taken one.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "shop.db"
            shutil.copyfile(migrated_file, path)
            database = Database(f"sqlite:///{path}")
            shop = Shop(database)
            for name, waited in deeds:
                shop.now += hours(waited)
                self.do(shop, name)
            database.close()

    def do(self, shop: Shop, name: str) -> None:
        act, deed = DEEDS[name]
        before, had_card = shop.state(), shop.card() is not None
        by_card = name.startswith(("Mia", "Ben"))
        try:
            deed(shop)
            expected = moved(before, act) if act and (had_card or not by_card) else before
        except (ClerkIsSilent, DeskRefused):
            expected = before
        assert expected == shop.state()
        card = shop.card()
        if shop.state() in ("waiting", "staff"):
            assert card is not None
            assert {"waiting": "open", "staff": "taken"}[shop.state()] == card.state


class TestMemory:
    @given(
        memory=st.builds(
            DialogueMemory, st.none() | st.text(max_size=20), st.integers(min_value=0, max_value=99)
        )
    )
    def test_what_is_stored_is_read_again(self, memory):
        """
        The value of the column gives back the same memory.
        """
        assert memory == memory_read(memory_stored(memory))

    def test_a_new_dialogue_remembers_nothing(self):
        """
        Its column is an empty object.
        """
        assert DialogueMemory() == memory_read({})

    def test_an_older_version_is_brought_up_step_by_step(self):
        """
        Each version has a step to the next one; a field that was renamed keeps its value.
        """
        older = {"version": -1, "asked": "order_status"}
        steps = {
            -1: lambda value: {"asked_for": value["asked"]},
            0: lambda value: {"pending_reply_id": value["asked_for"]},
        }
        assert DialogueMemory("order_status") == memory_read(older, steps)

    def test_a_newer_version_is_read_as_far_as_it_is_known(self):
        """
        After a roll-back of the program nothing that both know is lost.
        """
        newer = {"version": 9, "failed_lookups": 2, "product_in_focus": "ridge-backpack"}
        assert DialogueMemory(failed_lookups=2) == memory_read(newer)

    def test_what_cannot_be_read_is_forgotten(self):
        """
        The clerk asks again, rather than fall silent for good.
        """
        assert DialogueMemory() == memory_read({"version": 1, "failed_lookups": "many"})

    def test_the_migration_brings_the_columns_along(self, empty_database):
        """
        What a dialogue was asked for and how often a look-up failed is there before and after.
        """
        empty_database.make_folder()
        with empty_database.engine.connect() as connection, connection.begin():
            command.upgrade(alembic_config(connection), "0020")
            connection.execute(text("INSERT INTO shopper (shopper_id, created_at) VALUES ('s', 0)"))
            for name, pending, failed in (("d1", "order_status", 2), ("d2", None, 0)):
                connection.execute(
                    text(
                        "INSERT INTO dialogue (dialogue_id, shopper_id, channel, locale, arm,"
                        " state, pending_reply_id, failed_lookups, started_at, last_at)"
                        " VALUES (:id, 's', 'web', 'en', 'champion', 'clerk', :pending, :failed,"
                        " 0, 0)"
                    ),
                    {"id": name, "pending": pending, "failed": failed},
                )
            command.upgrade(alembic_config(connection), "head")
        store = make_store(empty_database)
        kept = [store.dialogue(name) for name in ("d1", "d2")]
        assert [DialogueMemory("order_status", 2), DialogueMemory()] == [
            memory_read(dialogue.memory) for dialogue in kept if dialogue
        ]
        with empty_database.engine.connect() as connection, connection.begin():
            command.downgrade(alembic_config(connection), "0020")
            rows = connection.execute(
                text("SELECT pending_reply_id, failed_lookups FROM dialogue ORDER BY dialogue_id")
            )
            assert [("order_status", 2), (None, 0)] == [tuple(row) for row in rows]


class TestReasons:
    def test_the_staff_read_every_reason_in_words(self):
        """
        One list of reasons, one list of words for them, in Slack and at the desk.
        """
        assert set(HANDOVER_REASONS) == set(WORDS)
