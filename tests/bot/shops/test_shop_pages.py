"""What the shop has written in its shop system: read by API, kept in step, named at the desk."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.shops.polling import ShopRefused
from bot.shops.shopify.pages import ShopifyPages
from bot.shops.woocommerce.pages import WordPressPages
from feedback.knowledge.read_sources import SourceReader
from feedback.knowledge.sources import Sources
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.shops.page_server import (
    HIDDEN,
    ShopifyServer,
    WordPressServer,
    metafield,
    page,
    wordpress_page,
)
from tests.bot.web_shop import SHOP_SETTINGS, open_shop
from tests.factories import NOW

POLICY = {"title": "Refund policy", "body": "<p>Send it back within 14 days.</p>",
          "url": "https://shop.example/policies/refund-policy",
          "updatedAt": "2026-11-01T10:00:00Z"}  # fmt: skip


@pytest.fixture
def server() -> ShopifyServer:
    """A policy, three pages, a post, two products."""
    server = ShopifyServer()
    server.policies = [POLICY, {**POLICY, "title": "Terms", "body": ""}]
    server.found["pages"] = [
        page("about", "<p>We are three.</p>"),
        page("draft", "<p>Not yet.</p>", isPublished=False),
        page("sizes", "<p>They run small.</p>", metafield("Take one more.")),
    ]
    server.found["articles"] = [page("linen", "<p>Linen breathes.</p>", blog={"handle": "news"})]
    server.found["products"] = [
        page("tote", "", metafield("Wash cold."), metafield("Cheap at Ed's.", HIDDEN),
             metafield("note", None), onlineStoreUrl="https://shop.example/products/tote"),
        page("mug", "", metafield("Dishwasher."), onlineStoreUrl=None),
    ]  # fmt: skip
    return server


def shopify(server: ShopifyServer, waited: list[float] | None = None) -> ShopifyPages:
    sleep = (waited if waited is not None else []).append
    return ShopifyPages(
        "example.myshopify.com", "shpat_1", transport=httpx.MockTransport(server), sleep=sleep
    )


def reader(database: Any, **shops: Any) -> SourceReader:
    return SourceReader(database, clock=lambda: NOW, shops=shops)


def said(reader: SourceReader) -> set[tuple[str, str]]:
    """Each text that may be said, with its page's address."""
    return {(one.link, one.text) for one in reader.passages.changed_since(None)}


class TestShopify:
    def test_pages_policies_posts_and_metafields_are_said(self, one_database, server):
        """Those that shoppers may see: no draft, no note between the owner and a supplier."""
        reading = reader(one_database, shopify=shopify(server))

        counts = reading.read(reading.name("shopify", {}))

        assert "" == counts.problem
        assert {
            ("https://shop.example/policies/refund-policy", "Send it back within 14 days."),
            ("https://shop.example/pages/about", "We are three."),
            ("https://shop.example/pages/sizes", "They run small."),
            ("https://shop.example/pages/sizes", "Take one more."),
            ("https://shop.example/blogs/news/linen", "Linen breathes."),
            ("https://shop.example/products/tote", "Wash cold."),
        } == said(reading)
        (care,) = [one for one in reading.passages.changed_since(None) if "Wash" in one.text]
        assert ("Tote", ["Care"]) == (care.title, care.headings)

    def test_are_kept_in_step(self, one_database, server):
        """A changed page says its new words, an unpublished one nothing, the rest stays."""
        reading = reader(one_database, shopify=shopify(server))
        source = reading.name("shopify", {})
        reading.read(source)
        server.policies[0] = {**POLICY, "body": "<p>Send it back within 30 days.</p>"}
        server.found["articles"] = []

        counts = reading.read(source)

        assert (0, 1, 1) == (counts.new, counts.changed, counts.gone)
        texts = {text for _, text in said(reading)}
        assert "Send it back within 30 days." in texts
        assert not texts & {"Linen breathes.", "Send it back within 14 days."}

    def test_what_the_token_may_not_read_is_named(self, one_database, server):
        """The rest is read, and nothing is taken for gone."""
        reading = reader(one_database, shopify=shopify(server))
        source = reading.name("shopify", {})
        reading.read(source)
        server.denied = {"shopPolicies"}

        counts = reading.read(source)

        assert "Give it read_legal_policies." in counts.problem
        assert (0, 0) == (counts.changed, counts.gone)
        assert "Send it back within 14 days." in {text for _, text in said(reading)}

    def test_a_busy_shop_is_waited_for(self, server):
        """It says so with a 200; one that is busy for ever is left for the next time."""
        waited: list[float] = []
        server.throttled = 2
        assert 5 == len(list(shopify(server, waited).pages()))
        assert [2.0, 4.0] == waited

        server.throttled = 99
        with pytest.raises(ShopRefused, match="too busy"):
            list(shopify(server).pages())

    def test_a_wrong_token_is_named(self, server):
        """With what to look at."""
        pages = ShopifyPages("a.example", "wrong", transport=httpx.MockTransport(server))
        with pytest.raises(ShopRefused, match="Check its address and the key"):
            list(pages.pages())


