"""Order actions that wait for a colleague, in a Slack that we did not write, in both modes."""

import pytest
from sqlmodel import col, select

from feedback.actions.runs import ActionRuns, StoredYes, summary_id
from feedback.db.tables.audit import AuditEntry
from feedback.dialogues.action_memory import PlannedCall
from tests.slack_peer import ALICE, BOB, MIA, REVIEW, eventually, text_of

pytestmark = pytest.mark.slow


@pytest.fixture
def slack(shop, workspace):
    """The peer with the clerk connected, in either mode."""
    with workspace.with_clerk(shop) as peer:
        yield peer


def waits(shop, number):
    """A shopper has said yes to cancel an order; the run that waits for approval."""
    dialogue_id = shop.open()
    shopper_id = shop.dialogue(dialogue_id).shopper_id
    call = PlannedCall("cancel_order", {"order_id": number}, {"refund": "5.00"})
    yes = StoredYes(
        dialogue_id,
        shopper_id,
        summary_id(dialogue_id, [call]),
        f"Cancel order {number} <!here>: 5.00 USD come back.",
        "en",
        [call],
        wait_for="Cancel order waits for approval",
    )
    return ActionRuns(shop.store.db).confirm(yes, shop.clock())[0].run_id


def card(slack, number):
    def found():
        shown = (m for m in slack.bot_messages(REVIEW) if f"order {number}" in text_of(m))
        return next(shown, None)

    return eventually(found)


def audit(shop):
    with shop.store.db.reading() as session:
        lines = session.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
    return [(line.actor, line.action, line.subject) for line in lines]


class TestApprovals:
    def test_who_presses_first_decides_and_is_in_the_audit_log(self, slack, shop):
        """A shopper can not; the card says who it was, and has no button left."""
        first, second = waits(shop, "1001"), waits(shop, "1002")
        approved, declined = card(slack, "1001"), card(slack, "1002")
        assert "Cancel order 1001 &lt;!here&gt;" in text_of(approved)
        slack.press(approved, ALICE, "desk_action_approve")
        slack.press(approved, MIA, "desk_action_approve")
        eventually(lambda: "Approved* by Mia Moreau" in text_of(card(slack, "1001")) or None)
        slack.press(approved, BOB, "desk_action_approve")
        slack.press(declined, BOB, "desk_action_decline")
        assert second in slack.modal()["private_metadata"]  # a decline wants its reason

        told = eventually(lambda: len(slack.whispers(REVIEW)) >= 2 and slack.whispers(REVIEW))
        assert [ALICE, BOB] == [each["ephemeral_to"] for each in told]
        assert "for the shop's staff" in told[0]["text"]
        assert "desk_action_approve" not in text_of(card(slack, "1001"))
        runs = [ActionRuns(shop.store.db).get(run_id) for run_id in (first, second)]
        assert ["approved", "submitted"] == [run.state for run in runs if run]
        entry = (f"slack:{MIA}", "slack.desk_action_approve", first)
        assert eventually(lambda: entry in audit(shop) or None)
        assert ALICE not in str(audit(shop))
