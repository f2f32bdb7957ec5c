"""The reply's language follows the shopper's script."""

import pytest

from bot.languages.detect import normal_locale, reply_locale


class TestReplyLocale:
    @pytest.mark.parametrize(
        ("texts", "session", "locale"),
        [
            (["where is my order"], "en", "en"),
            (["我的订单呢"], "en", "zh"),
            (["iPhone 壳"], "en", "zh"),
            (["1001 a@b.com", "我的订单呢"], "en", "zh"),
            (["1001 a@b.com"], "zh", "zh"),
            (["Nike Air"], "zh", "zh"),
            (["where is my order"], "zh", "en"),
            (["où est ma commande"], "fr", "fr"),
            (["Fern Trail Sneakers", "有这双吗"], "zh", "zh"),
            (["Anna Weber, Lindenweg 4, 28195 Bremen", "地址写错了"], "en", "zh"),
            (["Fern Trail Sneakers"], "zh", "en"),
            ([], "zh", "zh"),
        ],
    )
    def test_follows_the_newest_turn_that_tells(self, texts, session, locale):
        """Numbers, addresses and brand names tell nothing."""
        assert locale == reply_locale(texts, session=session)


class TestNormalLocale:
    @pytest.mark.parametrize(
        ("given", "locale"),
        [("zh_TW", "zh"), ("en-GB", "en"), ("", "en"), ("<x>", "en"), ("*", "en")],
    )
    def test_keeps_the_language(self, given, locale):
        """Whatever a browser sends."""
        assert locale == normal_locale(given)


class TestForeignLetters:
    @pytest.mark.parametrize("text", ["注文した商品はどこ", "Где мой заказ?", "주문이 어디에"])
    def test_a_person_goes_on_and_the_languages_are_named(self, shop, text):
        """Whatever the model makes of letters it never read."""
        shop.ranker.says(text, "return_how", confidence=0.9)
        answer = shop.clerk.reply(shop.open(), text, client_id="1")

        assert "handover" == answer.kind
        assert "I speak English / 中文." in answer.text
