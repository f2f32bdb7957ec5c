"""The card of an order action in Slack: who presses first decides."""

from datetime import UTC

from bot.channels.slack import action_ids
from bot.channels.slack.action_card import action_post, reminder_text
from bot.channels.slack.action_desk import UNCHANGED
from bot.channels.slack.action_modals import change_modal, decline_modal
from bot.channels.slack.block_rules import checked_view
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.messages import Press
from feedback.actions.decisions import ActionDecisions
from feedback.actions.runs import ActionRuns, StoredYes, summary_id
from feedback.db.database import Database
from feedback.desk.action_cards import ActionCards
from feedback.desk.actions import Desk
from feedback.desk.card_lock import Staff
from feedback.desk.outbox import Outbox
from feedback.desk.targets import USUAL_TARGETS
from feedback.dialogues.action_memory import PlannedCall
from feedback.files.repository import Files
from feedback.knowledge.reply_book import ReplyBook
from tests.factories import NOW, hours, make_store, open_dialogue

CALL = PlannedCall("cancel_order", {"order_id": "1"}, {"refund": "5.00"})
PIECES = PlannedCall("return_items", {"order_id": "1", "skus": ["rug", "hat"]}, {})
MEI, BO = Staff("U1", "Mei"), Staff("U2", "Bo")


def waiting(
    database: Database,
    call: PlannedCall = CALL,
    summary: str = "Cancel order <1>:",
    *,
    by_staff: bool = False,
) -> str:
    open_dialogue(make_store(database), dialogue_id="d", shopper_id="anna", now=NOW)
    yes = StoredYes(
        "d",
        "anna",
        summary_id("d", [call]),
        summary,
        "en",
        [call],
        by_staff=by_staff,
        wait_for="Cancel order waits for approval",
    )
    return ActionRuns(database).confirm(yes, NOW)[0].run_id


def staff_desk(database: Database) -> StaffDesk:
    return StaffDesk(
        desk=Desk(database),
        book=ReplyBook(database),
        files=Files(database),
        targets=USUAL_TARGETS,
        zone=UTC,
        clock=lambda: NOW,
        wake=lambda _: None,
    )


def press(database: Database, run_id: str, action_id: str, staff: Staff) -> str | None:
    pressed = Press("T", "C", "1.0", staff.id, run_id, "", action_id)
    return staff_desk(database).press(pressed, staff)


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

        ActionDecisions(one_database).decide(run_id, "approve", "Mei", NOW)
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
        first = staff_desk(one_database).actions.decide(run_id, "decline", MEI, "It has left.")
        second = press(one_database, run_id, action_ids.ACTION_APPROVE, BO)

        assert first is None
        assert second is not None
        assert "declined" in second

    def test_a_part_is_approved_in_a_form_with_a_box_for_each_piece(self, one_database: Database):
        """Unticked, it is left out; the shopper is asked."""
        run_id = waiting(one_database, PIECES, "Return from order 1:\n• Wool Rug\n• Felt Hat")
        desk = staff_desk(one_database).actions
        modal = change_modal(run_id, "C", "1.0", desk.pieces(run_id))
        checked_view(modal)
        boxes = modal["blocks"][0]["element"]["options"]

        assert ["Wool Rug", "Felt Hat"] == [box["text"]["text"] for box in boxes]
        assert action_ids.ACTION_CHANGE in buttons(one_database, run_id)
        assert UNCHANGED == desk.change(run_id, [0, 1], MEI, "")
        assert desk.change(run_id, [0], MEI, "The hat is worn.") is None
        run = ActionRuns(one_database).get(run_id)
        assert run is not None
        assert ("offered", ["rug"], "The hat is worn.") == (
            run.state,
            run.arguments["skus"],
            run.decision,
        )

    def test_what_is_done_by_hand_has_a_checklist_and_one_button(self, one_database: Database):
        """Pressed, it is done."""
        run_id = waiting(one_database, PIECES, "Return from order 1:", by_staff=True)
        run = ActionCards(one_database).run(run_id)
        assert run is not None
        drawn = str(action_post(run).blocks)

        assert "☐ Tell the shopper where to send it" in drawn
        assert [action_ids.ACTION_DONE, action_ids.ACTION_DECLINE] == buttons(one_database, run_id)
        press(one_database, run_id, action_ids.ACTION_DONE, MEI)
        assert [] == buttons(one_database, run_id)

    def test_a_form_to_decline_is_one_that_slack_takes(self):
        """Words are not asked for, only taken."""
        checked_view(decline_modal("r", "C", "1.0"))

    def test_a_reminder_is_posted_once_below_the_card(self, one_database: Database):
        """A day before it expires."""
        run_id, cards = waiting(one_database), ActionCards(one_database)
        cards.drawn(run_id, "C", "1.5")
        later = NOW + hours(50)
        ActionDecisions(one_database).remind(later)
        for _ in range(2):
            cards.queue_reminders("C", reminder_text, later)
        outbox = Outbox(one_database)
        claimed = outbox.claim("me", later, hours(1), hours(0))

        assert ["1.5"] == [each.thread_ts for each in claimed if each.kind == "words"]
