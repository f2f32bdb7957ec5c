"""Stories of the shop's name: whose it is told to be."""

from typing import Any

import pytest

from bot.shop_name import DEMO_NAME, NEUTRAL, ShopName
from feedback.demo_shop import DemoShop
from tests.bot.visitor import Visitor
from tests.bot.web_fixtures import demo_dir
from tests.bot.web_shop import open_shop
from tests.factories import NOW

__all__ = ["demo_dir"]

ADDRESS = "https://www.wool.example"


class TestShopName:
    def test_is_what_its_owner_says(self, one_database: Any) -> None:
        """Of the demo shop, too."""
        demo = DemoShop(one_database)
        demo.open(NOW)

        assert "Wool & Co" == ShopName("Wool & Co", ADDRESS, demo)()

    def test_is_the_demo_shops_in_the_demo_shop_alone(self, one_database: Any) -> None:
        """Nobody's customers are greeted by a shop they never heard of."""
        assert "wool.example" == ShopName(None, ADDRESS, DemoShop(one_database))()

        DemoShop(one_database).open(NOW)
        assert DEMO_NAME == ShopName(None, ADDRESS, DemoShop(one_database))()

    @pytest.mark.parametrize(
        "address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"]
    )
    def test_an_address_that_names_nobody_is_not_said(
        self, one_database: Any, address: str
    ) -> None:
        """It is tried on the owner's own machine."""
        assert NEUTRAL == ShopName(None, address, DemoShop(one_database))()

    def test_ends_with_the_demo_shop_while_the_bot_runs(
        self, one_database: Any, demo_dir: Any
    ) -> None:
        """In what the chat is told and on the page of the running clerk."""
        name = ShopName(None, ADDRESS, DemoShop(one_database), look_every=0)
        shop = open_shop(one_database, demo_dir=demo_dir, shop_name=name)

        with shop.visitor() as web:
            assert DEMO_NAME in told(web)
            shop.demo.close()
            assert DEMO_NAME not in told(web)
            assert "wool.example" in told(web)


def told(web: Visitor) -> str:
    """All that a shopper is told of the name."""
    return web.post("/api/chat/sessions", json={}).text + web.get("/").text
