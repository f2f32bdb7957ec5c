"""A challenger's trial over the real store: shoppers arrive, press, and something is decided."""

from datetime import timedelta

import pytest

from feedback.experiments.canary_trials import Trials
from feedback.experiments.question_topics import QuestionTopics
from feedback.knowledge.importers.records import QuestionLine
from feedback.knowledge.reply_book import ReplyBook
from tests.factories import (
    EXPERIMENT,
    NOW,
    answer,
    days,
    hours,
    make_store,
    new_id,
    open_dialogue,
    signals_of,
)

LATER = hours(2)


class Shop:
    """Shoppers of both arms, as they come after noon."""

    def __init__(self, database, **options):
        self.store = make_store(database)
        self.asked: list[int] = []
        self.came = NOW
        self.trials = Trials(
            database,
            EXPERIMENT,
            longest=days(14),
            asks=lambda version, reason: self.asked.append(version),
            **options,
        )
        self.trials.begin(2, 1, NOW, predicted={"dr": {"value": 0.4, "low": 0.35, "high": 0.45}})

    def come(self, count, arm, *, thumb=None, kind="answer", question="Can I send it back?"):
        for _ in range(count):
            shopper = new_id("shopper")
            self.came += timedelta(seconds=1)
            dialogue = open_dialogue(self.store, shopper_id=shopper, arm=arm, now=self.came)
            version = 2 if arm == "challenger" else 1
            shown = answer(
                self.store, dialogue, kind=kind, model_version=version, question=question
            ).impression
            if thumb:
                signals_of(self.store).rate(
                    impression_id=shown.impression_id, voter=shopper, value=thumb, now=NOW
                )

    def look(self, after=LATER):
        return self.trials.look(2, NOW + after)


@pytest.fixture
def shop(one_database):
    return Shop(one_database)


class TestTrial:
    def test_harm_in_the_canary_is_rolled_back_and_stays_so(self, shop):
        """What passed offline is disliked by shoppers; looked at again it is the same."""
        shop.come(40, "champion")
        assert shop.look().decision is None
        for _ in range(15):
            shop.come(2, "champion")
            shop.come(1, "challenger", thumb="down")

        found = shop.look()
        assert found.decision == "roll_back"
        assert "100.0 % pressed a thumb down, the champion's 0.0 %" in found.reason
        assert shop.look(days(20)) == found
        assert (trial := shop.trials.get(2))
        assert (trial.state, trial.decided_by) == ("rolled_back", "guard")

    def test_a_ruined_topic_is_rolled_back_and_named(self, shop, one_database):
        """Four hundred others are as content as ever; by their words shoppers are told apart."""
        labelled = [QuestionLine("what is shipping", "shipping_cost"), QuestionLine("back", "back")]
        ReplyBook(one_database).put_questions(labelled, NOW)
        for _ in range(18):
            shop.come(20, "champion", question="can it come back", thumb="down")
            shop.come(4, "challenger", question="can it come back")
            shop.come(1, "champion", question="how much is shipping to france")
            shop.come(1, "challenger", question="is shipping free", thumb="down")

        found = shop.look()
        assert found.decision == "roll_back"
        assert "asked about shipping_cost: 100.0 % pressed a thumb down" in found.reason

    def test_the_prediction_is_told_beside_what_was_seen(self, shop):
        """What the log had said, and what shoppers then accepted."""
        shop.come(30, "champion")
        shop.come(12, "challenger", thumb="up")
        found = shop.look(days(14) + hours(1))

        assert found.decision == "keep"
        assert "100.0 % of its answers were accepted, the log had said 40.0 %" in found.reason

    def test_a_shopper_of_the_last_hour_is_not_counted_yet(self, shop):
        """Thumbs come in the minutes after an answer."""
        shop.come(5, "challenger", thumb="down")
        assert "0 shoppers had it" in shop.look(hours(0.5)).reason
        assert "5 shoppers had it" in shop.look(hours(1.5)).reason

    def test_a_person_s_word_counts_before_any_figure(self, shop):
        """Ended for the champion at once, once."""
        assert shop.trials.decide(2, "keep", "Robin", NOW)
        assert not shop.trials.decide(2, "promote", "Mei", NOW)
        assert shop.look() == ("keep", "decided by Robin")

    def test_what_nobody_began_is_given_up(self, shop):
        """A version without a trial is not promoted by one."""
        assert shop.trials.look(9, NOW).decision == "keep"


class TestApproval:
    def test_a_good_challenger_waits_for_a_yes(self, one_database, monkeypatch):
        """It is asked for once, and promoted when somebody gives it."""
        shop = Shop(one_database, needs_approval=True)
        shop.come(3, "challenger", thumb="up")
        trial = shop.trials.get(2)
        assert trial is not None
        found = shop.trials.met(trial, NOW + hours(2), QuestionTopics(()))
        crowd = [
            one._replace(challenger=number % 2 == 0) for number, one in enumerate(found * 1_500)
        ]
        monkeypatch.setattr(shop.trials, "met", lambda trial, now, topics: crowd)

        waits = [shop.look(), shop.look(hours(3))]
        assert [one.decision for one in waits] == [None, None]
        assert waits[0].reason.startswith("waits for a person to promote it; not worse")
        assert shop.asked == [2]
        assert (going_on := shop.trials.open())
        assert going_on.state == "waiting"

        shop.trials.decide(2, "promote", "Mei", NOW)
        assert shop.look().decision == "promote"
