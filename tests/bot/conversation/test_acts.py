"""What a turn does besides asking: acknowledging, negating, pointing at a choice."""

import pytest

from bot.languages import phrases_in
from feedback.desk import CardLists
from feedback.knowledge.importers.records import FactLine, QuestionLine, ReplyLine
from serving.ranker import Candidate, Ranking
from tests.bot.shop import NOON

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

        assert ("answer", EN.small_talk["acknowledge"]) == (answer.kind, answer.text)
        assert ("clerk", []) == (
            shop.dialogue(dialogue_id).state,
            CardLists(shop.store.db).open_cards(),
        )

    @pytest.mark.parametrize(
        "text",
        ["please do not cancel it", "don't send it back", "I changed my mind", "never mind"],
    )
    def test_a_negation_is_not_answered_with_what_it_negates(self, shop, text):
        """However sure the model is: what is forbidden is read from the words."""
        shop.ranker.says(text, "return_how", confidence=1.0)

        answer = shop.clerk.reply(shop.open(), text, client_id="1")

        assert ("answer", EN.left, None) == (answer.kind, answer.text, answer.reply_id)

    def test_what_is_asked_beside_a_negation_is_answered(self, shop):
        """The rest of the turn is asked by itself."""
        shop.ranker.says("tell me what shipping costs", "shipping_cost")
        text = "don't cancel my order, tell me what shipping costs"

        assert "shipping_cost" == shop.clerk.reply(shop.open(), text, client_id="1").reply_id

    def test_a_question_forbids_nothing(self, shop):
        """ "What if I don't return it?" asks."""
        shop.ranker.says("what if i don't return it?", "return_policy")
        answer = shop.clerk.reply(shop.open(), "what if i don't return it?", client_id="1")

        assert "return_policy" == answer.reply_id

    def test_ok_after_an_answer_does_not_get_it_once_more(self, shop):
        """The model finds the last reply in "fine" by what was said before."""
        shop.ranker.says("what is shipping", "shipping_cost")
        heard(shop, "fine", "acknowledge", "shipping_cost", confidence=0.94)
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "what is shipping", client_id="1")
        answer = shop.clerk.reply(dialogue_id, "fine", client_id="2")

        assert EN.small_talk["acknowledge"] == answer.text

    def test_thanks_get_the_book_s_own_words_whatever_its_reply_is_called(self, shop):
        """The reply to the plain word "thanks"; the clerk's words where there is none."""
        heard(shop, "ta very much", "thank", "return_how", confidence=0.4)
        said = shop.clerk.reply(shop.open(), "ta very much", client_id="1")
        assert EN.small_talk["thank"] == said.text

        shop.book.put_replies([ReplyLine("merci", "Any time.", "en")], NOON)
        shop.book.put_questions([QuestionLine("Thanks!", "merci", "en")], NOON)
        said = shop.clerk.reply(shop.open(), "ta very much", client_id="1")
        assert ("merci", "Any time.") == (said.reply_id, said.text)

    def test_a_correction_does_not_get_the_same_answer_once_more(self, shop):
        """What was meant is asked by itself."""
        shop.ranker.says("how long does it take", "return_how")
        shop.ranker.says("delivery", "shipping_cost")
        heard(shop, "no, i mean delivery", "correct", "return_how", confidence=0.9)
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "how long does it take", client_id="1")
        answer = shop.clerk.reply(dialogue_id, "no, i mean delivery", client_id="2")

        assert "shipping_cost" == answer.reply_id

    @pytest.mark.parametrize(
        "text",
        ["let me talk to a real person", "get me your manager", "给我转人工", "human please"],
    )
    def test_a_person_is_understood_without_a_reply_for_it(self, shop, text):
        """The book has none, and the model finds another."""
        shop.ranker.says(text, "return_how", confidence=0.9)
        answer = shop.clerk.reply(shop.open(), text, client_id="1")
        (card,) = CardLists(shop.store.db).open_cards()

        assert ("handover", "asked_for_person") == (answer.kind, card.reason)

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


class TestFactsThatName:
    def test_a_turn_that_only_names_what_a_fact_names_gets_the_reply_that_tells_it(self, shop):
        """ "And to Norway?", whatever was said before; a word in passing names nothing."""
        shop.book.put_replies([ReplyLine("abroad", "We send to {policy.countries}.", "en")], NOON)
        shop.book.put_facts([FactLine("countries", "Norway, Sweden and two islands", None)], NOON)
        shop.ranker.says("what is shipping", "shipping_cost")
        shop.ranker.says("and to norway?", "shipping_cost", confidence=0.9)
        shop.ranker.says("can i have two?", "return_how", confidence=0.9)
        dialogue_id = shop.open()
        said = [
            shop.clerk.reply(dialogue_id, text, client_id=text).reply_id
            for text in ("what is shipping", "and to norway?", "can i have two?")
        ]

        assert ["shipping_cost", "abroad", "return_how"] == said


class TestUpset:
    def test_who_is_upset_gets_a_person_and_no_list(self, shop):
        """Sure or not what it is about."""
        heard(shop, "three weeks and nothing", "upset", "return_how", confidence=0.5)

        answer = shop.clerk.reply(shop.open(), "three weeks and nothing", client_id="1")
        assert "handover" == answer.kind


class TestWhatWasToldAlready:
    def test_a_number_is_not_asked_for_again(self, shop):
        """A reply that would ask for it gives way to the one that tells of the order."""
        text = "When it leaves we mail a link. Give me your order number and I'll look it up."
        shop.book.put_replies([ReplyLine("tracking_how", text, "en")], NOON)
        shop.ranker.says("track order 1001", "tracking_how", "order_status", confidence=0.9)
        shop.ranker.says("how does tracking work", "tracking_how", "order_status", confidence=0.9)

        answer = shop.clerk.reply(shop.open(), "track order 1001", client_id="1")
        assert ("ask", ("email",)) == (answer.kind, answer.details.asks)

        answer = shop.clerk.reply(shop.open(), "how does tracking work", client_id="1")
        assert "tracking_how" == answer.reply_id

    def test_a_number_said_before_anybody_asked_is_known(self, shop):
        """ "Don't cancel 1001", and then only its status is wanted."""
        shop.ranker.says("just its status, ann@example.com", "order_status")
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "don't cancel 1001", client_id="1")
        answer = shop.clerk.reply(dialogue_id, "just its status, ann@example.com", client_id="2")

        assert "order_status" == answer.reply_id

    @pytest.mark.parametrize(
        ("locale", "reply", "told"),
        [
            (
                "en",
                "If it should work, send me the code and a colleague will check.",
                "it's SAVE20",
            ),
            ("zh", "如果都符合，把优惠码发给我，同事帮您查。", "是 SAVE20"),
        ],
    )
    def test_a_code_that_was_asked_for_goes_to_a_colleague(self, shop, locale, reply, told):
        """A code alone asks nothing, whatever the model finds in it."""
        shop.book.put_replies([ReplyLine("code_failed", reply, locale)], NOON)
        shop.ranker.says("my code fails", "code_failed")
        shop.ranker.says(told, "return_how", confidence=0.95)
        dialogue_id = shop.open(locale)
        shop.clerk.reply(dialogue_id, "my code fails", client_id="1")
        answer = shop.clerk.reply(dialogue_id, told, client_id="2")

        assert ("handover", phrases_in(locale).noted.split("{")[0]) == (
            answer.kind,
            answer.text[: phrases_in(locale).noted.index("{")],
        )
