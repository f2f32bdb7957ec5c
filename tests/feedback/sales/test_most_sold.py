"""What is bought most, as the catalogue shows it to who asks for best sellers."""

from datetime import timedelta
from decimal import Decimal

from feedback.knowledge.importers.records import BoughtLine
from feedback.sales.most_sold import best_sellers
from feedback.sales.orders import Orders, Purchase
from tests.bot.shop import NOON


def buy(orders, order_id, status="paid", days_ago=1, **quantities):
    orders.record(
        Purchase(
            order_id=order_id,
            number=order_id,
            source="test",
            placed_at=NOON - timedelta(days=days_ago),
            currency="USD",
            total=Decimal(10),
            lines=tuple(BoughtLine(id_, n, Decimal(1), id_) for id_, n in quantities.items()),
            email=None,
            status=status,
        ),
        NOON,
    )


def test_what_was_sold_most_comes_first(one_database):
    """By pieces in recent orders that are sales: none that was cancelled, none of long ago."""
    orders = Orders(one_database, b"email-key")
    buy(orders, "1", mug=1, lantern=1)
    buy(orders, "2", mug=2)
    buy(orders, "3", status="cancelled", tent=9)
    buy(orders, "4", days_ago=200, hat=9)

    assert ["mug", "lantern"] == best_sellers(one_database, NOON - timedelta(days=90))
