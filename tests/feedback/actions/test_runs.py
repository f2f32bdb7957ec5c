"""Runs of order actions: the stored yes, the lease, the end."""

import pytest

from feedback.actions.decisions import ActionDecisions
from feedback.actions.runs import ActionRuns, StoredYes, summary_id
from feedback.actions.states import MOVES, STATES, RunMoveNotAllowed, run_moved
from feedback.db.database import Database
from feedback.dialogues.action_memory import PlannedCall
from tests.factories import NOW, hours, make_store, open_dialogue

CALL = PlannedCall("cancel_order", {"order_id": "1"}, {"refund": "5.00"})


@pytest.fixture
def runs(one_database: Database) -> ActionRuns:
    store = make_store(one_database)
    open_dialogue(store, dialogue_id="d", shopper_id="anna", now=NOW)
    return ActionRuns(one_database)


def said_yes(runs: ActionRuns, *, wait_for: str = ""):
    yes = StoredYes(
        "d", "anna", summary_id("d", [CALL]), "Cancel order 1", "en", [CALL], wait_for=wait_for
    )
    return runs.confirm(yes, NOW)[0]


class TestStoredYes:
    def test_the_same_yes_twice_is_one_run(self, runs: ActionRuns):
        """Heard again after an answer got lost."""
        first, second = said_yes(runs), said_yes(runs)

        assert (first.run_id, 1) == (second.run_id, len(runs.newest()))

    def test_another_amount_is_another_summary(self):
        """A yes is for exactly what was read."""
        dearer = PlannedCall(CALL.name, CALL.arguments, {"refund": "4.00"})

        assert summary_id("d", [CALL]) != summary_id("d", [dearer])


class TestLease:
    def test_one_process_at_a_time_carries_a_run_out(self, runs: ActionRuns):
        """And another may take it over once the lease is over."""
        run = said_yes(runs)

        assert runs.claim(run.run_id, "a", NOW) is not None
        assert runs.claim(run.run_id, "b", NOW) is None
        assert runs.claim(run.run_id, "b", NOW + hours(1)) is not None

    def test_nothing_is_claimed_while_all_is_stopped(self, runs: ActionRuns):
        """And all of it afterwards."""
        run = said_yes(runs)
        ActionDecisions(runs.db).stop("Mei", NOW)
        assert runs.claim(run.run_id, "a", NOW) is None
        ActionDecisions(runs.db).resume()
        assert runs.claim(run.run_id, "a", NOW) is not None

    def test_a_run_that_ended_is_never_claimed_again(self, runs: ActionRuns):
        """Done is done."""
        run = said_yes(runs)
        held = runs.claim(run.run_id, "a", NOW)
        assert held is not None
        runs.finish(held, "succeed", NOW, outcome={"refund": "5.00"})

        assert runs.claim(run.run_id, "b", NOW + hours(9)) is None
        assert runs.claim_due("b", NOW + hours(9)) is None


class TestApproval:
    def test_of_two_who_press_at_once_the_first_counts(self, runs: ActionRuns):
        """The second reads what it is already."""
        run = said_yes(runs, wait_for="all")
        ActionDecisions(runs.db).decide(run.run_id, "decline", "Mei", NOW, "no")

        with pytest.raises(RunMoveNotAllowed, match="declined"):
            ActionDecisions(runs.db).decide(run.run_id, "approve", "Bo", NOW)

    def test_what_waits_for_approval_is_not_carried_out(self, runs: ActionRuns):
        """Whoever claims it."""
        run = said_yes(runs, wait_for="all")

        assert runs.claim(run.run_id, "a", NOW) is None


class TestStates:
    def test_no_end_leads_anywhere(self):
        """Every move out of every state is in the table, or refused."""
        for state in STATES:
            for move, allowed in MOVES.items():
                if state in allowed:
                    assert allowed[state] == run_moved(state, move)
                else:
                    with pytest.raises(RunMoveNotAllowed):
                        run_moved(state, move)
