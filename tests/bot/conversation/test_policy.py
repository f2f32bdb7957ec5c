"""The policy decides by numbers alone."""

import pytest

from bot.conversation.policy import Decision, Policy
from serving.ranker import Candidate, Ranking


def by_model(confidence, *reply_ids):
    return Ranking(
        tuple(Candidate(id_, 1 / (n + 1)) for n, id_ in enumerate(reply_ids)), confidence, "model"
    )


def by_keywords(**scores):
    return Ranking(tuple(Candidate(*hit) for hit in scores.items()), 0.0, "keywords")


def decided(policy, ranking):
    """What is done, and with which candidates."""
    decision = policy.decide(ranking)
    return decision.kind, "".join(candidate.key for candidate in decision.candidates)


class TestModel:
    policy = Policy(answer_at=0.7, offer_at=0.3)

    def test_answers_at_the_answer_threshold(self):
        """At the threshold is enough."""
        assert ("answer", "a") == decided(self.policy, by_model(0.7, "a", "b"))

    def test_offers_the_best_three_between_the_thresholds(self):
        """The fourth is not offered."""
        assert ("choices", "abc") == decided(self.policy, by_model(0.3, "a", "b", "c", "d"))

    def test_hands_over_below(self):
        """Under the lower threshold nothing is guessed; nearly sure and far off are told apart."""
        unsure = Decision("handover", reason="unsure")
        nothing_fits = Decision("handover", reason="no_fitting_reply")

        assert unsure == self.policy.decide(by_model(0.299, "a"))
        assert nothing_fits == self.policy.decide(by_model(0.149, "a"))

    @pytest.mark.parametrize("confidence", [0.3, 0.99])
    def test_calls_a_person_at_any_confident_score(self, confidence):
        """Who asks for a person is not offered buttons first."""
        decision = self.policy.decide(by_model(confidence, "talk_to_human", "a"))

        assert ("handover", "asked_for_person") == (decision.kind, decision.reason)

    def test_does_not_offer_a_person_as_a_choice(self):
        """The button for a person is there anyway."""
        assert ("choices", "abc") == decided(
            self.policy, by_model(0.5, "a", "talk_to_human", "b", "c")
        )

    def test_hands_over_when_nothing_was_ranked(self):
        """An empty book answers nothing."""
        assert Decision("handover", reason="no_fitting_reply") == self.policy.decide(by_model(0.9))


class TestKeywords:
    policy = Policy(keyword_lead=1.3)

    def test_answers_with_a_hit_clearly_ahead(self):
        """1.3 times the second is ahead."""
        assert ("answer", "a") == decided(self.policy, by_keywords(a=1.3, b=1.0))

    def test_answers_with_a_lone_hit(self):
        """There is nothing to confuse it with."""
        assert ("answer", "a") == decided(self.policy, by_keywords(a=0.2))

    def test_offers_hits_that_are_close(self):
        """The shopper knows better."""
        assert ("choices", "ab") == decided(self.policy, by_keywords(a=1.2, b=1.0))

    def test_hands_over_without_a_hit(self):
        """No shared word, no answer."""
        assert self.policy.decide(by_keywords()).kind == "handover"

    def test_calls_a_person_when_that_is_the_best_hit(self):
        """Also without a model."""
        decision = self.policy.decide(by_keywords(talk_to_human=1.0, a=0.9))

        assert decision.reason == "asked_for_person"


def test_thresholds_that_contradict_are_refused():
    """The message names both."""
    with pytest.raises(ValueError, match=r"answer_at=0.2 and offer_at=0.5"):
        Policy(answer_at=0.2, offer_at=0.5)
