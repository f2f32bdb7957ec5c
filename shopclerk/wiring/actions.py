"""Wiring of order actions: the back office, the flow that the clerk asks, and its worker."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from feedback.actions import ActionRuns
from feedback.db import Database, Guesses
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from feedback.knowledge import Catalogue
from shopclerk.settings import Settings
from shopclerk.wiring.base import EXPERIMENT, derived_key, new_id, utc_now

if TYPE_CHECKING:
    from bot.actions import ActionFlow, ActionWorker, BackOffice, Carrier, OrderItem


def build_back_office(settings: Settings) -> "BackOffice | None":
    """The shop's back office, where its address and secret are set."""
    from bot.actions import SignedBackOffice

    if settings.backoffice_url is None or settings.backoffice_secret is None:
        return None
    secret = settings.backoffice_secret.get_secret_value()
    return SignedBackOffice(settings.backoffice_url, secret, clock=utc_now)


def build_carrier(database: Database, office: "BackOffice") -> "Carrier":
    """Carries out what was said yes to; each has leases of its own."""
    from bot.actions import Carrier

    return Carrier(ActionRuns(database), office, owner=new_id(), clock=utc_now)


def build_actions(settings: Settings, database: Database) -> "ActionFlow | None":
    """The flow of order actions; None where the shop has no back office."""
    from bot.actions import ActionFlow, ActionRules, CustomerFinder, FlowParts

    office = build_back_office(settings)
    if office is None:
        return None
    guesses = Guesses(database, derived_key(settings, "customers"), "customer")
    parts = FlowParts(
        office,
        ActionRuns(database),
        build_carrier(database, office),
        CustomerFinder(office, guesses, utc_now),
        names=CatalogueNames(Catalogue(database, look_every=60.0)),
        clock=utc_now,
        rules=ActionRules(
            identify_by=settings.identify_by,
            identify_address_by=settings.identify_address_by,
            approve=settings.approve_actions,
            approve_over=settings.approve_over,
            a_day=settings.actions_a_day,
            a_shopper=settings.actions_a_shopper,
        ),
    )
    return ActionFlow(parts)


def build_action_worker(
    settings: Settings, database: Database, wake: Callable[[str], None]
) -> "ActionWorker | None":
    """What works off approved and unanswered actions; None where there is no back office."""
    from bot.actions import ActionWorker

    office = build_back_office(settings)
    if office is None:
        return None
    return ActionWorker(
        ActionRuns(database),
        build_carrier(database, office),
        Store(database, EXPERIMENT, DeskHooks()),
        clock=utc_now,
        wake=wake,
    )


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
