"""An order is looked up by what a shopper writes, however keyboards and shops write it."""

import pytest

ASKS = "where is my order"


@pytest.fixture(autouse=True)
def _question(shop):
    shop.ranker.says(ASKS, "order_status")


def found(shop, number, email, said):
    """What the clerk says to `said`, which answers what it asked for."""
    shop.buys(number, email=email)
    dialogue_id = shop.open()
    shop.clerk.reply(dialogue_id, ASKS, client_id="1")
    return shop.clerk.reply(dialogue_id, said, client_id="2").text


class TestLookUp:
    @pytest.mark.parametrize(
        ("number", "email", "said"),
        [
            ("EN-0358-A", "p@example.com", "EN-0358-A p@example.com"),
            ("SO-2026-00358", "p@example.com", "so-2026-00358, p@example.com"),
            ("0358/2", "p@example.com", "p@example.com 0358/2"),
            ("90001", "jürgen@example.com", "90001 jürgen@example.com"),
            ("90001", "ju\u0308rgen@example.com", "90001 JÜRGEN@example.com"),
            ("90001", "info@xn--bcher-kva.example", "90001 info@bücher.example"),
            ("90001", "info@bücher.example", "it's 90001 and info@BÜCHER.example."),
            ("77001", "mia.kern@example.com", "order 770\u200b01 mia.kern@\u200bexample.com"),
            (
                "77001",
                "mia.kern@example.com",
                "７７００１　ｍｉａ．ｋｅｒｎ＠ｅｘａｍｐｌｅ．ｃｏｍ",
            ),
        ],
    )
    def test_finds_the_order(self, shop, number, email, said):
        """Suffixes, years, umlauts in either form, zero-width and full-width characters."""
        assert f"Order {number}: " in found(shop, number, email, said)

    def test_a_domain_that_is_none_is_compared_as_written(self, shop):
        """Nothing breaks on it."""
        long = "ü" * 70 + ".example"

        assert "I can't find" in found(shop, "90001", f"a@{long}x", f"90001 a@{long[10:]}")


class TestLanguageOfValues:
    @pytest.mark.parametrize(
        "said",
        [
            "77001 mia.kern@example.com",
            "订单 77001 mia.kern@example.com",
            "order number 77001, e-mail mia.kern@example.com",
            "my order number is 77001 and my email is mia.kern@example.com",
        ],
    )
    def test_a_chinese_dialogue_goes_on_in_chinese(self, shop, said):
        """Numbers, addresses and the words that introduce them are in no language."""
        shop.ranker.says("我的订单到哪了", "order_status")
        shop.buys("77001", email="mia.kern@example.com")
        dialogue_id = shop.open("en")
        shop.clerk.reply(dialogue_id, "我的订单到哪了", client_id="1")

        answer = shop.clerk.reply(dialogue_id, said, client_id="2")

        assert answer.text.startswith("订单77001：")

    def test_an_english_sentence_turns_it(self, shop):
        """Who goes over to another language is answered in it."""
        shop.ranker.says("can i return this", "return_policy")
        dialogue_id = shop.open("zh")
        shop.clerk.reply(dialogue_id, "怎么退货", client_id="1")

        answer = shop.clerk.reply(dialogue_id, "can i return this", client_id="2")

        assert answer.text.startswith("You can return")
