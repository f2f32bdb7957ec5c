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
    @property
    def policy(self):
        return Policy(answer_at=0.7, offer_at=0.3)

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

    def test_answers_from_a_page_where_the_book_has_no_reply_for_a_person(self):
        """What a page says has no reply's id, and asks for nobody."""
        ranking = Ranking((Candidate("p#0-0", -0.01, "pages"),), 0.99, "model")

        assert "answer" == self.policy.decide(ranking, None).kind

    def test_does_not_offer_a_person_as_a_choice(self):
        """The button for a person is there anyway."""
        assert ("choices", "abc") == decided(
            self.policy, by_model(0.5, "a", "talk_to_human", "b", "c")
        )

    def test_does_not_offer_a_greeting_as_a_choice(self):
        """Nobody who asks for cacti meant "Hi"."""
        policy, ranking = Policy(0.7, 0.3), by_model(0.5, "greeting", "a", "b")

        assert "ab" == "".join(
            each.key for each in policy.decide(ranking, None, {"greeting"}).candidates
        )
        assert "handover" == policy.decide(by_model(0.5, "greeting"), None, {"greeting"}).kind

    def test_answers_at_the_versions_own_threshold(self):
        """It has measured from where on its answers are right; one lower, one higher."""
        ranking = by_model(0.6, "a", "b")

        assert ("answer", "a") == decided(self.policy, ranking._replace(answer_at=0.55))
        assert ("choices", "ab") == decided(self.policy, ranking._replace(answer_at=0.65))
        assert ("choices", "ab") == decided(
            self.policy, by_model(0.75, "a", "b")._replace(answer_at=0.9)
        )

    def test_offers_three_where_one_of_them_is_right_though_the_first_may_not_be(self):
        """Two that tie are each believed half as much as both together."""
        doubtful = by_model(0.2, "a", "b", "c")

        assert ("choices", "abc") == decided(self.policy, doubtful._replace(among_three=0.5))
        assert "handover" == self.policy.decide(doubtful._replace(among_three=0.25)).kind

    def test_offers_from_the_versions_own_threshold_on(self):
        """In a book's first days choices come before a hand-over."""
        doubtful = by_model(0.1, "a", "b", "c")._replace(among_three=0.2)

        assert ("choices", "abc") == decided(self.policy, doubtful._replace(offer_at=0.1))

    def test_hands_over_when_nothing_was_ranked(self):
        """An empty book answers nothing."""
        assert Decision("handover", reason="no_fitting_reply") == self.policy.decide(by_model(0.9))


class TestKeywords:
    @property
    def policy(self):
        return Policy(keyword_lead=1.3)

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


class TestThresholds:
    @pytest.mark.parametrize(("answer_at", "offer_at"), [(0.2, 0.5), (0.5, -0.1), (1.1, 0.5)])
    def test_those_that_contradict_are_refused(self, answer_at, offer_at):
        """The message names both, and how to write them."""
        told = f"answer_at={answer_at} and offer_at={offer_at}: write them as 0 <= offer_at"
        with pytest.raises(ValueError, match=f"^{told}"):
            Policy(answer_at=answer_at, offer_at=offer_at)

    @pytest.mark.parametrize(("answer_at", "offer_at"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])
    def test_those_at_the_ends_are_not(self, answer_at, offer_at):
        """Answer everything, offer nothing, hand over everything that is not certain."""
        assert answer_at == Policy(answer_at=answer_at, offer_at=offer_at).answer_at

    @pytest.mark.parametrize(
        ("confidence", "expected"),
        [
            (0.7, ("answer", None)),
            (0.699, ("choices", None)),
            (0.3, ("choices", None)),
            (0.299, ("handover", "unsure")),
            (0.15, ("handover", "unsure")),
            (0.149, ("handover", "no_fitting_reply")),
        ],
    )
    def test_without_a_word_they_are_those_of_a_new_shop(self, confidence, expected):
        """0.7 to answer, 0.3 to offer, 0.15 to say "unsure"."""
        decision = Policy().decide(by_model(confidence, "a", "b"))

        assert expected == (decision.kind, decision.reason)

    @pytest.mark.parametrize(("score", "kind"), [(1.3, "answer"), (1.29, "choices")])
    def test_keyword_search_needs_a_lead_of_three_tenths(self, score, kind):
        """Of the second hit's score."""
        assert kind == Policy().decide(by_keywords(a=score, b=1.0)).kind

    def test_a_second_hit_below_zero_is_no_rival(self):
        """Scores of keyword search may be negative: the lead is over zero then."""
        assert "answer" == Policy().decide(by_keywords(a=0.1, b=-3.0)).kind
        assert "choices" == Policy().decide(by_keywords(a=-0.1, b=-3.0)).kind
