"""A click on a product card is counted and leads to the shop, and nowhere else."""

from typing import Any

import pytest

from bot.channels.web.clicks import leads_to_shop, with_click
from bot.http.config import WebConfig
from feedback.dialogues.state import memory_read
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop

CONFIG = WebConfig("https://clerk.example", lambda: "Juniper Lane", ("https://shop.example",))


class TestClicks:
    def test_is_recorded_once_and_goes_on_to_the_product(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """The landing address carries the token on to the order."""
        message = {"text": "recommend something", "client_id": "c1"}
        card = web.post("/api/chat/messages", json=message).json()["reply"]["products"][0]

        answers = [web.get(card["click_url"]) for _ in range(2)]

        token = card["click_url"].rsplit("/", 1)[1]
        wanted = f"http://shop.test/products/{card['product_id']}?shopclerk_click={token}"
        assert [(302, wanted)] * 2 == [(a.status_code, a.headers["location"]) for a in answers]

    def test_the_clicked_product_comes_into_focus(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """What "it" means in the next turn."""
        message = {"text": "recommend something", "client_id": "c1"}
        cards = web.post("/api/chat/messages", json=message).json()["reply"]["products"]
        web.get(cards[1]["click_url"])

        dialogue = shop.store.dialogue(session["dialogue_id"])
        assert dialogue is not None
        focus = memory_read(dialogue.memory).focus
        assert (cards[1]["product_id"], True) == (focus.product_id, focus.on_products)
        assert [card["product_id"] for card in cards] == [*focus.shown]

    def test_a_click_on_an_erased_reply_still_arrives(self, shop: Shop, web: Visitor) -> None:
        """The shopper is not to blame."""
        answer = web.get(f"/c/{shop.tokens.click('erased', 'mug', '/products/mug')}")

        assert 302 == answer.status_code

    def test_a_bad_link_is_explained_to_a_person(self, web: Visitor) -> None:
        """As a page with a way out; programs get the problem document."""
        page = web.get("/c/not-ours", headers={"Accept": "text/html"})
        document = web.get("/c/not-ours")

        assert (404, 404) == (page.status_code, document.status_code)
        assert "<h1>The link is not valid</h1>" in page.text
        assert "application/problem+json" == document.headers["content-type"]

    def test_never_leads_away_from_the_shop(self, shop: Shop, web: Visitor) -> None:
        """Not even with our own signature."""
        answer = web.get(f"/c/{shop.tokens.click('i', 'x', 'https://evil.example/')}")

        assert 404 == answer.status_code
        assert "location" not in answer.headers


class TestLeadsToShop:
    @pytest.mark.parametrize(
        "url",
        ["/products/mug", "/", "https://clerk.example/x", "https://SHOP.example/products/mug?a=b"],
    )
    def test_its_own_addresses(self, url: str) -> None:
        """Relative ones, ours, and those of sites that embed the widget."""
        assert leads_to_shop(url, CONFIG)

    @pytest.mark.parametrize(
        "url",
        [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "https://clerk.example@evil.example/",
            "https://clerk.example.evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "mug",
            "",
            "/\tx",
            "ftp://clerk.example/",
            "http://[",
        ],
    )
    def test_nothing_else(self, url: str) -> None:
        """However it is disguised."""
        assert not leads_to_shop(url, CONFIG)

    def test_an_earlier_click_is_replaced(self) -> None:
        """The last click counts."""
        assert "/p?a=&shopclerk_click=new" == with_click("/p?shopclerk_click=old&a=", "new")
