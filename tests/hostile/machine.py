"""Dialogue, hand-over and outbox as a state machine: any order of steps keeps their promises.

The model beside the store is a few sets. Used by the short test and by
benchmarks/battery/stateful.py, which runs two thousand times fifty steps.
"""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlmodel import select

from feedback.db.database import Database
from feedback.db.errors import ClerkIsSilent, UnknownDialogue
from feedback.db.tables.desk import DeskCard, OutboxMessage
from feedback.db.tables.dialogues import Impression
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.desk.outbox import Claimed, Outbox
from feedback.dialogues.repository import DialogueThread, Store
from feedback.dialogues.state import AfterAnswer, HandoverReason, StaffAct
from feedback.dialogues.write_answer import Shown
from feedback.privacy.erasure import Erasure
from tests.factories import NOW, make_impression, open_dialogue

THREADS = 3
LEASE, PACE = timedelta(seconds=30), timedelta(seconds=1)
LEADS_TO: dict[StaffAct, str] = {"take_over": "staff", "give_back": "clerk", "close": "done"}


def machine_over(migrated: Path) -> type[RuleBasedStateMachine]:
    """The machine, each run over a fresh copy of the migrated SQLite file."""

    class Shop(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
            shutil.copyfile(migrated, self.folder / "shop.db")
            self.db = Database(f"sqlite:///{self.folder / 'shop.db'}")
            self.store, self.outbox = Store(self.db, "machine", DeskHooks()), Outbox(self.db)
            self.now: datetime = NOW
            self.number = 0
            self.states: dict[str, str] = {}
            self.answers: dict[tuple[str, str], str] = {}  # (dialogue, client_id) → impression
            self.held: list[tuple[str, Claimed]] = []
            self.sent: dict[str, list[int]] = {}  # lane → numbers, in the order Slack got them
            self.erased: set[str] = set()

        @initialize()
        def open_all(self) -> None:
            for number in range(THREADS):
                open_dialogue(
                    self.store, dialogue_id=f"d{number}", shopper_id=f"s{number}", channel="slack",
                    thread=DialogueThread("T", f"C{number}", f"{number}.1"), now=self.now,
                )  # fmt: skip
                self.states[f"d{number}"] = "clerk"

        @rule(one=st.integers(0, THREADS - 1), client=st.sampled_from("abcd"),
              handover=st.sampled_from((None, "unsure")))  # fmt: skip
        def ask(self, one: int, client: str, handover: HandoverReason | None) -> None:
            dialogue, self.number = f"d{one}", self.number + 1
            wanted = make_impression(
                impression_id=f"i{self.number}", dialogue_id=dialogue, shopper_id=f"s{one}"
            )
            try:
                answered = self.store.record_answer(
                    dialogue_id=dialogue, shopper_text=f"said by {dialogue}", client_id=client,
                    shown=Shown(wanted), after=AfterAnswer(handover=handover), now=self.now,
                )  # fmt: skip
            except ClerkIsSilent:
                assert self.states[dialogue] == "staff"
                assert (dialogue, client) not in self._shown()
                return
            except UnknownDialogue:
                assert dialogue in self.erased
                return
            assert dialogue not in self.erased
            got = answered.impression.impression_id
            if (dialogue, client) in self._shown():
                assert got == self.answers[dialogue, client]  # a repeat: the first answer
            else:
                assert got == f"i{self.number}"
                self.answers[dialogue, client] = got
                waits = handover is not None or self.states[dialogue] == "waiting"
                self.states[dialogue] = "waiting" if waits else "clerk"

        @rule(one=st.integers(0, THREADS - 1), act=st.sampled_from(tuple(LEADS_TO)))
        def hand_on(self, one: int, act: StaffAct) -> None:
            try:
                self.store.hand_on(f"d{one}", act, self.now)
            except UnknownDialogue:
                assert f"d{one}" in self.erased
                return
            self.states[f"d{one}"] = LEADS_TO[act]

        @rule(one=st.integers(0, THREADS - 1))
        def staff_say(self, one: int) -> None:
            self.number += 1
            try:
                self.store.record_staff_turn(
                    f"d{one}", "by staff", "Mei", self.now, f"m{self.number}"
                )
            except UnknownDialogue:
                assert f"d{one}" in self.erased
                return
            self.states[f"d{one}"] = "staff"

        @rule(owner=st.sampled_from(("x", "y")))
        def claim(self, owner: str) -> None:
            for claimed in self.outbox.claim(owner, self.now, LEASE, PACE):
                row = self._row(claimed.number)
                assert row is not None
                talks_over = (
                    row.speaker == "clerk" and self.states.get(row.dialogue_id or "") == "staff"
                )
                assert claimed.unsure or not talks_over  # the clerk never talks over a person
                self.held.append((owner, claimed))

        @precondition(lambda self: self.held)
        @rule(which=st.integers(0, 99), came=st.sampled_from(("sent", "again", "lost", "failed")))
        def settle(self, which: int, came: str) -> None:
            owner, claimed = self.held.pop(which % len(self.held))
            if came == "sent":
                if self.outbox.sent(claimed.number, owner, f"{claimed.number}.9", self.now):
                    self.sent.setdefault(claimed.lane, []).append(claimed.number)
            elif came == "again":
                self.outbox.again(claimed.number, owner, self.now + PACE, "busy", arrived=False)
            elif came == "failed":
                self.outbox.failed(claimed.number, owner, "refused")
            # lost: the sender died; its lease runs out and another looks first

        @rule(seconds=st.sampled_from((1, 5, 60)))
        def wait(self, seconds: int) -> None:
            self.now += timedelta(seconds=seconds)

        @rule(one=st.integers(0, THREADS - 1))
        def erase(self, one: int) -> None:
            if self.number % 7 == 3:  # seldom, or nothing is left to play with
                Erasure(self.db).erase_shopper(f"s{one}", self.now)
                self.erased.add(f"d{one}")
                self.states.pop(f"d{one}", None)

        @invariant()
        def every_lane_is_told_in_order_and_once(self) -> None:
            for numbers in self.sent.values():
                assert numbers == sorted(set(numbers))

        @invariant()
        def states_and_cards_are_as_told(self) -> None:
            with self.db.reading() as session:
                cards = session.exec(select(DeskCard).where(DeskCard.state != "closed")).all()
            opened = [card.dialogue_id for card in cards]
            assert len(opened) == len(set(opened))  # one open card a dialogue
            for dialogue, state in self.states.items():
                found = self.store.dialogue(dialogue)
                assert found is not None
                assert found.state == state
                assert state != "done" or dialogue not in opened

        @invariant()
        def nothing_is_left_of_the_erased(self) -> None:
            with self.db.reading() as session:
                rows = session.exec(select(OutboxMessage)).all()
            assert not {row.dialogue_id for row in rows} & self.erased
            assert not [d for d in self.erased if self.store.turns(d)]

        def teardown(self) -> None:
            self.db.close()
            shutil.rmtree(self.folder)

        def _shown(self) -> set[tuple[str, str]]:
            """Answers that still stand: what was withheld was never said."""
            with self.db.reading() as session:
                stand = set(session.exec(select(Impression.impression_id)))
            return {key for key, one in self.answers.items() if one in stand}

        def _row(self, number: int) -> OutboxMessage | None:
            with self.db.reading() as session:
                return session.get(OutboxMessage, number)

    return Shop
