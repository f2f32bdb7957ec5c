"""Stories of the ledgers: one owner a slot, a lease that runs out, a late finish refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from feedback.db.errors import BadChoice, UnknownRun
from feedback.db.jobs import MAX_ATTEMPTS, Runs
from feedback.db.retrain_runs import Retraining
from feedback.db.tables.runs import RetrainRun
from tests.factories import NOW, hours

LEASE = hours(1)


class TestJobLedger:
    def test_slot_has_one_owner(self, database):
        """
        Eight schedulers propose the same slot; one may run it.
        """
        runs = Runs(database)
        with ThreadPoolExecutor(8) as pool:
            claims = list(
                pool.map(lambda n: runs.claim("retrain", NOW, f"p{n}", LEASE, NOW), range(8))
            )
        assert len([claim for claim in claims if claim]) == 1

    def test_dead_owner_is_taken_over_and_fenced_off(self, database):
        """
        When the lease has run out another takes over, and the first one's result no longer counts.
        """
        runs = Runs(database)
        first = runs.claim("retrain", NOW, "p1", LEASE, NOW)
        assert first
        assert runs.claim("retrain", NOW, "p2", LEASE, NOW + LEASE) is None
        second = runs.claim("retrain", NOW, "p1", LEASE, NOW + hours(1.1))

        assert second
        assert (1, 2) == (first.attempt, second.attempt)
        assert not runs.heartbeat(first, LEASE, NOW)
        assert not runs.finish(first, ok=True)
        assert runs.finish(second, ok=True, note="version 2")
        assert runs.claim("retrain", NOW, "p3", LEASE, NOW + hours(99)) is None

    def test_heartbeat_keeps_the_slot(self, database):
        """
        Who works on and says so keeps it past the first lease.
        """
        runs = Runs(database)
        claim = runs.claim("report", NOW, "p1", LEASE, NOW)
        assert claim
        assert runs.heartbeat(claim, LEASE, NOW + hours(0.9))
        assert runs.claim("report", NOW, "p2", LEASE, NOW + hours(1.5)) is None

    def test_eight_take_over_once(self, database):
        """
        Of eight that find a dead owner at the same moment one takes over.
        """
        runs = Runs(database)
        runs.claim("report", NOW, "dead", LEASE, NOW)
        later = NOW + hours(2)
        with ThreadPoolExecutor(8) as pool:
            claims = list(
                pool.map(lambda n: runs.claim("report", NOW, f"p{n}", LEASE, later), range(8))
            )
        assert len([claim for claim in claims if claim]) == 1

    def test_slot_that_kills_everybody_is_given_up(self, database):
        """
        After five attempts a slot is left alone.
        """
        runs = Runs(database)
        claims = [
            runs.claim("report", NOW, "p", LEASE, NOW + n * hours(2))
            for n in range(MAX_ATTEMPTS + 2)
        ]
        assert [bool(claim) for claim in claims] == [True] * MAX_ATTEMPTS + [False, False]
        assert [("report", MAX_ATTEMPTS)] == [
            (slot.job, slot.attempt) for slot in runs.slots("report", NOW)
        ]


class TestRetrainRuns:
    def test_run_tells_what_became_of_it(self, database):
        """
        Stage by stage the ledger knows data, weights, scores and the reason.
        """
        runs, turns = Runs(database), Retraining(database)
        assert runs.latest() is None
        run = turns.open("r1", "schedule", NOW, parent_version=1)
        turns.advance(run, "train", examples=900, data_hash="abc")
        turns.advance(run, "evaluate", version=2, scores={"top1": 0.9})
        assert [("evaluate", "running")] == [(run.stage, run.state) for run in runs.all()]
        turns.finish(run, "promoted", NOW + hours(1), reason="better on gold")
        turns.open("r2", "mei", NOW + hours(2))
        run = turns.open("r2", "mei", NOW + hours(3))
        turns.finish(run, "failed", NOW + hours(3), reason="out of memory")

        second, first = runs.all()
        assert ("promoted", "done", 900, 2, {"top1": 0.9}) == (
            first.state,
            first.stage,
            first.examples,
            first.version,
            first.scores,
        )
        assert ("failed", "collect") == (second.state, second.stage)

    def test_an_unknown_run_is_not_moved_and_an_unknown_outcome_is_named(self, one_database):
        """
        Closing what was never opened is refused.
        """
        turns = Retraining(one_database)
        ghost = RetrainRun(
            run_id="ghost", state="running", stage="collect", trigger="mei", started_at=NOW
        )
        assert not turns.advance(ghost, "train")
        with pytest.raises(BadChoice, match="promoted"):
            turns.finish(ghost, "great", NOW)


class TestWeeklyReports:
    def test_report_of_a_week_is_kept_once(self, database):
        """
        Computed again it is replaced, and it keeps where it was posted.
        """
        runs = Runs(database)
        runs.save_report("2026-W47", {"verdict": "not yet"}, NOW)
        runs.mark_posted("2026-W47", "1700000000.000100")
        runs.save_report("2026-W47", {"verdict": "better"}, NOW + hours(1))
        runs.save_report("2026-W46", {"verdict": "worse"}, NOW + hours(2))

        latest = runs.latest_report()
        assert latest is not None
        assert ("2026-W47", "better", "1700000000.000100") == (
            latest.week,
            latest.report["verdict"],
            latest.posted_ts,
        )
        assert ["2026-W47", "2026-W46"] == [report.week for report in runs.reports()]
        assert runs.report_of("2026-W45") is None
        with pytest.raises(UnknownRun):
            runs.mark_posted("2026-W45", "1")
