"""The desk's start page: steps that connect a shop, each ticked when it works."""

from collections.abc import Iterator
from typing import Any

import pytest

from feedback.sales.shop_connections import ShopConnections
from tests.bot.desk.test_pages import log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop


@pytest.fixture
def shop(one_database: Any) -> Shop:
    """A shop whose pages may embed the chat."""
    return open_shop(
        one_database,
        logins_per_minute=100,
        address_per_minute=500,
        allowed_origins=("https://hearth.example",),
    )


@pytest.fixture
def web(shop: Shop) -> Iterator[Visitor]:
    """Somebody who looks."""
    with shop.visitor() as visitor:
        yield visitor


class TestStart:
    def test_nothing_works_before_it_was_seen_to(self, shop: Shop, web: Visitor) -> None:
        """With the line and the command to paste."""
        log_in(web)
        page = web.get("/desk/start").text

        assert "No page of your shop has loaded it yet." in page
        assert "/widget.js&#34; defer" in page
        assert "./clerk import knowledge" in page
        assert "Nobody has asked anything yet." in page

    def test_the_widget_is_ticked_when_a_page_of_the_shop_loads_it(
        self, shop: Shop, web: Visitor
    ) -> None:
        """A page of somebody else's, or of ours, ticks nothing."""
        for page in ("https://other.example/", "", "https://hearth.example.evil/"):
            web.get("/widget.js", headers={"Referer": page})
        assert ShopConnections(shop.store.db).state("widget").heard_at is None

        web.get("/widget.js", headers={"Referer": "https://hearth.example/products/kettle"})
        log_in(web)

        assert "A page of your shop loaded it last on" in web.get("/desk/start").text

    def test_a_first_question_is_ticked(self, shop: Shop, web: Visitor) -> None:
        """With when it was asked."""
        web.post("/api/chat/sessions", json={"locale": "en"})
        log_in(web)

        assert "Asked on" in web.get("/desk/start").text

    def test_it_is_for_owners(self, web: Visitor) -> None:
        """Nobody else connects a shop."""
        assert web.get("/desk/start").status_code in (303, 401, 403)
