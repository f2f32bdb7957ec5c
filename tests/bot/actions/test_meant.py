"""What a wish means beside its own words: by the order's state, by a complaint, by other orders."""

import re

import pytest

from bot.actions.languages import ANY_SPEECH
from bot.actions.wishes import read_wishes
from tests.bot.actions.acting_shop import ActingShop
from tests.bot.actions.back_office import ANN, LAMP, MUG, order

ELSEWHERE = {**ANN["address"], "address1": "9 Pine Road", "city": "Boulder", "zip": "80301"}


class TestWholeOrders:
    @pytest.mark.parametrize(
        "words",
        [
            "i want to return order A1001",
            "please send the whole order A1001 back, i do not need it",
            "order A1001 should go back to you",
            "can you refund my order A1001",
            "A1001 这个订单我要退掉",
            "退掉这单 A1001",
            "把整个订单A1001退了",
        ],
    )
    def test_one_that_has_not_left_is_cancelled_instead(self, shop: ActingShop, words: str):
        """Nothing can be sent back that never came; the summary says what it will be."""
        answer = shop.talk(words, "ann@example.com", "it was ordered by mistake")

        assert "confirm" == answer.kind, answer.text
        assert answer.details.summary is not None
        assert ["cancel_order"] == [each.name for each in answer.details.summary.actions]

    @pytest.mark.parametrize("words", ["i want to return my order", "我想退掉这个订单"])
    def test_the_only_open_order_is_meant_where_none_has_arrived(
        self, shop: ActingShop, words: str
    ):
        """Its state says so."""
        del shop.office.orders["A1002"]
        answer = shop.talk(words, "ann@example.com")

        assert {"action": "cancel_order", "order_id": "A1001"} == answer.details.about

    def test_an_item_of_it_is_refused_with_the_rule_and_what_can_be_done(self, shop: ActingShop):
        """Cancelling all of it was not asked for."""
        answer = shop.say("return the mug from order A1001, ann@example.com")

        assert ("refused", []) == (answer.kind, shop.written)
        assert "I can cancel the whole order or change its items" in answer.text

    def test_one_that_has_arrived_is_not_cancelled(self, shop: ActingShop):
        """It can go back: that is said, and done once it is asked for."""
        answer = shop.say("cancel order A1002, no longer needed, ann@example.com")

        assert "refused" == answer.kind
        assert "send its items back" in answer.text
        assert "confirm" == shop.say("then return everything from order A1002").kind


class TestComplaints:
    @pytest.mark.parametrize(
        "words",
        [
            "The rug has a hole in it. How can I return it?",
            "the mug looks nothing like its picture, how do i return it",
            "the hat does not fit, how can i return it",
            "My lamp arrived broken! How do I get it exchanged?",
            "地毯和图片不一样，怎么退货？",
            "帽子太小了。怎么换货？",
        ],
    )
    def test_how_it_goes_back_is_a_wish_where_something_is_wrong_with_it(self, words: str):
        """Only a summary comes of it, which waits for a yes."""
        assert read_wishes(words, ANY_SPEECH, {"none": 0.95})

    @pytest.mark.parametrize(
        "words",
        ["How do I return a rug?", "how can i cancel an order", "怎么退货？", "如何取消订单"],
    )
    def test_a_question_about_the_rule_is_none(self, words: str):
        """Nothing is wrong with anything."""
        assert [] == read_wishes(words, ANY_SPEECH, {})


class TestOtherOrders:
    @pytest.mark.parametrize(
        "words",
        [
            "all my orders that haven't shipped yet",
            "both of my unshipped orders",
            "every open order",
            "all of the not yet sent orders",
            "我所有还没发货的订单",
            "两个订单",
            "每一个未寄出的订单",
        ],
    )
    def test_all_of_them(self, words: str):
        """However it is said that they are still here."""
        assert re.search(ANY_SPEECH.all_orders, words)

    @pytest.mark.parametrize(
        "words", ["all items of my order", "全部退掉这个订单", "return it all"]
    )
    def test_all_of_one_is_not_all_orders(self, words: str):
        """Everything in it is."""
        assert not re.search(ANY_SPEECH.all_orders, words)

    def test_the_address_of_my_other_order_where_there_is_one_other_place(self, shop: ActingShop):
        """Without a street or a city, in either language."""
        shop.office.orders["A1003"]["shipping_address"] = ELSEWHERE
        who = "Ann Lee, zip 80014, ann@example.com"
        answer = shop.say(f"send order A1001 to the address of my other order. {who}")
        chinese = shop.talk("no", f"订单A1001改寄到我另一个订单里的地址，{who}")

        for said in (answer, chinese):
            assert said.details.summary is not None, said.text
            call = said.details.summary.actions[0]
            assert ("A1001", "9 Pine Road") == (
                call.arguments["order_id"],
                call.arguments["address"]["address1"],
            )

    def test_an_order_told_in_words_nobody_knows_is_asked_for(self, shop: ActingShop):
        """The one spoken of last is not it because nothing else is understood."""
        shop.office.orders["A1004"] = order("A1004", "pending", LAMP, MUG)
        shop.talk("cancel order A1001, no longer needed, ann@example.com", "yes")
        shop.office.orders["A1001"]["status"] = "pending"
        answer = shop.say("please cancel the order with the gramophone, no longer needed")

        assert ("order",) == answer.details.asks


class TestLanguage:
    def test_an_address_in_latin_letters_leaves_the_talk_in_chinese(self, shop: ActingShop):
        """Names of places have no language."""
        answer = shop.talk(
            "订单A1001要改寄到别的地址，Ann Lee，邮编80014",
            "9 Pine Road, Floor 2, Boulder, CO 80301, USA",
        )

        assert "confirm" == answer.kind
        assert "确认要这样办理吗" in answer.text
