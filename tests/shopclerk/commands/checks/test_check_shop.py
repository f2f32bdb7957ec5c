"""What `shopclerk check` says of a shop that is not ready yet."""

from datetime import timedelta

import pytest

from bot.shops.registry import shop_systems
from feedback.demo_shop import DemoShop
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import FactLine, QuestionLine, ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.sales.shop_connections import ShopConnections
from shopclerk.commands.checks.check_shop import look_at_shop
from shopclerk.demo_shop import put_demo_shop
from shopclerk.settings import Settings
from shopclerk.starter_book import put_starter_book
from tests.factories import NOW, make_product

LIVE = {
    "shop_url": "https://shop.example",
    "allowed_origins": ("https://shop.example",),
    "public_url": "https://clerk.shop.example",
}


@pytest.fixture
def look(one_database):
    def looked(**settings):
        found = look_at_shop(
            Settings(_env_file=None, **settings), one_database, NOW, shop_systems()
        )
        return {finding.subject: finding for finding in found}

    return looked


class TestBook:
    def test_what_shoppers_of_every_shop_say_and_the_book_does_not_answer_is_named(
        self, one_database, look
    ):
        """By its plainest words, whatever the replies are called."""
        book = ReplyBook(one_database)
        book.put_replies([ReplyLine("merci", "Any time.")], NOW)
        book.put_questions([QuestionLine("Thank you!", "merci")], NOW)
        before = look()["small talk"].text
        put = put_starter_book(one_database, now=NOW)
        after = look()["small talk"].text

        assert "a greeting, goodbye, who wants a person, when you are there, what to buy" in before
        assert "no reply to when you are there, what to buy;" in after
        assert "starter_greeting" in put
        assert "starter_thanks" in put  # in Chinese alone
        assert ["zh"] == [
            each.locale for each in book.replies() if each.reply_id == "starter_thanks"
        ]

    def test_small_talk_is_put_in_once(self, one_database):
        """What is there, or was taken out again, is left."""
        put_starter_book(one_database, now=NOW)

        assert [] == put_starter_book(one_database, now=NOW)

    def test_what_leads_nowhere_is_bad_and_what_is_said_twice_is_told(self, one_database, look):
        """A label without its reply, a slot that nothing fills; twins are for a person to see."""
        book = ReplyBook(one_database)
        wrap = "We wrap gifts in recycled paper, free of charge."
        book.put_replies([ReplyLine("wrap", wrap), ReplyLine("gift", wrap)], NOW)
        twins = look()["reply book"]
        book.put_questions([QuestionLine("Is it gone?", "gone")], NOW)
        found = [
            one
            for one in look_at_shop(Settings(_env_file=None), one_database, NOW, shop_systems())
            if one.subject == "reply book"
        ]

        assert (True, "gift and wrap say the same") == (twins.well, twins.text.partition(";")[0])
        assert "1 question of gone, which is not in the book; see" in found[0].text
        assert [False, True] == [one.well for one in found]

    def test_a_missing_fact_and_missing_products_are_named(self, one_database, look):
        """A reply with a slot nothing fills ends at a person each time."""
        book = ReplyBook(one_database)
        book.put_replies([ReplyLine("returns", "Within {policy.return_days} days.")], NOW)
        before = look()
        book.put_facts([FactLine("return_days", "30")], NOW)
        book.put_questions([QuestionLine("can i return it", "returns")], NOW)
        Catalogue(one_database).put_products([make_product()], NOW)
        after = look()

        assert (False, True) == (before["facts"].well, "return_days" in before["facts"].text)
        assert not before["products"].well
        assert "returns" in before["questions"].text
        assert after["facts"].well
        assert {"products", "questions"}.isdisjoint(after)


class TestDemoShop:
    def test_its_replies_in_a_real_shop_are_named_until_they_are_the_shops_own(
        self, one_database, look
    ):
        """Orders came by webhook, and nobody has written a reply yet."""
        put_demo_shop(one_database, now=NOW, currency="USD")
        demo = DemoShop(one_database)
        found = ["demo shop" in look()]
        demo.close()
        found.append(look()["demo shop"].well)
        demo.make_room("replies", NOW)
        found.append("demo shop" in look())

        assert [False, False, False] == found


class TestAddresses:
    def test_a_page_that_may_not_embed_the_chat_is_named(self, look):
        """So is a clerk that only this machine can reach."""
        found = [
            look(**{**LIVE, "allowed_origins": ()})["shop"],
            look(**{**LIVE, "public_url": "http://127.0.0.1:8000"})["shop"],
            look(**LIVE)["shop"],
        ]

        assert [False, False, True] == [finding.well for finding in found]
        assert "SHOPCLERK_ALLOWED_ORIGINS" in found[0].text


class TestConnections:
    def test_a_webhook_that_never_came_is_named(self, one_database, look):
        """Then it came; then the shop took the app away."""
        known = ShopConnections(one_database)
        said = [look(shopify_secret="s" * 20, shopify_shop="x", shopify_token="t")["shopify"]]
        known.heard("shopify", NOW - timedelta(hours=3))
        said.append(look(shopify_secret="s" * 20, shopify_shop="x", shopify_token="t")["shopify"])
        known.removed("shopify", NOW)
        said.append(look(shopify_secret="s" * 20)["shopify"])

        assert [False, True] == [finding.well for finding in said[:2]]
        assert "3 hours ago" in said[1].text

    def test_overdue_data_is_not_well(self, one_database, look):
        """Thirty days are given."""
        known = ShopConnections(one_database)
        asked: dict[str, list[str]] = {"shopper_ids": [], "order_ids": []}
        known.ask_for_data("shopify", "1", **asked, now=NOW)
        fresh = look()["privacy"]
        known.data_given("shopify", "1", NOW)
        known.ask_for_data("shopify", "0", **asked, now=NOW - timedelta(days=31))

        assert fresh.well
        assert not look()["privacy"].well
