"""Stories of whose turn it is: assigned, snoozed, waited for, reminded of, counted."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import col, select

from feedback.db.errors import ClerkIsSilent, DeskRefused
from feedback.db.tables.desk import DeskCard, OutboxMessage, StaffWait
from feedback.desk.actions import Desk
from feedback.desk.answer_times import read_staff_answers
from feedback.desk.assignments import Assignments
from feedback.desk.card_lists import CardLists, cards_in
from feedback.desk.card_lock import Staff
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.desk.office_hours import ALWAYS, read_office_hours
from feedback.desk.reminders import Reminders
from feedback.desk.targets import AnswerTargets, standing
from feedback.dialogues.repository import Store
from feedback.dialogues.state import AfterAnswer
from feedback.dialogues.write_answer import Shown
from tests.factories import NOW, make_impression
from tests.feedback.desk.test_actions import answer, open_dialogue

MIA, BOB, CEM = Staff("U1", "Mia"), Staff("U2", "Bob"), Staff("U3", "Cem")
MINUTE = timedelta(minutes=1)
TARGETS = AnswerTargets(30 * MINUTE, 60 * MINUTE, read_office_hours(ALWAYS))


class Desks:
    """A dialogue that waits, and all that is done about it."""

    def __init__(self, database):
        self.db = database
        self.store = Store(database, "test", DeskHooks())
        self.desk = Desk(database)
        self.assignments = Assignments(database)
        self.lists = CardLists(database, TARGETS)
        self.reminders = Reminders(database, TARGETS)
        open_dialogue(self.store)
        answer(self.store)
        self.id = self.card().card_id

    def card(self):
        with self.db.reading() as session:
            return session.exec(select(DeskCard)).one()

    def posted(self):
        """The card is shown in Slack."""
        with self.db.transaction() as session:
            card = session.exec(select(DeskCard)).one()
            card.channel, card.ts = "C9", "9.9"

    def shopper_writes(self, at, client_id="m9"):
        with suppress(ClerkIsSilent):
            self.store.record_answer(
                dialogue_id="d1",
                shopper_text="And in red?",
                client_id=client_id,
                shown=Shown(make_impression(impression_id=f"i-{client_id}")),
                after=AfterAnswer(),
                now=at,
            )

    def turn(self, at):
        return standing(self.card(), at, TARGETS)

    def reminded(self, at):
        self.reminders.queue("C9", at)
        with self.db.reading() as session:
            rows = session.exec(
                select(OutboxMessage)
                .where(OutboxMessage.kind == "reminder")
                .order_by(col(OutboxMessage.number))
            ).all()
        return [(row.payload["reminder"], row.thread_ts) for row in rows]

    def waits(self):
        with self.db.reading() as session:
            rows = session.exec(select(StaffWait).order_by(col(StaffWait.number))).all()
        return [(row.kind, row.ended_at - row.began_at, row.answered) for row in rows]

    def listed(self, wanted, at, me=""):
        return [card.card_id for card in self.lists.listed(wanted, at, me=me)]


@pytest.fixture
def desks(database):
    return Desks(database)


class TestAssigned:
    def test_a_card_is_the_colleagues_it_was_given_to(self, desks):
        """It is in their list, no longer among those that are nobody's."""
        assert desks.listed("unassigned", NOW) == [desks.id]
        assert desks.assignments.assign(desks.id, BOB, MIA, NOW)

        assert desks.listed("mine", NOW, "U2") == [desks.id]
        assert desks.listed("mine", NOW, "U1") == desks.listed("unassigned", NOW) == []
        assert not desks.assignments.assign(desks.id, BOB, MIA, NOW)

    def test_who_takes_over_has_it(self, desks):
        """Whoever it was assigned to before."""
        desks.assignments.assign(desks.id, BOB, MIA, NOW)
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)

        assert ("U1", "Mia") == (desks.card().assignee, desks.card().assignee_name)

    def test_a_dialogue_under_way_is_handed_on_by_who_has_it_alone(self, desks):
        """The colleague it is given to talks on; a third one is told who has it."""
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)

        with pytest.raises(DeskRefused, match="Mia has this dialogue"):
            desks.assignments.assign(desks.id, CEM, CEM, NOW)
        desks.assignments.assign(desks.id, BOB, MIA, NOW)
        desks.desk.go_live(desks.id, BOB, NOW)

        assert desks.desk.relay(desks.id, "r1", BOB, "Hello", NOW)

    def test_put_back_it_is_nobodys_and_the_shopper_waits(self, desks):
        """The clerk answers meanwhile, as before it was taken over."""
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)
        assert desks.assignments.unassign(desks.id, MIA, NOW)
        card = desks.card()

        assert ("open", None, NOW) == (card.state, card.assignee, card.waiting_since)
        assert "waiting" == desks.store.dialogue("d1").state
        assert not desks.assignments.unassign(desks.id, MIA, NOW)


