"""Traditional Chinese is read as Simplified is, and answered in Traditional."""

from hypothesis import given, strategies as st

from bot.languages.registry import phrases_in
from feedback.languages.traditional import in_traditional, is_traditional, simplified
from tests.bot.shop import NOON, product

ZH = phrases_in("zh")
MUG = product("stoneware-mug", "Heath Stoneware Mug", "荒原陶杯", ({"Color": "Cream"}, "24.00", 4))


class TestTraditional:
    def test_a_question_is_read_as_in_simplified_and_answered_in_traditional(self, shop):
        """The model reads what it was taught; the shopper reads the letters they write."""
        shop.ranker.says("可以退货吗", "return_policy")
        answer = shop.clerk.reply(shop.open("zh"), "可以退貨嗎", client_id="1")

        assert ("return_policy", "30天內都可以退貨。") == (answer.reply_id, answer.text)
        assert "\x11可以退货吗" == shop.ranker.asked[-1][0]

    def test_who_writes_simplified_is_answered_so(self, shop):
        """Nothing changes for them."""
        shop.ranker.says("可以退货吗", "return_policy")

        answer = shop.clerk.reply(shop.open("zh"), "可以退货吗", client_id="1")

        assert "30天内都可以退货。" == answer.text

    def test_a_turn_without_chinese_keeps_the_letters_of_the_turns_before(self, shop):
        """An order's number says nothing of letters."""
        shop.ranker.says("我的订单到哪了", "order_status")
        dialogue_id = shop.open("zh")
        asked = shop.clerk.reply(dialogue_id, "我的訂單到哪了", client_id="1")
        told = shop.clerk.reply(dialogue_id, "1001", client_id="2")

        assert in_traditional(ZH.ask_both) == asked.text
        assert in_traditional(ZH.ask_email) == told.text

    def test_products_are_found_and_shown(self, shop):
        """A title in simplified letters is named in traditional ones, and shown in them."""
        shop.catalogue.put_products([MUG], NOON)
        answer = shop.clerk.reply(shop.open("zh"), "荒原陶杯多少錢", client_id="1")

        assert "荒原陶杯的價格是$24.00。" == answer.text

    def test_a_person_is_understood(self, shop):
        """As are negations and the like, which words alone show."""
        answer = shop.clerk.reply(shop.open("zh"), "請幫我轉真人客服", client_id="1")

        assert "handover" == answer.kind
        assert is_traditional(answer.text)


class TestLetters:
    @given(
        st.text(
            alphabet="的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出", max_size=40
        )
    )
    def test_writing_and_reading_bring_back_what_was_written(self, text):
        """Reading is letter by letter, so places stay."""
        written = in_traditional(text)

        assert text == simplified(written)
        assert len(simplified(written)) == len(written)
