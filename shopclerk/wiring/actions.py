"""Wiring of order actions: the back office, the flow that the clerk asks, and its worker."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from feedback.actions import ActionRuns
from feedback.db import Database, Guesses
from feedback.demo_shop import DemoShop
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from feedback.knowledge import Catalogue
from serving.contract import STABLE
from serving.ranker import SentenceReader
from shopclerk.settings import BadSettings, Settings
from shopclerk.wiring.base import EXPERIMENT, derived_key, new_id, utc_now

if TYPE_CHECKING:
    from bot.actions import (
        ActionFlow,
        ActionWorker,
        BackOffice,
        Carrier,
        FlowParts,
        OrderItem,
        StockedProduct,
    )


def build_back_office(settings: Settings) -> "BackOffice | None":
    """Where orders are changed; None where the owner has connected nothing.

    Raises:
        BadSettings: a shop's API is named, and not all that it needs is set.
    """
    from bot.actions import ShopifyAdmin, ShopifyOffice, SignedBackOffice, WooOffice, WooRest

    told = settings.shop_values()
    match settings.backoffice or ("signed" if settings.backoffice_url else None):
        case "shopify":
            shop, token = _needed(told, "shopify_shop", "shopify_token")
            return ShopifyOffice(ShopifyAdmin(shop, token))
        case "woocommerce":
            url, key = _needed(told, "woocommerce_url", "woocommerce_key")
            return WooOffice(WooRest(url, key))
        case "signed":
            secret = settings.backoffice_secret
            if settings.backoffice_url is None or secret is None:
                return None
            return SignedBackOffice(
                settings.backoffice_url, secret.get_secret_value(), clock=utc_now
            )
    return None


def _needed(told: Mapping[str, str], *names: str) -> list[str]:
    missing = [f"SHOPCLERK_{name.upper()}" for name in names if not told.get(name)]
    if missing:
        raise BadSettings(f"SHOPCLERK_BACKOFFICE also needs {' and '.join(missing)}.")
    return [told[name] for name in names]


def build_carrier(database: Database, office: "BackOffice") -> "Carrier":
    """Carries out what was said yes to; each has leases of its own."""
    from bot.actions import Carrier

    return Carrier(ActionRuns(database), office, owner=new_id(), clock=utc_now)


def build_flow_parts(
    settings: Settings, database: Database, reader: SentenceReader | None = None
) -> "FlowParts | None":
    """What order actions work with; None where the shop has no back office.

    `reader` points at items that no word names; without one they are asked for.
    """
    from bot.actions import (
        ActionRules,
        CustomerFinder,
        FlowParts,
        VectorPointer,
        points_nowhere,
    )

    office = build_back_office(settings)
    if office is None:
        return None
    guesses = Guesses(database, derived_key(settings, "customers"), "customer")
    return FlowParts(
        office,
        ActionRuns(database),
        build_carrier(database, office),
        CustomerFinder(office, guesses, utc_now),
        names=CatalogueNames(Catalogue(database, look_every=60.0)),
        clock=utc_now,
        facts=DemoShop(database).own_facts,
        pointer=(
            points_nowhere if reader is None else VectorPointer(partial(reader.embed, label=STABLE))
        ),
        stock=CatalogueStock(Catalogue(database, look_every=60.0)),
        rules=ActionRules(
            identify_by=settings.identify_by,
            identify_address_by=settings.identify_address_by,
            approve=settings.approve_actions,
            approve_over=settings.approve_over,
            alone_a_day=settings.alone_a_day,
            staff_only=settings.staff_actions,
            a_day=settings.actions_a_day,
            a_shopper=settings.actions_a_shopper,
        ),
    )


def build_actions(
    settings: Settings, database: Database, reader: SentenceReader | None = None
) -> "ActionFlow | None":
    """The flow of order actions; None where the shop has no back office."""
    from bot.actions import ActionFlow

    parts = build_flow_parts(settings, database, reader)
    return None if parts is None else ActionFlow(parts)


def build_action_worker(
    settings: Settings, database: Database, wake: Callable[[str], None]
) -> "ActionWorker | None":
    """What works off approved and unanswered actions; None where there is no back office."""
    from bot.actions import ActionWorker

    parts = build_flow_parts(settings, database)
    if parts is None:
        return None
    return ActionWorker(parts, Store(database, EXPERIMENT, DeskHooks()), wake=wake)


class CatalogueNames:
    """An item's names: its title in the order, and the catalogue's in every language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._stamp: object = None
        self._names: dict[str, tuple[str, ...]] = {}

    def __call__(self, item: "OrderItem") -> Sequence[str]:
        """The names of an item's product."""
        stamp = self._catalogue.stamp()
        if stamp != self._stamp:
            self._names = {
                one.product.product_id: (
                    one.product.title,
                    *(said.title for said in one.translations),
                )
                for one in self._catalogue.products()
            }
            self._stamp = stamp
        return tuple(dict.fromkeys((item.title, *self._names.get(item.product_id, ()))))


class CatalogueStock:
    """The products of the catalogue with whether they can be had; read again when it changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._stamp: object = None
        self._products: dict[str, StockedProduct] = {}

    def __call__(self) -> "Mapping[str, StockedProduct]":
        """Each by its id."""
        from bot.actions import StockedProduct

        stamp = self._catalogue.stamp()
        if stamp != self._stamp:
            self._products = {
                one.product.product_id: StockedProduct(
                    one.product.product_id,
                    one.title_in,
                    [one.product.title, *(said.title for said in one.translations if said.title)],
                    any(each.quantity is None or each.quantity > 0 for each in one.variants),
                )
                for one in self._catalogue.products()
            }
            self._stamp = stamp
        return self._products