class TestWaiting:
    def test_taking_over_is_no_answer(self, desks):
        """The shopper was told who is there, and waits still."""
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)

        assert ("staff", NOW) == desks.turn(NOW)[:2]
        assert [desks.id] == desks.listed("for_staff", NOW)

    def test_an_answer_makes_it_the_shoppers_turn_until_they_write(self, desks):
        """Both waits are kept, with how long they were; several words are one wait."""
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)
        desks.desk.send(desks.id, "k1", MIA, "Yes.", NOW + 5 * MINUTE)
        assert "shopper" == desks.turn(NOW).waits_for
        assert [desks.id] == desks.listed("for_shopper", NOW)

        desks.shopper_writes(NOW + 10 * MINUTE, "m2")
        desks.shopper_writes(NOW + 11 * MINUTE, "m3")
        assert ("staff", NOW + 10 * MINUTE) == desks.turn(NOW)[:2]
        desks.desk.send(desks.id, "k2", MIA, "And yes.", NOW + 13 * MINUTE)

        assert [("first", 5 * MINUTE, True), ("next", 3 * MINUTE, True)] == desks.waits()

    def test_closed_without_a_word_is_a_wait_without_an_answer(self, desks):
        """And the card is among those that are done."""
        desks.desk.done(desks.id, MIA, NOW + MINUTE)

        assert [("first", MINUTE, False)] == desks.waits()
        assert "nobody" == desks.turn(NOW).waits_for
        assert [desks.id] == desks.listed("done", NOW)

    def test_an_answer_at_the_page_counts_as_well(self, desks):
        """Whichever desk it was written at."""
        desks.store.hand_on("d1", "take_over", NOW)
        desks.store.record_staff_turn("d1", "Here is it.", "Mia", NOW + 2 * MINUTE)

        assert [("first", 2 * MINUTE, True)] == desks.waits()


class TestSnoozed:
    def test_it_is_in_no_list_until_the_time_comes(self, desks):
        """Afterwards its wait is counted from there on."""
        until = NOW + 60 * MINUTE
        desks.assignments.snooze(desks.id, until, MIA, NOW)

        assert [desks.id] == desks.listed("snoozed", NOW)
        assert [] == desks.listed("unassigned", NOW) == desks.listed("overdue", until)
        assert [desks.id] == desks.listed("unassigned", until)
        assert (until, until + 30 * MINUTE) == desks.turn(until)[1:3]

    def test_the_shoppers_next_word_ends_it(self, desks):
        """They wait from their first unanswered word on."""
        desks.assignments.snooze(desks.id, NOW + 60 * MINUTE, MIA, NOW)
        desks.shopper_writes(NOW, "m2")

        assert desks.card().snoozed_until is None
        assert NOW == desks.turn(NOW).since

    def test_a_time_that_is_over_is_refused(self, desks):
        """With the remedy."""
        with pytest.raises(DeskRefused, match="choose a later one"):
            desks.assignments.snooze(desks.id, NOW, MIA, NOW)

    def test_it_can_be_ended(self, desks):
        """By who thinks better of it."""
        desks.assignments.snooze(desks.id, NOW + 60 * MINUTE, MIA, NOW)
        desks.assignments.wake(desks.id, MIA, NOW)

        assert [desks.id] == desks.listed("unassigned", NOW)


