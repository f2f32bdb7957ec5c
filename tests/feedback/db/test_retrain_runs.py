"""Turns of retraining: one at a time, each stage once, and whose words a version learned from."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from feedback.db.jobs import Runs
from feedback.db.retrain_runs import Retraining
from feedback.db.tables.people import Shopper
from feedback.db.tables.runs import RetrainRun
from feedback.privacy.erasure import Erasure
from tests.factories import NOW, hours
from tests.feedback.world import insert_rows

LEASE = hours(1)


class TestOpening:
    def test_eight_that_ask_at_once_open_one_turn(self, database):
        """A person, the schedule and a second replica in the same second."""
        turns = Retraining(database)
        with ThreadPoolExecutor(8) as pool:
            opened = list(pool.map(lambda n: turns.open(f"r{n}", "a test", NOW), range(8)))

        assert 1 == len({run.run_id for run in opened})
        assert 1 == len(Runs(database).all())

    def test_the_next_turn_has_a_moment_of_its_own(self, database):
        """The moment names its slots in the ledger of jobs."""
        turns = Retraining(database)
        first = turns.open("r1", "a test", NOW)
        assert turns.finish(first, "refused", NOW)
        second = turns.open("r2", "a test", NOW)

        assert second.run_id == "r2"
        assert second.started_at > first.started_at


class TestStages:
    def test_a_worker_that_was_taken_for_dead_can_not_go_on(self, database):
        """Both think they stand at collect; the second to say so is refused."""
        turns = Retraining(database)
        turns.open("r1", "a test", NOW)
        slow, quick = turns.unfinished(), turns.unfinished()
        assert slow
        assert quick

        assert turns.advance(quick, "train", examples=7)
        assert not turns.advance(slow, "train", examples=8)
        assert not turns.finish(slow, "failed", NOW)
        kept = turns.get("r1")
        assert kept
        assert ("train", 7, "running") == (kept.stage, kept.examples, kept.state)

    def test_a_finished_turn_stays_as_it_is(self, database):
        """And the next may begin."""
        turns = Retraining(database)
        run = turns.open("r1", "a test", NOW)
        assert turns.finish(run, "promoted", NOW, version=3)

        assert not turns.advance(run, "train")
        assert turns.unfinished() is None
        assert [3] == list(turns.versions())

    def test_progress_is_seen_from_elsewhere_and_gone_with_its_stage(self, database):
        """What the App Home and the desk show."""
        turns = Retraining(database)
        run = turns.open("r1", "a test", NOW)
        assert turns.note(run, doing="learning, round 2 of 4", done=0.4)
        seen = turns.unfinished()
        assert seen
        assert ("learning, round 2 of 4", 0.4) == (seen.doing, seen.done)

        assert turns.advance(run, "train")
        seen = turns.unfinished()
        assert seen
        assert seen.doing is None


class TestClaims:
    def test_of_a_dead_process_nobody_waits_for_the_lease(self, database):
        """Known dead: at once. Only silent: when its lease is over."""
        runs = Runs(database)
        first = runs.claim("retrain.train", NOW, "dead", LEASE, NOW)
        assert first
        assert runs.claim("retrain.train", NOW, "b", LEASE, NOW) is None
        second = runs.claim(
            "retrain.train", NOW, "b", LEASE, NOW, is_gone=lambda who: who == "dead"
        )

        assert second
        assert not runs.finish(first, ok=True)
        assert not runs.is_free("retrain.train", NOW, NOW, lambda _: False)

    def test_a_slot_given_back_is_free_at_once(self, database):
        """A trial is looked at many times, by whoever comes by."""
        runs = Runs(database)
        for number in range(20):
            claim = runs.claim("retrain.canary", NOW, f"w{number}", LEASE, NOW)
            assert claim
            assert runs.release(claim)
        assert not runs.given_up("retrain.canary", NOW, NOW)

    def test_what_killed_everybody_is_told_apart(self, database):
        """From what somebody works on."""
        runs = Runs(database)
        for number in range(5):
            assert runs.claim("retrain.train", NOW, "p", LEASE, NOW + number * hours(2))
        assert not runs.given_up("retrain.train", NOW, NOW + hours(8))
        assert runs.given_up("retrain.train", NOW, NOW + hours(10))


class TestErasing:
    def test_names_the_data_and_versions_and_cuts_the_link(self, database):
        """Their words are in what was learned; how many were erased is kept, who is not."""
        insert_rows(database, Shopper, [{"shopper_id": "ana", "created_at": NOW}])
        turns = Retraining(database)
        for number in (1, 2):
            run = turns.open(f"r{number}", "a test", NOW)
            turns.learned_from(run, ["ana", "ben"] if number == 1 else ["ben", "ben"])
            turns.finish(run, "promoted", NOW, version=number, data_hash=f"hash {number}")

        assert [("r1", "hash 1", 1)] == turns.learned_by("ana")
        assert Erasure(database).erase_shopper("ana", NOW)

        assert [] == turns.learned_by("ana")
        assert {1: 1, 2: 0} == {version: run.forgotten for version, run in turns.versions().items()}
        assert ["r2", "r1"] == [traced.run_id for traced in turns.learned_by("ben")]

    def test_a_turn_that_is_learning_from_them_begins_anew(self, database):
        """Its worker is refused its next step; the data is read again, without them."""
        insert_rows(database, Shopper, [{"shopper_id": "ana", "created_at": NOW}])
        turns, runs = Retraining(database), Runs(database)
        run = turns.open("r1", "a test", NOW)
        for stage in ("collect", "train"):
            claim = runs.claim(f"retrain.{stage}", run.started_at, "w", LEASE, NOW)
            assert claim is not None
            if stage == "collect":
                turns.learned_from(run, ["ana"])
                assert turns.advance(run, "train")
                assert runs.finish(claim, ok=True)
        Erasure(database).erase_shopper("ana", NOW)

        assert not turns.advance(run, "evaluate")
        assert claim is not None
        assert not runs.heartbeat(claim, LEASE, NOW)
        again = turns.unfinished()
        assert again
        assert "collect" == again.stage
        assert runs.claim("retrain.collect", again.started_at, "w2", LEASE, NOW)


class TestRecording:
    def test_what_was_made_in_one_go_is_written_down_once(self, database):
        """A refresh of the library."""
        turns = Retraining(database)
        made: dict[str, Any] = {
            "run_id": "refresh-1", "state": "promoted", "stage": "done", "trigger": "reply book",
            "parent_version": 1, "version": 2, "started_at": NOW, "finished_at": NOW,
        }  # fmt: skip
        turns.record(RetrainRun(**made))
        turns.record(RetrainRun(**made))

        assert [2] == [run.version for run in Runs(database).all()]
        assert turns.unfinished() is None
