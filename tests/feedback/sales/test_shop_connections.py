"""Stories of the shop's systems: heard of by many at once, noted once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from feedback.sales.shop_connections import ShopConnections
from tests.factories import NOW

SECOND = timedelta(seconds=1)


class TestHeard:
    def test_the_first_messages_may_come_together(self, database):
        """
        Eight at the same moment were seven answers 500 on PostgreSQL: each added the row.
        """
        connections = ShopConnections(database)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: connections.heard("orders", NOW), range(8)))

        assert NOW == connections.state("orders").heard_at

    def test_it_is_noted_once_a_minute(self, database):
        """
        Webhooks that come together need not wait for one another at this row.
        """
        connections = ShopConnections(database)
        for seconds in (0, 30, 59, 61):
            connections.heard("orders", NOW + seconds * SECOND)
            noted = connections.state("orders").heard_at
            assert NOW + (61 if seconds == 61 else 0) * SECOND == noted

    def test_what_was_removed_is_back_at_once(self, database):
        """
        Whenever it was heard of last.
        """
        connections = ShopConnections(database)
        connections.removed("shopify", NOW)
        connections.heard("shopify", NOW + SECOND)
        connections.reconciled("shopify", NOW)

        state = connections.state("shopify")
        assert (NOW + SECOND, NOW, None) == (
            state.heard_at, state.reconciled_until, state.removed_at,
        )  # fmt: skip