class TestReminded:
    def test_the_thread_at_half_time_and_the_channel_once(self, desks):
        """However often it is looked at."""
        desks.posted()

        assert [] == desks.reminded(NOW + 14 * MINUTE)
        half = ("half_time", "9.9")
        assert [half] == desks.reminded(NOW + 15 * MINUTE) == desks.reminded(NOW + 16 * MINUTE)
        assert [half, ("overdue", None)] == desks.reminded(NOW + 30 * MINUTE)
        assert [half, ("overdue", None)] == desks.reminded(NOW + 300 * MINUTE)
        assert [desks.id] == desks.listed("overdue", NOW + 30 * MINUTE)

    def test_nobody_is_reminded_of_what_waits_for_the_shopper(self, desks):
        """Nor of a card that Slack does not show yet."""
        assert [] == desks.reminded(NOW + 60 * MINUTE)
        desks.posted()
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)
        desks.desk.send(desks.id, "k1", MIA, "Yes.", NOW + MINUTE)

        assert [] == desks.reminded(NOW + 600 * MINUTE)

    def test_the_next_wait_is_reminded_of_anew(self, desks):
        """By the target of next answers."""
        desks.posted()
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)
        first = desks.reminded(NOW + 15 * MINUTE)
        desks.desk.send(desks.id, "k1", MIA, "Yes.", NOW + 20 * MINUTE)
        desks.shopper_writes(NOW + 21 * MINUTE, "m2")

        assert [*first, ("half_time", "9.9")] == desks.reminded(NOW + 51 * MINUTE)

    def test_a_snooze_that_is_over_is_told_in_the_thread(self, desks):
        """And what waits is due anew."""
        desks.posted()
        desks.assignments.snooze(desks.id, NOW + 60 * MINUTE, MIA, NOW)

        assert [] == desks.reminded(NOW + 59 * MINUTE)
        assert [("snooze_over", "9.9")] == desks.reminded(NOW + 60 * MINUTE)
        assert [("snooze_over", "9.9")] == desks.reminded(NOW + 61 * MINUTE)


class TestOrdered:
    def test_what_is_due_first_comes_first(self):
        """Before what waits for the shopper."""
        cards = [
            DeskCard(card_id=name, dialogue_id=name, reason="unsure", opened_at=NOW, acted_at=NOW,
                     waiting_since=since)
            for name, since in (("late", NOW), ("theirs", None), ("later", NOW - MINUTE))
        ]  # fmt: skip
        listed = cards_in("open", cards, NOW, TARGETS)

        assert ["later", "late", "theirs"] == [card.card_id for card in listed]


class TestAnswerTimes:
    def test_count_the_answers_of_a_period_against_their_targets(self, desks):
        """In office time; what was reminded of and told to the channel is counted."""
        desks.posted()
        desks.desk.take_over(desks.id, MIA, "Mia here.", NOW)
        desks.reminded(NOW + 15 * MINUTE)
        desks.reminded(NOW + 30 * MINUTE)
        desks.desk.send(desks.id, "k1", MIA, "Yes.", NOW + 40 * MINUTE)
        desks.shopper_writes(NOW + 41 * MINUTE, "m2")
        desks.desk.send(desks.id, "k2", MIA, "And yes.", NOW + 44 * MINUTE)
        desks.shopper_writes(NOW + 45 * MINUTE, "m3")
        desks.desk.done(desks.id, MIA, NOW + 46 * MINUTE)
        found = read_staff_answers(desks.db, TARGETS, NOW, NOW + 60 * MINUTE)

        assert (1, 40 * MINUTE, 0, 30 * MINUTE) == found.first
        assert (1, 3 * MINUTE, 1, 60 * MINUTE) == found.next
        assert (1, 1, 1) == found[2:]
        empty = read_staff_answers(desks.db, TARGETS, NOW + 60 * MINUTE, NOW + 90 * MINUTE)
        assert (None, None, 0, 0, 0) == empty
