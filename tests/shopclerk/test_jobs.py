"""What the schedule does by itself: goes on with a turn, finds reasons to train, names the code."""

import subprocess
from datetime import timedelta

import pytest

from feedback.db.jobs import Runs
from feedback.db.retrain_runs import Retraining
from feedback.db.tables.runs import RetrainRun
from feedback.db.tables.signals import Rating
from shopclerk.settings import Settings
from shopclerk.wiring.base import utc_now
from shopclerk.wiring.code_version import _commit
from shopclerk.wiring.jobs import TRIAL_EVERY, ResumeRetraining, reason_to_retrain
from tests.feedback.report.test_drift import talk
from tests.feedback.world import insert_rows

LEASE = timedelta(minutes=2)


@pytest.fixture
def turn(one_database):
    """An open turn, and who looks after it."""
    ran = []

    def command(*words):
        ran.append(words)
        return 0

    turns = Retraining(one_database)
    run = turns.open("r1", "a test", utc_now())
    return turns, run, ResumeRetraining(one_database, command), ran


class TestOpenTurn:
    def test_a_turn_nobody_works_on_gets_a_worker(self, turn):
        """In the background."""
        *_, watch, ran = turn

        assert watch.look()
        assert [("retrain", "--resume", "--background")] == ran

    def test_a_turn_somebody_works_on_is_left_alone(self, turn, one_database):
        """Until they let their lease run out."""
        _, run, watch, ran = turn
        Runs(one_database).claim("retrain.collect", run.started_at, "b", LEASE, utc_now())

        assert not watch.look()
        assert [] == ran

    def test_a_trial_is_looked_at_now_and_then(self, turn):
        """A look loads TensorFlow, and a trial takes days."""
        turns, run, watch, ran = turn
        assert turns.note(run, trial_since=utc_now())

        looked = sum(watch.look() for _ in range(3 * TRIAL_EVERY))
        assert 3 == looked == len(ran)

    def test_without_a_turn_nothing_is_run(self, one_database):
        """Most of the time."""
        assert not ResumeRetraining(one_database, lambda *_: pytest.fail("ran")).look()


class TestReasons:
    @pytest.fixture
    def trained(self, one_database):
        """A shop whose model was trained three days ago."""
        at = utc_now() - timedelta(days=3)
        made = RetrainRun(
            run_id="r0", state="promoted", stage="done", trigger="a test", version=1,
            data_until=at, started_at=at, finished_at=at,
        )  # fmt: skip
        Retraining(one_database).record(made)
        return one_database

    def settings(self, **changes):
        return Settings(_env_file=None, **changes)

    def like(self, database, count):
        for number in range(count):
            talk(database, f"s{number}", at=utc_now() - timedelta(hours=1))
            row = {
                "impression_id": f"s{number}", "voter": "v", "value": "up", "rated_at": utc_now(),
            }  # fmt: skip
            insert_rows(database, Rating, [row])

    def test_enough_accepted_dialogues_are_one(self, trained):
        """And the run says so."""
        self.like(trained, 3)

        assert "3 accepted dialogues" == reason_to_retrain(self.settings(retrain_after=3), trained)
        assert reason_to_retrain(self.settings(retrain_after=4), trained) is None
        assert reason_to_retrain(self.settings(retrain_after=0), trained) is None

    def test_a_shop_that_has_just_trained_rests(self, trained):
        """One that nobody asked for, every twelve hours at most."""
        self.like(trained, 3)
        lately = utc_now() - timedelta(hours=1)
        again = RetrainRun(
            run_id="r1", state="refused", stage="done", trigger="a test",
            data_until=lately - timedelta(days=2), started_at=lately, finished_at=lately,
        )  # fmt: skip
        Retraining(trained).record(again)

        assert reason_to_retrain(self.settings(retrain_after=3), trained) is None

    def test_without_a_first_model_nothing_is_wanted(self, one_database):
        """`shopclerk up` makes it."""
        assert reason_to_retrain(self.settings(retrain_after=1), one_database) is None


class TestCode:
    def test_a_checkout_is_known_by_its_commit(self, tmp_path):
        """A branch, packed or not; no repository, no commit."""
        assert _commit(tmp_path) is None

        def git(*words):
            identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
            return subprocess.run(
                ["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True, text=True
            ).stdout.strip()

        git("init", "--quiet")
        git("commit", "--quiet", "--allow-empty", "-m", "first")
        assert _commit(tmp_path) == git("rev-parse", "HEAD")
        git("pack-refs", "--all")
        assert _commit(tmp_path) == git("rev-parse", "HEAD")
        git("checkout", "--quiet", "--detach")
        assert _commit(tmp_path) == git("rev-parse", "HEAD")
