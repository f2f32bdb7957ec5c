"""The card of an order action in Slack: who presses first decides."""

from datetime import UTC

from bot.channels.slack import action_ids
from bot.channels.slack.action_card import action_post
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.messages import Press
from feedback.actions.runs import ActionRuns, StoredYes, summary_id
from feedback.db.database import Database
from feedback.desk.action_cards import ActionCards
from feedback.desk.actions import Desk
from feedback.desk.card_lock import Staff
from feedback.desk.outbox import Outbox
from feedback.desk.targets import USUAL_TARGETS
from feedback.dialogues.action_memory import PlannedCall
from feedback.knowledge.reply_book import ReplyBook
from tests.factories import NOW, hours, make_store

CALL = PlannedCall("cancel_order", {"order_id": "1"}, {"refund": "5.00"})
MEI, BO = Staff("U1", "Mei"), Staff("U2", "Bo")


def waiting(database: Database) -> str:
    make_store(database).open_dialogue(
        dialogue_id="d", shopper_id="anna", channel="web", locale="en", arm="champion", now=NOW
    )
    yes = StoredYes("d", "anna", summary_id("d", [CALL]), "Cancel order <1>:", "en", [CALL])
    return ActionRuns(database).confirm(yes, NOW, wait_for="cancel_order needs approval")[0].run_id


def press(database: Database, run_id: str, action_id: str, staff: Staff) -> str | None:
    desk = StaffDesk(
        desk=Desk(database),
        book=ReplyBook(database),
        targets=USUAL_TARGETS,
        zone=UTC,
        clock=lambda: NOW,
        wake=lambda _: None,
    )
    pressed = Press("T", "C", "1.0", staff.id, run_id, "", action_id)
    return desk.press(pressed, staff)


def buttons(database: Database, run_id: str) -> list[str]:
    run = ActionCards(database).run(run_id)
    assert run is not None
    blocks = action_post(run).blocks
    return [each["action_id"] for b in blocks if b["type"] == "actions" for each in b["elements"]]


class TestActionCard:
    def test_what_waits_is_drawn_once_and_again_when_it_changes(self, one_database: Database):
        """Through the same outbox as the other cards."""
        run_id, cards = waiting(one_database), ActionCards(one_database)
        cards.queue("C", NOW)
        cards.queue("C", NOW)
        outbox = Outbox(one_database)
        claimed = outbox.claim("me", NOW, hours(1), hours(0))
        assert [("action", {"run_id": run_id})] == [(each.kind, each.payload) for each in claimed]

        ActionRuns(one_database).decide(run_id, "approve", "Mei", NOW)
        cards.queue("C", NOW)
        assert 2 == ActionCards(one_database).run(run_id).queued  # type: ignore[union-attr]

    def test_it_shows_the_summary_escaped_and_two_buttons_until_somebody_decides(
        self, one_database: Database
    ):
        """Afterwards who it was, and no button."""
        run_id = waiting(one_database)
        assert [action_ids.ACTION_APPROVE, action_ids.ACTION_DECLINE] == buttons(
            one_database, run_id
        )
        press(one_database, run_id, action_ids.ACTION_APPROVE, MEI)
        run = ActionCards(one_database).run(run_id)
        assert run is not None

        assert [] == buttons(one_database, run_id)
        assert ("approved", "Mei") == (run.state, run.decided_by)
        assert "&lt;1&gt;" in action_post(run).blocks[1]["text"]["text"]

    def test_of_two_who_press_at_once_the_second_reads_what_it_is(self, one_database: Database):
        """Nothing is undone by the later press."""
        run_id = waiting(one_database)
        first = press(one_database, run_id, action_ids.ACTION_DECLINE, MEI)
        second = press(one_database, run_id, action_ids.ACTION_APPROVE, BO)

        assert first is None
        assert second is not None
        assert "declined" in second
