"""The guard: harm is seen at once, its absence in time, and chance is not mistaken for either."""

import random
from datetime import timedelta

from hypothesis import given, strategies as st

from feedback.experiments.canary_guard import HARM, DealtShopper, evidence_of_harm, look
from tests.factories import NOW, days

LONGEST, DAY = days(14), days(1)


def met(count, *, champion=0.05, challenger=0.05, share=0.3, seed=1, handed=0.1):
    chance = random.Random(seed)
    found = []
    for number in range(count):
        is_challenger = chance.random() < share
        down = chance.random() < (challenger if is_challenger else champion)
        found.append(
            DealtShopper(
                NOW + timedelta(seconds=number), is_challenger, down, chance.random() < handed
            )
        )
    return found


def looked(shoppers, *, after=DAY):
    return look(shoppers, since=NOW, now=NOW + after, longest=LONGEST)


def first_decision(shoppers, *, every=100):
    """What a guard that looks all the time decides first, and after how many shoppers."""
    for count in range(every, len(shoppers) + 1, every):
        seen = looked(shoppers[:count])
        if seen.decision:
            return seen.decision, count
    return None, len(shoppers)


class TestHarm:
    def test_gross_harm_is_rolled_back_within_a_few_hundred(self):
        """A quarter of the shoppers dislike it instead of one in twenty."""
        decision, count = first_decision(met(3_000, challenger=0.25, share=0.1))
        assert decision == "roll_back"
        assert count <= 1_000

    def test_hand_overs_are_harm_too(self):
        """A challenger that passes everything on is no improvement, however few dislike it."""
        shoppers = [one._replace(handed_over=one.challenger or one.handed_over) for one in met(400)]
        assert looked(shoppers).decision == "roll_back"
        assert "handed over" in looked(shoppers).reason

    def test_no_difference_is_seldom_taken_for_harm(self):
        """Looked at after every 300 of 1,500 shoppers, in 40 trials without any difference."""
        wrongly = sum(
            first_decision(met(1_500, seed=seed), every=300)[0] == "roll_back" for seed in range(40)
        )
        assert wrongly <= 4

    @given(st.lists(st.booleans(), max_size=300), st.integers(0, 9))
    def test_a_better_challenger_never_harms(self, downs, seed):
        """Where nobody disliked the challenger there is no evidence against it."""
        outcomes = [(False, down) for down in downs] + [(True, False)] * (seed + 1)
        assert evidence_of_harm(outcomes) <= 1.0

    def test_the_first_dozen_are_no_proof(self):
        """Two thumbs down among five shoppers happen to the best."""
        outcomes = [(False, False), (True, True)] * 2 + [(False, False), (True, False)] * 3
        assert evidence_of_harm(outcomes) < HARM


def asked_about(topics, shoppers, *, ruined=None, down=0.6, seed=1):
    """The same shoppers, each with a topic; the challenger fails those of the `ruined` one."""
    chance = random.Random(seed)
    found = []
    for one in shoppers:
        topic = f"topic {chance.randrange(topics)}"
        fails = one.challenger and topic == ruined and chance.random() < down
        found.append(one._replace(topic=topic, disliked=one.disliked or fails))
    return found


class TestTopics:
    def test_a_ruined_topic_of_twenty_is_rolled_back_and_named(self):
        """Six in ten dislike what they get there; over all shoppers that is three of a hundred."""
        shoppers = asked_about(20, met(3_600), ruined="topic 7")
        seen = look(shoppers, since=NOW, now=NOW + DAY, longest=LONGEST, topics=20)

        assert seen.decision == "roll_back"
        assert "asked about topic 7" in seen.reason
        assert looked([one._replace(topic=None) for one in shoppers]).decision is None

    def test_many_topics_without_harm_are_seldom_mistaken(self):
        """Fifty topics are fifty chances: looked at every 500 of 2,000 shoppers, in 40 trials."""
        wrongly = 0
        for seed in range(40):
            shoppers = asked_about(50, met(2_000, seed=seed, champion=0.1, challenger=0.1))
            wrongly += any(
                look(
                    shoppers[:count], since=NOW, now=NOW + DAY, longest=LONGEST, topics=50
                ).decision
                == "roll_back"
                for count in range(500, 2_001, 500)
            )
        assert wrongly <= 4

    def test_topics_nobody_asked_about_count_too(self):
        """The threshold is fixed by the book, not by what happened to come."""
        ruined = asked_about(1, met(300, champion=0.0, challenger=0.0), ruined="topic 0", down=0.4)
        others = met(3_000, champion=0.1, challenger=0.0, seed=2)
        few, many = (
            look([*ruined, *others], since=NOW, now=NOW + DAY, longest=LONGEST, topics=topics)
            for topics in (1, 10**30)
        )
        assert few.worst[0].evidence > HARM
        assert "asked about topic 0" in few.reason
        assert many.decision != "roll_back"


class TestProof:
    def test_enough_shoppers_without_harm_promote(self):
        """Neither rate is higher by three of a hundred shoppers: half of the trials see that."""
        decided = [
            first_decision(met(8_000, share=0.5, seed=seed), every=2_000)[0] for seed in range(4)
        ]
        assert "roll_back" not in decided
        assert decided.count("promote") >= 2

    def test_a_slightly_worse_one_is_not_promoted(self):
        """Six points more thumbs down: rolled back or still waited for, never promoted."""
        for seed in range(8):
            found = met(3_000, challenger=0.11, share=0.5, seed=seed)
            assert first_decision(found, every=1_000)[0] != "promote"

    def test_nothing_is_promoted_on_a_handful(self):
        """A hundred shoppers are the least."""
        assert looked(met(150)).decision is None


class TestTime:
    def test_a_trial_without_proof_ends_for_the_champion(self):
        """After two weeks nothing changes."""
        seen = looked(met(150), after=LONGEST)
        assert seen.decision == "keep"
        assert "no difference shown in 14 days" in seen.reason

    def test_nobody_at_all_is_waited_for_and_then_given_up(self):
        """A shop that was closed."""
        assert looked([]).decision is None
        assert looked([], after=LONGEST).decision == "keep"
