"""What a turn does besides asking: acknowledging, negating, pointing at a choice."""

import pytest

from bot.languages import phrases_in
from feedback.desk import CardLists
from serving.ranker import Candidate, Ranking

EN = phrases_in("en")


def heard(shop, question, act, *reply_ids, confidence):
    """The model hears an act in a question, besides the replies it finds."""
    ranked = tuple(Candidate(each, 1 / (n + 1)) for n, each in enumerate(reply_ids))
    shop.ranker.answers[question] = Ranking(ranked, confidence, "model", 3, acts={act: 0.9})


class TestActs:
    @pytest.mark.parametrize("text", ["ok", "got it", "👍"])
    def test_an_acknowledgement_calls_nobody(self, shop, text):
        """A short word; the dialogue stays with the clerk."""
        heard(shop, text, "acknowledge", "return_how", confidence=0.1)
        shop.ranker.says("can i return it", "return_policy")
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "can i return it", client_id="1")
        answer = shop.clerk.reply(dialogue_id, text, client_id="2")

        assert ("answer", EN.acknowledged) == (answer.kind, answer.text)
        assert ("clerk", []) == (
            shop.dialogue(dialogue_id).state,
            CardLists(shop.store.db).open_cards(),
        )

    def test_a_negation_is_not_answered_with_what_it_negates(self, shop):
        """The shopper is asked instead."""
        heard(
            shop, "please do not cancel it", "deny", "return_how", "return_policy", confidence=1.0
        )

        answer = shop.clerk.reply(shop.open(), "please do not cancel it", client_id="1")

        assert "choices" == answer.kind

    def test_a_version_without_heads_is_answered_by_as_before(self, shop):
        """What it lacks is off."""
        shop.ranker.says("ok", "return_how", confidence=0.1)

        assert "handover" == shop.clerk.reply(shop.open(), "ok", client_id="1").kind


class TestPointing:
    @pytest.mark.parametrize(
        ("text", "reply_id"),
        [
            ("the second one", "shipping_cost"),
            ("the last one", "shipping_cost"),
            ("1st", "return_how"),
        ],
    )
    def test_after_choices_the_one_pointed_at_is_said(self, shop, text, reply_id):
        """As if its button had been pressed."""
        shop.ranker.says("hm", "return_how", "shipping_cost", confidence=0.5)
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "hm", client_id="1")

        assert reply_id == shop.clerk.reply(dialogue_id, text, client_id="2").reply_id

    def test_without_choices_nothing_is_pointed_at(self, shop):
        """It is a question like any other."""
        assert "handover" == shop.clerk.reply(shop.open(), "the second one", client_id="1").kind


def test_japanese_is_not_taken_for_chinese(shop):
    """The session's language answers."""
    answer = shop.clerk.reply(shop.open("en"), "注文した商品はどこですか", client_id="1")

    assert answer.text.startswith("I'm passing you on")
