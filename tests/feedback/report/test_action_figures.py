"""Order actions in the report: how they ended, what they saved and gave back."""

from dataclasses import replace
from decimal import Decimal

from feedback.actions.decisions import ActionDecisions
from feedback.actions.runs import ActionRuns, StoredYes, summary_id
from feedback.db.database import Database
from feedback.db.period import Period
from feedback.db.tables.dialogues import Impression
from feedback.dialogues.action_memory import PlannedCall
from feedback.report.action_figures import action_figures
from feedback.report.parts import ActionFigures
from tests.bot.actions.acting_shop import ActingShop
from tests.bot.shop import NOON
from tests.factories import NOW, hours, make_store, open_dialogue

WEEK = Period(NOW - hours(24), NOW + hours(24))


def said_yes(database: Database, number: int, refund: str, *, wait_for: str = "") -> str:
    """A yes of its own dialogue; the run's id."""
    dialogue_id = f"d{number}"
    store = make_store(database)
    open_dialogue(store, dialogue_id=dialogue_id, shopper_id="anna", arm="x", now=NOW)
    call = PlannedCall("return_items", {"order_id": "1", "skus": ["rug"]}, {"refund": refund})
    id_ = summary_id(dialogue_id, [call])
    yes = StoredYes(dialogue_id, "anna", id_, "Return", "en", [call], wait_for=wait_for)
    return ActionRuns(database).confirm(yes, NOW)[0].run_id


def carried(database: Database, run_id: str) -> None:
    runs = ActionRuns(database)
    held = runs.claim(run_id, "me", NOW)
    assert held is not None
    runs.finish(held, "succeed", NOW, outcome=held.amounts)


class TestActionFigures:
    def test_they_tell_who_did_what_and_what_it_gave_back(self, one_database: Database):
        """Alone, after a colleague's yes, and declined."""
        carried(one_database, said_yes(one_database, 1, "10.00"))
        approved = said_yes(one_database, 2, "5.50", wait_for="all")
        declined = said_yes(one_database, 3, "99.00", wait_for="all")
        decisions = ActionDecisions(one_database)
        decisions.decide(approved, "approve", "Mei", NOW)
        carried(one_database, approved)
        decisions.decide(declined, "decline", "Mei", NOW)
        with one_database.reading() as session:
            told = action_figures(session, WEEK)

        assert (
            ActionFigures(alone=1, approved=1, declined=1, minutes=9, refunded=Decimal("15.50"))
            == told
        )

    def test_who_left_in_the_middle_is_counted_by_what_was_asked_last(self, one_database: Database):
        """A dialogue that came to an end is none of them."""
        carried(one_database, said_yes(one_database, 1, "10.00"))
        store = make_store(one_database)
        open_dialogue(store, dialogue_id="left", shopper_id="bob", arm="x", now=NOW)
        with one_database.transaction() as session:
            for number, (dialogue_id, asked) in enumerate([("d1", "reason"), ("left", "address")]):
                session.add(
                    Impression(
                        impression_id=f"i{number}",
                        dialogue_id=dialogue_id,
                        shopper_id="bob",
                        arm="x",
                        kind="ask",
                        text="?",
                        locale="en",
                        confidence=1.0,
                        served_by="policy",
                        shown_at=NOW,
                        details={"asks": [asked], "about": {"action": "return_items"}},
                    )
                )
        with one_database.reading() as session:
            told = action_figures(session, WEEK)

        assert (1, (("address", 1),)) == (told.left, told.left_at)
        assert replace(told, left=0, left_at=()) == ActionFigures(
            alone=1, minutes=6, refunded=Decimal("10.00")
        )

    def test_a_summary_that_the_next_one_puts_right_was_misread(self, one_database: Database):
        """Shown once more as it was, it was not; nor is another dialogue's."""
        shop = ActingShop(one_database)
        shop.talk("return everything from order A1002, ann@example.com", "hm", "no: keep the hat")
        with one_database.reading() as session:
            told = action_figures(session, Period(NOON - hours(1), NOON + hours(1)))

        assert (1, (("return_items", 1),)) == (told.corrected, told.misread)
