"""Products that a shop deletes, hides or renames: no longer offered, from the next question on."""

import json
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from feedback.knowledge.importers.products_in import read_products
from tests.bot.samples import order, shopify_product
from tests.bot.samples_shops import woo_product
from tests.bot.shops.test_webhook import shopify
from tests.bot.shops.test_webhook_woo_stripe import woo
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop


def offered(web: Visitor, key: str) -> list[str]:
    """The products that a wish for a lantern is answered with."""
    asked = {"text": "recommend a zebra lantern", "client_id": key}
    reply = web.post("/api/chat/messages", json=asked).json()["reply"]
    return [card["product_id"] for card in reply.get("products") or []]


class TestShopify:
    @pytest.mark.parametrize(
        ("topic", "body"),
        [
            ("products/delete", {"id": 632910392}),
            ("products/update", shopify_product(status="archived")),
            ("products/update", shopify_product(published_at=None)),
        ],
    )
    def test_is_offered_until_it_is_gone(
        self, web: Visitor, session: dict[str, Any], topic: str, body: Any
    ) -> None:
        """At the very next question."""
        shopify(web, "products/create", shopify_product())
        before = offered(web, "1")
        shopify(web, topic, body)

        assert "zebra-lantern" in before
        assert "zebra-lantern" not in offered(web, "2")

    def test_renamed_it_is_offered_under_its_new_name_alone(
        self, web: Visitor, session: dict[str, Any]
    ) -> None:
        """The page of the old handle is gone."""
        shopify(web, "products/create", shopify_product())
        shopify(web, "products/update", shopify_product(handle="zebra-lamp"))
        found = offered(web, "1")

        assert ("zebra-lamp" in found, "zebra-lantern" in found) == (True, False)

    def test_its_number_may_come_from_a_file(
        self, shop: Shop, web: Visitor, session: dict[str, Any], tmp_path: Path
    ) -> None:
        """`/products.json` and the Admin API name it; a CSV brought in later does not forget it."""
        path = tmp_path / "products.json"
        path.write_text(json.dumps({"products": [shopify_product()]}))
        named = list(read_products([path], []))
        shop.catalogue.put_products(named, shop.clock())
        shop.catalogue.put_products([named[0]._replace(number="")], shop.clock())
        before = offered(web, "1")
        shopify(web, "products/delete", {"id": 632910392})

        assert "zebra-lantern" in before
        assert "zebra-lantern" not in offered(web, "2")

    def test_an_orders_line_is_known_by_its_number(self, shop: Shop, web: Visitor) -> None:
        """Whatever the line calls it: a title in another language, no stock-keeping unit."""
        shopify(web, "products/create", shopify_product())
        line = {"product_id": 632910392, "quantity": 1, "price": "31.00", "title": "Zebralaterne"}
        shopify(web, "orders/paid", order(line_items=[line]))

        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None
        assert ["zebra-lantern"] == [item.product_id for item in found.items]


class TestWooCommerce:
    @pytest.mark.parametrize(
        ("topic", "body"),
        [
            ("product.deleted", {"id": 93}),
            ("product.updated", woo_product(name="Zebra Lantern", status="trash")),
            ("product.updated", woo_product(name="Zebra Lantern", status="private")),
            ("product.updated", woo_product(name="Zebra Lantern", catalog_visibility="hidden")),
        ],
    )
    def test_is_offered_until_it_is_gone_and_after_it_is_back(
        self, web: Visitor, session: dict[str, Any], topic: str, body: Any
    ) -> None:
        """Out of the bin it is offered again."""
        lantern = woo_product(name="Zebra Lantern")
        woo(web, "product.created", lantern)
        before = offered(web, "1")
        woo(web, topic, body)
        gone = offered(web, "2")
        woo(web, "product.restored", lantern)

        assert (True, False, True) == ("93" in before, "93" in gone, "93" in offered(web, "3"))


class TestOddProducts:
    def test_are_left_alone_and_named(self, web: Visitor) -> None:
        """A refusal would in the end switch off the news of all products."""
        with capture_logs() as logs:
            answers = [
                shopify(web, "products/update", shopify_product(variants=[{"price": "much"}])),
                woo(web, "product.updated", woo_product(price="much", regular_price="")),
            ]

        told = [line["reason"] for line in logs if line["event"] == "product.left_alone"]
        assert [(200, "ignored")] * 2 == [(a.status_code, a.json()["status"]) for a in answers]
        assert ["\"price\" is no amount: 'much'"] * 2 == told