class TestWordPress:
    def test_pages_and_posts_are_said(self, one_database):
        """Over all pages of the list, with their dates; none behind a password, no cart."""
        server = WordPressServer()
        server.found["pages"] = [
            wordpress_page("returns", "<p>Send it back within 14 days.</p>"),
            wordpress_page("staff", "<p>Secret.</p>", protected=True),
            wordpress_page("cart", '<div data-block-name="woocommerce/cart">Empty.</div>'),
        ]
        server.found["posts"] = [wordpress_page("linen", "<p>Linen breathes.</p>")]
        shop = WordPressPages("https://woo.example", transport=httpx.MockTransport(server))
        reading = reader(one_database, woocommerce=shop)

        reading.read(reading.name("woocommerce", {}))

        assert {
            ("https://woo.example/returns/", "Send it back within 14 days."),
            ("https://woo.example/linen/", "Linen breathes."),
        } == said(reading)
        one = reading.passages.changed_since(None)[0]
        assert datetime(2026, 11, 1, 10, tzinfo=UTC) == one.dated_at
        assert one.title.endswith("– help")

    def test_what_is_no_wordpress_is_named(self):
        """A page of HTML, or JSON of something else, is no list of pages."""
        for answer in (httpx.Response(200, text="<html>"), httpx.Response(200, json={"a": 1})):
            transport = httpx.MockTransport(lambda _, said=answer: said)
            with pytest.raises(ShopRefused, match="Is the address the shop's"):
                list(WordPressPages("https://woo.example", transport=transport).pages())


class TestAtTheDesk:
    def test_a_connected_shop_has_a_button(self, one_database):
        """It waits to be read like a site; a shop whose API is not set has none."""
        api = {"shopify_shop": "example.myshopify.com", "shopify_token": "shpat_1"}
        shop = open_shop(one_database, shop_settings={**SHOP_SETTINGS, **api})
        with shop.visitor() as desk:
            log_in(desk)
            shown = desk.get("/desk/sources").text
            desk.post("/desk/sources", data={"address": "shopify", "csrf": csrf(desk)})

        assert "by the API of shopify" in shown
        assert "by the API of woocommerce" not in shown
        (waiting,) = Sources(one_database).waiting()
        assert ("shop", "shopify") == (waiting.kind, waiting.address)

    def test_one_that_is_no_longer_set_says_so(self, one_database, server):
        """What was read of it before holds."""
        reading = reader(one_database, shopify=shopify(server))
        source = reading.name("shopify", {})
        reading.read(source)

        counts = reader(one_database).read(source)

        assert "not set any more" in counts.problem
        assert 6 == len(said(reading))
