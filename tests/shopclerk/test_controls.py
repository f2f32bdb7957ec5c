"""What the staff ask of the model: a bot writes it down, the schedule carries it out."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.controls import ModelNotChanged
from bot.model_requests import AskModelRequests
from feedback.db.errors import BadChoice
from feedback.db.model_requests import ModelRequests
from feedback.db.retrain_runs import Retraining
from feedback.db.tables.runs import Trial
from shopclerk.settings import Settings
from shopclerk.wiring import build_rollout, new_id, utc_now, version_folder
from shopclerk.wiring.model_requests import ModelRequestRunner
from tests.factories import NOW
from tests.feedback.world import insert_rows
from tests.serving.fakes import write_version
from training.jobs.watch_library import Poller


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A shop with two versions, the first answers; its model server does not run."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(_env_file=None, models_dir=tmp_path / "models")
    for _ in range(2):
        version_folder(settings).publish(write_version())
    build_rollout(settings).promote(1)
    return settings


@pytest.fixture
def ran():
    """The commands that were started."""
    return []


@contextmanager
def schedule(settings, database, ran=None):
    """The schedule's part of it, in a thread, as in its own process."""
    acts = ModelRequestRunner(settings, database, lambda *words: ran.append(words) or 0)
    looking = Poller("model", acts.look, every_s=0.01)
    looking.start()
    try:
        yield
    finally:
        looking.stop()


def ask_schedule(requests, **patience):
    return AskModelRequests(requests, clock=utc_now, new_id=new_id, **patience)


class TestActs:
    """From the bot's question to the schedule's word."""

    def test_a_version_is_promoted_and_gone_back_from(self, settings, database):
        """The bot itself writes no model."""
        asking = ask_schedule(ModelRequests(database))

        with schedule(settings, database):
            assert "Version 2 answers now." == asking("promote", "Mei", 2)
            assert 2 == build_rollout(settings).stable()
            assert "Version 1 answers again." == asking("roll_back", "Mei")
        assert 1 == build_rollout(settings).stable()

    def test_a_refusal_comes_back_in_the_models_own_words(self, settings, database):
        """The value and what there is instead; the next request is carried out."""
        asking = ask_schedule(ModelRequests(database))

        with schedule(settings, database):
            with pytest.raises(ModelNotChanged, match="no version 9"):
                asking("promote", "Mei", 9)
            with pytest.raises(ModelNotChanged, match="Version 2 is not on trial"):
                asking("keep", "Mei", 2)
            assert "Version 2 answers now." == asking("promote", "Mei", 2)

    def test_a_trial_ends_by_a_persons_word(self, settings, database):
        """It is noted whose."""
        trial = Trial(version=2, champion=1, since=utc_now())
        insert_rows(database, Trial, [trial.model_dump()])

        with schedule(settings, database):
            told = ask_schedule(ModelRequests(database))("keep", "Mei", 2)

        assert "The trial of version 2 is over; the champion stays." == told
        with database.reading() as session:
            assert "decided by Mei" == session.get(Trial, 2).reason

    def test_retraining_is_begun_and_not_waited_for(self, settings, database, ran):
        """In a process of its own, for the person's reason."""
        with schedule(settings, database, ran):
            assert "has begun" in ask_schedule(ModelRequests(database))("retrain", "Mei")

        assert [("retrain", "--trigger", "Mei")] == ran

    def test_one_retraining_at_a_time(self, settings, database, ran):
        """Wherever the other was begun."""
        Retraining(database).open("r1", "schedule", utc_now())

        with (
            schedule(settings, database, ran),
            pytest.raises(ModelNotChanged, match="going on already"),
        ):
            ask_schedule(ModelRequests(database))("retrain", "Mei")
        assert [] == ran

    def test_what_breaks_is_told_too(self, settings, database, monkeypatch):
        """Nobody waits for a word that does not come."""
        monkeypatch.setattr(ModelRequestRunner, "_carry_out", lambda *_: 1 / 0)

        with (
            schedule(settings, database),
            pytest.raises(ModelNotChanged, match=r"it failed.*by zero"),
        ):
            ask_schedule(ModelRequests(database))("roll_back", "Mei")


class TestNobodyThere:
    """The schedule does not run."""

    def test_the_request_is_withdrawn_and_who_asked_is_told(self, settings, database):
        """It must not come true an hour later."""
        with pytest.raises(ModelNotChanged, match="shopclerk schedule"):
            ask_schedule(ModelRequests(database), taken_within_s=0.1)("promote", "Mei", 2)

        assert ModelRequests(database).take(utc_now()) is None

    def test_one_that_takes_long_is_not_waited_for(self, settings, database):
        """It is under way: nothing is withdrawn."""
        requests = ModelRequests(database)
        taken: list[Any] = []

        def take():
            while not taken:  # however late the request is written
                taken.extend(filter(None, [requests.take(utc_now())]))
                time.sleep(0.02)

        taker = threading.Thread(target=take, daemon=True)
        taker.start()

        told = ask_schedule(requests, taken_within_s=5, done_within_s=0.5)("promote", "Mei", 2)
        taker.join()

        assert "takes longer" in told
        assert ["promote"] == [request.act for request in taken]


class TestLedger:
    def test_each_is_taken_once_in_order(self, database):
        """Eight schedules at once."""
        requests = ModelRequests(database)
        requests.ask(new_id(), "promote", "Mei", NOW, 1)
        requests.ask(new_id(), "roll_back", "Mei", NOW + timedelta(seconds=1))
        later = NOW + timedelta(seconds=2)
        results = []
        threads = [
            threading.Thread(target=lambda: results.append(requests.take(later))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        taken = [request.act for request in results if request is not None]
        assert len(taken) == len(set(taken))
        while (request := requests.take(later)) is not None:
            taken.append(request.act)
        assert {"promote", "roll_back"} == set(taken)

    def test_what_a_dead_bot_left_is_not_carried_out(self, database):
        """It could not withdraw it."""
        requests = ModelRequests(database)
        requests.ask("r1", "roll_back", "Mei", NOW)

        assert requests.take(NOW + timedelta(minutes=6)) is None

    def test_an_act_nobody_knows_is_refused(self, database):
        """Before it is written."""
        with pytest.raises(BadChoice, match="explode"):
            ModelRequests(database).ask("r1", "explode", "Mei", NOW)
