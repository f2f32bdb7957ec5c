"""Near-ties are explored now and then, and every reply's probability is known."""

import pytest
from hypothesis import given, strategies as st

from bot.conversation.exploration import HANDED_OVER, OFFERED, Explorer, acts
from bot.conversation.policy import Policy
from feedback.db.tables.knowledge import PERSON_REPLY_ID
from serving.ranker import Candidate, Ranking

scores = st.lists(st.floats(-20, 20), min_size=1, max_size=8).map(sorted)
shares = st.floats(0, 0.5)


def ranked(*given_scores, confidence=0.9, served_by="model"):
    names = [Candidate(f"reply_{n}", score) for n, score in enumerate(given_scores)]
    return Ranking(tuple(names), confidence, served_by)


def chances_of(explorer, ranking):
    return {candidate.id: chance for candidate, chance in explorer.chances(ranking).items()}


class TestChances:
    def test_a_clear_first_is_always_said(self):
        """Half the odds and less is no tie."""
        assert chances_of(Explorer(0.1), ranked(9.0, 8.2)) == {"reply_0": 1.0}

    def test_two_near_ones_share_what_is_explored(self):
        """However many there are, the first keeps its part."""
        chances = chances_of(Explorer(0.1), ranked(9.0, 8.9, 8.8, 8.7))
        assert chances == {"reply_0": 0.9, "reply_1": 0.05, "reply_2": 0.05}

    def test_keyword_search_never_explores(self):
        """Its scores are no odds, and the holdout is answered by it."""
        assert chances_of(Explorer(0.1), ranked(9.0, 8.9, served_by="keywords")) == {"reply_0": 1.0}

    def test_what_the_catalogue_says_is_not_traded_for_a_reply(self):
        """ "How much is it" of a jacket was answered with delivery's price to try that out."""
        price, reply = Candidate("price:jacket", 9.0, "products"), Candidate("shipping_cost", 9.0)

        for first, other in ((price, reply), (reply, price)):
            ranking = Ranking((first, other), 0.9, "model")
            assert {first.id: 1.0} == chances_of(Explorer(0.1), ranking)

    def test_nobody_is_handed_over_to_try_it_out(self):
        """A person's time is not spent on chance."""
        near = (Candidate("hours", 9.0), Candidate(PERSON_REPLY_ID, 9.0))
        assert chances_of(Explorer(0.1), Ranking(near, 0.9, "model")) == {"hours": 1.0}

    @given(scores, shares)
    def test_they_add_up_to_one_and_the_first_leads(self, found, share):
        """Whatever the scores: a distribution, in which no other reply is likelier."""
        chances = chances_of(Explorer(share), ranked(*reversed(found)))
        assert sum(chances.values()) == pytest.approx(1.0)
        assert max(chances.values()) == chances["reply_0"]

    def test_a_share_over_a_half_is_refused(self):
        """The second would be the first then."""
        with pytest.raises(ValueError, match=r"from 0 to 0\.5"):
            Explorer(0.6)


class TestDraw:
    @given(scores, shares, st.floats(0, 1))
    def test_what_is_said_has_the_probability_it_is_recorded_with(self, found, share, point):
        """Every point of the line belongs to one reply of `chances`."""
        explorer = Explorer(share, lambda: point)
        ranking = ranked(*reversed(found))
        said = explorer.draw(ranking)
        assert explorer.chances(ranking)[said.candidate] == said.probability


class TestActs:
    def test_only_an_answer_is_explored(self):
        """Choices and hand-overs are acts of their own, and certain."""
        explorer, policy = Explorer(0.2), Policy()
        near = [9.0, 8.9]
        assert acts(policy, explorer, ranked(*near)) == {"reply_0": 0.8, "reply_1": 0.2}
        assert acts(policy, explorer, ranked(*near, confidence=0.5)) == {OFFERED: 1.0}
        assert acts(policy, explorer, ranked(*near, confidence=0.1)) == {HANDED_OVER: 1.0}


class TestChoices:
    def test_near_neighbours_come_in_either_order(self):
        """A clear first stays first; chance turns the two behind it."""
        ranking = ranked(9.0, 5.0, 4.9)
        turned = Explorer(0.1, lambda: 0.6).in_any_order(ranking.candidates)
        kept = Explorer(0.1, lambda: 0.4).in_any_order(ranking.candidates)

        assert ["reply_0", "reply_2", "reply_1"] == [each.id for each in turned]
        assert ["reply_0", "reply_1", "reply_2"] == [each.id for each in kept]

    def test_who_does_not_explore_keeps_the_order(self):
        """As in the holdout."""
        ranking = ranked(9.0, 8.9)
        assert ranking.candidates == Explorer(0.0, lambda: 0.1).in_any_order(ranking.candidates)
