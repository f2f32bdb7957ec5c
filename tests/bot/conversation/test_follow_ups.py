"""Turns that say nothing of what they ask about are answered near what was spoken of, or not."""

import pytest

from bot.conversation.follow_ups import is_bare
from feedback.desk import CardLists


def say(shop, *turns, locale="en"):
    dialogue_id = shop.open(locale)
    return [shop.clerk.reply(dialogue_id, text, client_id=text) for text in turns][-1]


class TestBare:
    @pytest.mark.parametrize(
        "text",
        ["so how long does that need?", "where is this", "and how much is it", "when?",
         "what is in there", "那什么时候能到", "要多久呢", "多少钱"],
    )  # fmt: skip
    def test_has_no_word_of_a_topic(self, text):
        """Question words, pronouns, and verbs that go with anything."""
        assert is_bare(text)

    @pytest.mark.parametrize(
        "text", ["how long is delivery", "can I return it", "退货要多久", "parking?"]
    )
    def test_one_word_of_a_topic_is_enough(self, text):
        """The turn says by itself what it is about."""
        assert not is_bare(text)


class TestTopic:
    @pytest.fixture
    def shop(self, shop):
        """A model that reads "how long does it take" as delivery's, whatever was said before."""
        shop.ranker.says("how do i send it", "return_how", "return_policy")
        shop.ranker.says("can i return this", "return_policy", "shipping_cost")
        shop.ranker.says("how long does it take", "shipping_cost", "product_recommend")
        shop.ranker.says("what does delivery take", "shipping_cost")
        return shop

    def test_a_reply_far_from_it_is_offered_and_not_said(self, shop):
        """The model may have read the turn alone."""
        answer = say(shop, "how do i send it", "how long does it take")

        assert "choices" == answer.kind
        assert ["shipping_cost", "product_recommend"] == [choice.id for choice in answer.choices]

    def test_a_neighbour_of_it_is_said(self, shop):
        """Delivery came next to the return policy, so it may be meant."""
        assert "shipping_cost" == say(shop, "can i return this", "how long does it take").reply_id

    def test_a_turn_with_a_topic_of_its_own_is_answered(self, shop):
        """Another question may come at any time."""
        answer = say(shop, "how do i send it", "what does delivery take")

        assert "shipping_cost" == answer.reply_id

    def test_alone_it_is_answered_as_ever(self, shop):
        """Nothing was spoken of."""
        assert "shipping_cost" == say(shop, "how long does it take").reply_id


class TestAgain:
    def test_the_same_choices_are_not_offered_twice(self, shop):
        """Whoever did not find theirs gets a person."""
        shop.ranker.says("hm", "return_how", "shipping_cost", confidence=0.5)
        shop.ranker.says("i don't know", "shipping_cost", "return_how", confidence=0.5)

        assert "handover" == say(shop, "hm", "i don't know").kind

    def test_a_number_without_a_reply_that_looks_it_up_goes_to_a_person(self, shop):
        """Choices among other things are no help to whoever told their order."""
        shop.ranker.says("where is 1001", "return_how", "shipping_cost", confidence=0.5)
        text = "where is order 1001"
        shop.ranker.says(text, "return_how", "shipping_cost", confidence=0.5)

        assert "handover" == say(shop, text).kind
        assert 1 == len(CardLists(shop.store.db).open_cards())
