"""A challenger's trial over the real store: shoppers arrive, press, and something is decided."""

from datetime import timedelta

import pytest

from feedback.db.tables.runs import Trial
from feedback.experiments.canary_guard import Rate
from feedback.experiments.canary_trials import Trials
from feedback.experiments.question_topics import QuestionTopics
from feedback.experiments.trial_size import TrialSize
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

    def is_small(self, version=3):
        """Another trial, of a shop in which a hundred come where 2,700 would be needed."""
        size = TrialSize(2_700, 100, 0.5).as_json()
        gate = "all: 81.0 % right of 100, the champion 78.0 %"
        self.trials.begin(version, 1, NOW, predicted={"size": size, "gate": gate})

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


class TestSmallShop:
    def test_a_person_is_asked_in_plain_words_when_no_harm_showed(self, shop):
        """After three days: how few it were, what the gate said; once."""
        shop.is_small()
        shop.come(6, "champion")
        shop.come(5, "challenger")
        early = shop.trials.look(3, NOW + days(2))
        late = [shop.trials.look(3, NOW + days(4)) for _ in range(2)]

        assert "not enough seen yet" in early.reason
        assert [None, None] == [one.decision for one in late]
        assert late[0].reason.startswith("waits for a person to promote it; 5 shoppers had it")
        assert "about 2,700 to be sure" in late[0].reason
        assert "before it met anybody: all: 81.0 % right" in late[0].reason
        assert [3] == shop.asked
        assert shop.trials.decide(3, "promote", "Mei", NOW + days(5))
        assert ("promote", "decided by Mei") == shop.trials.look(3, NOW + days(5))

    def test_nobody_s_yes_keeps_the_champion(self, shop):
        """A question that nobody answers does not hold up the next version for ever."""
        shop.is_small()
        assert shop.trials.look(3, NOW + days(4)).decision is None
        assert "keep" == shop.trials.look(3, NOW + days(15)).decision

    def test_a_standing_yes_promotes_what_did_no_harm(self, one_database):
        """And says that it was one."""
        shop = Shop(one_database, standing_yes=True)
        shop.is_small()
        found = shop.trials.look(3, NOW + days(4))

        assert "promote" == found.decision
        assert found.reason.startswith("by the owner's standing yes; 0 shoppers had it")
        assert (trial := shop.trials.get(3))
        assert "standing yes" == trial.decided_by

    def test_harm_is_rolled_back_whatever_was_said(self, one_database):
        """Each shopper counts from the first."""
        shop = Shop(one_database, standing_yes=True)
        shop.is_small()
        shop.come(40, "champion")
        for _ in range(15):
            shop.come(2, "champion")
            shop.come(1, "challenger", thumb="down")

        assert "roll_back" == shop.trials.look(3, NOW + days(1)).decision

    def test_what_many_versions_did_together_counts_against_the_next(self, one_database):
        """None alone was caught: each trial's evidence is 5, of eighty that it takes."""
        shop = Shop(one_database, standing_yes=True)
        rates = [
            Rate("disliked", 0.02, 0.06, 5.0, None)._asdict(),
            Rate("handed_over", 0.1, 0.1, 1.0, None)._asdict(),
        ]
        seen = {"challengers": 50, "champions": 50, "rates": rates}
        with shop.trials.db.transaction() as session:
            for version in range(10, 14):
                before = NOW - days(version)
                session.add(
                    Trial(version=version, champion=1, state="kept", since=before, seen=seen)
                )
        shop.is_small(20)
        shop.come(3, "challenger")
        found = shop.trials.look(20, NOW + days(4))

        assert found.decision is None
        assert "together these versions did harm" in found.reason
        assert "203 shoppers met a challenger: 5.9 % pressed a thumb down" in found.reason

    def test_the_size_is_planned_by_who_came(self, shop):
        """Of four weeks, the champion's rates; a shop that knows nothing yet is small."""
        assert not shop.trials.size(NOW).enough
        shop.come(30, "champion")
        shop.come(10, "champion", kind="handover")
        size = shop.trials.size(NOW + LATER)

        assert (False, 0.5) == (size.enough, size.share)
        assert size.needed > 5_000  # a quarter is handed over


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
