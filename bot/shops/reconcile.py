"""Compares the shop's orders with ours: webhooks may be lost, late or switched off.

Everything goes the way the webhooks go, so an order that was known changes nothing, and a run that
was stopped in the middle is simply run again from where the last whole one ended.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from bot.shops.intake import Intake
from bot.shops.shop_system import ConnectedShop
from feedback.knowledge import BadShape

OVERLAP: Final = timedelta(hours=1)  # clocks differ, and a list may lag behind its orders
FIRST: Final = timedelta(days=30)  # how far back the first run looks

log = structlog.get_logger()


class Reconciled(NamedTuple):
    """What a run came to."""

    source: str
    since: datetime
    orders: int  # looked at
    missed: int  # not known before: the webhooks had lost them
    refused: int  # not understood; the log names them


def reconcile_orders(
    intake: Intake, shop: ConnectedShop, now: datetime, since: datetime | None = None
) -> Reconciled:
    """Take in what the shop lists as changed.

    Args:
        intake: Where orders go.
        shop: The shop, connected to.
        now: The moment up to which all is known afterwards.
        since: From when on; None: from where the last run ended, with an overlap.
    """
    source = shop.source
    if since is None:
        last = intake.connections.state(source).reconciled_until
        since = (last - OVERLAP) if last else now - FIRST
    orders = missed = refused = 0
    for payload in shop.orders.changed_since(since):
        orders += 1
        try:
            missed += shop.take(intake, payload) == "recorded"
        except BadShape as wrong:
            refused += 1
            log.warning(
                "reconcile.refused",
                source=source,
                order=str(payload.get("id"))[:40],
                reason=str(wrong),
            )
    intake.connections.reconciled(source, now)
    return Reconciled(source, since, orders, missed, refused)
