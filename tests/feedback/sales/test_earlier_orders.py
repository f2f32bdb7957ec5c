"""Stories of orders from before: found once the address is known."""

from sqlmodel import select

from feedback.db.tables.sales import Order
from tests.factories import NOW, days, make_orders, make_purchase, make_store, open_dialogue


def owners(database) -> dict[str, tuple[str | None, str | None]]:
    with database.reading() as session:
        return {
            each.order_id: (each.shopper_id, each.bridge) for each in session.exec(select(Order))
        }


class TestEarlierOrders:
    def test_what_was_bought_before_the_first_contact_is_theirs(self, sqlite_database):
        """
        By the hash of the address; what came afterwards is matched when it comes, or never.
        """
        orders = make_orders(sqlite_database)
        for order_id, at in {"before": NOW - days(9), "after": NOW + days(1)}.items():
            orders.record(
                make_purchase(order_id=order_id, email="emma@shop.example", placed_at=at), NOW
            )
        orders.record(
            make_purchase(order_id="other", email="b@c.example", placed_at=NOW - days(9)), NOW
        )
        open_dialogue(make_store(sqlite_database), shopper_id="emma", now=NOW)
        orders.remember_email("emma", "emma@shop.example", NOW)

        assert {
            "before": ("emma", "email"), "after": (None, None), "other": (None, None)
        } == owners(sqlite_database)  # fmt: skip

    def test_a_shared_address_tells_of_nobody(self, sqlite_database):
        """
        Two shoppers gave it.
        """
        orders, store = make_orders(sqlite_database), make_store(sqlite_database)
        for name in ("emma", "noah"):
            open_dialogue(store, shopper_id=name, now=NOW)
        orders.remember_email("noah", "us@home.example", NOW)
        orders.record(
            make_purchase(order_id="old", email="us@home.example", placed_at=NOW - days(9)), NOW
        )
        before = owners(sqlite_database)
        orders.remember_email("emma", "us@home.example", NOW)

        assert before == owners(sqlite_database)
