"""Adding a shop system: Magento, in one value, takes part everywhere."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import select

from bot.shops.intake import Intake, Outcome
from bot.shops.reconcile import reconcile_orders
from bot.shops.shop_setting import ShopSetting
from bot.shops.shop_system import ShopApi, ShopSystem, WebhookRequest
from bot.shops.signatures import check_signature, sign
from bot.shops.webhook import intake_of
from feedback.db.tables.sales import Order
from feedback.knowledge.importers.fields import currency_of
from feedback.knowledge.importers.lenient import Lenient, id_of, sum_of
from feedback.sales.orders import Orders
from feedback.sales.purchase import Purchase
from shopclerk.commands.checks.check_shop import look_at_shop
from shopclerk.settings import Settings
from shopclerk.settings.groups import shop_systems_group
from tests.bot.web_shop import SHOP_SETTINGS, Shop, open_shop
from tests.factories import NOW

SECRET = ShopSetting("magento_secret", "signs `/webhooks/magento`")
URL = ShopSetting("magento_url", "the shop's address, to fetch what webhooks missed", "address")
VALUES = {"magento_secret": "secret of magento", "magento_url": "https://magento.example"}
ORDER = {
    "entity_id": 71,
    "increment_id": "100000071",
    "grand_total": "59.90",
    "order_currency_code": "EUR",
    "customer_email": "ana@example.org",
    "created_at": "2026-11-20T10:00:00Z",
}


def check(secret: str, delivery: WebhookRequest) -> None:
    """Magento's signature."""
    signature = delivery.header("X-Magento-Signature")
    check_signature(
        secret, delivery.body, signature, setting=SECRET.variable, header="X-Magento-Signature"
    )


def take(intake: Intake, delivery: WebhookRequest) -> Outcome:
    """A delivery is one order."""
    return take_order(intake, json.loads(delivery.body))


def take_order(intake: Intake, payload: dict[str, Any]) -> Outcome:
    """An order, as the webhook and the API have it."""
    order = Lenient(payload)
    placed = order.moment("created_at") or intake.clock()
    return intake.order(
        Purchase(
            order_id=id_of(payload, "entity_id"),
            number=order.text("increment_id"),
            source="magento",
            placed_at=placed,
            updated_at=placed,
            currency=currency_of(payload, "order_currency_code"),
            total=sum_of(order, "grand_total"),
            email=order.text("customer_email"),
            status="paid",
        )
    )


class MagentoOrders:
    """Its API: every order it has, changed just now."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.url = values["magento_url"]
        self.closed = False

    def changed_since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """The orders of the webhook and one that it lost."""
        yield ORDER
        yield {**ORDER, "entity_id": 72, "increment_id": "100000072"}

    def close(self) -> None:
        """Nothing stays open."""
        self.closed = True


MAGENTO = ShopSystem(
    name="magento",
    about="Magento's orders.",
    secret=SECRET,
    headers=("X-Magento-Signature",),
    check=check,
    take=take,
    api=ShopApi((URL,), MagentoOrders, take_order),
)


class WithMagento(shop_systems_group(MAGENTO.settings), Settings):  # type: ignore[misc]
    """The settings, with Magento's."""


@pytest.fixture
def shop(one_database: Any) -> Shop:
    return open_shop(
        one_database, shop_systems=(MAGENTO,), shop_settings={**SHOP_SETTINGS, **VALUES}
    )


class TestANewShopSystem:
    def test_its_signed_webhook_becomes_an_order_of_its_source(self, shop: Shop) -> None:
        """An unsigned one does not; what came is counted under its name."""
        body = json.dumps(ORDER).encode()
        signed = {"X-Magento-Signature": sign(VALUES["magento_secret"], body)}
        with shop.visitor() as web:
            said = [
                web.post("/webhooks/magento", content=body, headers=headers)
                for headers in ({}, signed, signed)
            ]
            metrics = shop.app.state.context.metrics.text().decode()

        assert [401, 200, 200] == [answer.status_code for answer in said]
        assert ["recorded", "repeat"] == [answer.json()["status"] for answer in said[1:]]
        assert [("magento", "71")] == sources(shop.orders)
        assert 'shopclerk_webhooks_total{outcome="recorded",source="magento"} 1.0' in metrics

    def test_reconciliation_takes_in_what_the_webhook_lost(self, shop: Shop) -> None:
        """Once its API is set; without it there is nothing to ask."""
        intake = intake_of(shop.app.state.context)
        shop_of_magento = MAGENTO.connected(VALUES)
        assert shop_of_magento is not None

        done = reconcile_orders(intake, shop_of_magento, shop.clock())

        assert ("magento", 2, 2) == (done.source, done.orders, done.missed)
        assert [("magento", "71"), ("magento", "72")] == sources(shop.orders)
        assert MAGENTO.connected({"magento_secret": "s"}) is None

    def test_check_names_it_until_its_webhook_comes(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By its address; and that lost orders stay lost while its API is not set."""
        monkeypatch.setenv("SHOPCLERK_MAGENTO_SECRET", "s")
        settings = WithMagento(_env_file=None)

        found = look_at_shop(settings, shop.orders.db, NOW, systems=(MAGENTO,))

        said = [finding.text for finding in found if finding.subject == "magento"]
        assert "/webhooks/magento" in said[0]
        assert "SHOPCLERK_MAGENTO_URL" in said[1]

    def test_its_settings_are_read_by_the_prefix_of_all_and_checked_by_kind(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An address without https is refused; what each is stands on the page of settings."""
        monkeypatch.setenv("SHOPCLERK_MAGENTO_SECRET", "secret of magento")
        monkeypatch.setenv("SHOPCLERK_MAGENTO_URL", "https://magento.example/")
        read = WithMagento(_env_file=None).shop_values(MAGENTO.settings)
        monkeypatch.setenv("SHOPCLERK_MAGENTO_URL", "magento.example")

        with pytest.raises(ValidationError, match="https://"):
            WithMagento(_env_file=None)
        assert read == VALUES
        assert SECRET.text == WithMagento.model_fields["magento_secret"].description

    def test_the_api_document_tells_of_it(self, shop: Shop) -> None:
        """Its path, what it takes and the header that signs."""
        operation = shop.app.openapi()["paths"]["/webhooks/magento"]["post"]

        assert "Magento's orders." == operation["description"]
        assert ["X-Magento-Signature"] == [one["name"] for one in operation["parameters"]]


def sources(orders: Orders) -> list[tuple[str, str]]:
    with orders.db.reading() as session:
        found = session.exec(select(Order).order_by(Order.order_id))
        return [(one.source, one.order_id) for one in found]
