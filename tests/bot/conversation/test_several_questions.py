"""Several questions in a message, promises that make cards, and the book's own questions."""

import pytest
from sqlmodel import col, select

from bot.conversation.clauses import questions_in
from feedback.db.tables.dialogues import AnswerPart
from feedback.desk import CardLists
from feedback.knowledge.importers.records import QuestionLine, ReplyLine
from tests.bot.shop import NOON

PROMISES = {
    "order_wrong": "I'm sorry. Please send me your order number and a photo. A colleague will send"
    " the right one.",
    "order_cancel": "Order {order.number} is {order.status}. A colleague will stop it.",
}


@pytest.fixture
def shop_that_promises(shop):
    shop.book.put_replies([ReplyLine(*line, "en") for line in PROMISES.items()], NOON)
    shop.ranker.says("you sent the wrong one", "order_wrong")
    shop.ranker.says("cancel order 1001, ann@example.com", "order_cancel")
    shop.ranker.says("what is delivery", "shipping_cost")
    return shop


def waiting(shop):
    return [card.dialogue_id for card in CardLists(shop.store.db).open_cards()]


def say(shop, *turns, locale="en"):
    dialogue_id = shop.open(locale)
    answers = [shop.clerk.reply(dialogue_id, text, client_id=text) for text in turns]
    return dialogue_id, answers[-1]


class TestSeveral:
    def test_each_gets_its_reply_in_one_answer(self, shop):
        """Said once each, in order; the reply says all that were said."""
        shop.ranker.says("how much is delivery", "shipping_cost")
        shop.ranker.says("can i return it", "return_policy")
        _, answer = say(shop, "how much is delivery, and can i return it?")

        assert "Delivery costs $6.\n\nYou can return anything within 30 days." == answer.text
        assert ("shipping_cost", "return_policy") == answer.details.reply_ids

    def test_one_that_needs_an_order_is_asked_for_last(self, shop):
        """The others are answered at once."""
        shop.ranker.says("where is my order", "order_status")
        shop.ranker.says("can i return it", "return_policy")
        _, answer = say(shop, "where is my order? can i return it?")

        assert answer.text.startswith("You can return anything")
        assert ("ask", ("order_number", "email")) == (answer.kind, answer.details.asks)

    def test_each_is_recorded_with_its_own_question_and_candidates(self, shop):
        """In the order in which they stand; a single answer has no parts."""
        shop.ranker.says("how much is delivery", "shipping_cost", confidence=0.9)
        shop.ranker.says("can i return it", "return_policy", confidence=0.8)
        dialogue_id, answer = say(shop, "how much is delivery, and can i return it?")
        shop.clerk.reply(dialogue_id, "how much is delivery", client_id="2")
        with shop.store.db.reading() as session:
            parts = session.exec(select(AnswerPart).order_by(col(AnswerPart.place))).all()

        assert [
            (answer.impression_id, 1, "how much is delivery", "shipping_cost", 0.9),
            (answer.impression_id, 2, "can i return it", "return_policy", 0.8),
        ] == [
            (each.impression_id, each.place, each.asked, each.reply_id, each.confidence)
            for each in parts
        ]
        assert ["return_policy"] == [each["reply_id"] for each in parts[1].candidates]

    def test_where_one_is_not_sure_the_message_is_answered_as_a_whole(self, shop):
        """Nothing is left out silently."""
        shop.ranker.says("can i return it", "return_policy")
        shop.ranker.says("xyzzy? can i return it?", "return_how")

        assert "return_how" == say(shop, "xyzzy? can i return it?")[1].reply_id

    @pytest.mark.parametrize("text", ["a? b? c? d?", "a backpack and a lamp", "really??", "?"])
    def test_what_is_one_question_stays_one(self, text):
        """Lists, doubled signs, more than three."""
        assert [text] == questions_in(text)


class TestPromises:
    def test_what_a_colleague_will_do_makes_a_card(self, shop_that_promises):
        """The answer stays an answer."""
        dialogue_id, answer = say(shop_that_promises, "cancel order 1001, ann@example.com")

        assert ("answer", [dialogue_id]) == (answer.kind, waiting(shop_that_promises))

    def test_one_that_waits_for_details_makes_it_once_they_are_told(self, shop_that_promises):
        """And the shopper hears that they were passed on."""
        shop = shop_that_promises
        dialogue_id, _ = say(shop, "you sent the wrong one")
        assert [] == waiting(shop)
        answer = shop.clerk.reply(dialogue_id, "order 1001, it was red", client_id="2")

        assert ("handover", [dialogue_id]) == (answer.kind, waiting(shop))
        assert answer.text.startswith("Thank you, I've passed this on")

    def test_a_side_question_is_answered_and_the_promise_stays(self, shop_that_promises):
        """The details may come after it."""
        shop = shop_that_promises
        dialogue_id, aside = say(shop, "you sent the wrong one", "what is delivery")
        shop.clerk.reply(dialogue_id, "it is order 1001", client_id="3")

        assert ("shipping_cost", [dialogue_id]) == (aside.reply_id, waiting(shop))


class TestTheBooksQuestions:
    @pytest.mark.parametrize(
        "text", ["Can I return this?", "can i return this", "CAN I RETURN THIS!"]
    )
    def test_a_question_asked_as_the_book_has_it_hits_its_reply(self, shop, text):
        """Whatever the model makes of it."""
        shop.ranker.says(text, "shipping_cost", confidence=0.2)

        assert "return_policy" == say(shop, text)[1].reply_id

    def test_choices_are_worded_without_somebody_elses_wishes(self, shop):
        """A question with a price or a colour is no title."""
        questions = ["show me red backpacks under 50", "what do you recommend"]
        shop.book.put_questions(
            [QuestionLine(q, "product_recommend", "en") for q in questions], NOON
        )
        shop.ranker.says("hm", "product_recommend", "return_how", confidence=0.5)

        assert "What do you recommend" == say(shop, "hm")[1].choices[0].title

    def test_pressing_a_choice_keeps_the_shoppers_own_words(self, shop):
        """The button's words are looked for nowhere."""
        shop.book.put_questions([QuestionLine("any ideas", "product_recommend", "en")], NOON)
        text = "could a wool jumper do for winters"
        shop.ranker.says(text, "product_recommend", "return_how", confidence=0.5)
        dialogue_id, answer = say(shop, text)
        pressed = shop.clerk.reply(dialogue_id, "", client_id="p", choice=answer.choices[0].id)

        assert ["wool-sweater"] == [card.product_id for card in pressed.products]
