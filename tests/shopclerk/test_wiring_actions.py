"""What order actions are wired with: whose facts are their policy, however the shop was set up."""

from itertools import permutations

import pytest

from feedback.demo_shop import DemoShop
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import FactLine
from feedback.knowledge.reply_book import ReplyBook
from shopclerk.demo_shop import put_demo_shop
from shopclerk.settings import Settings
from shopclerk.wiring import build_flow_parts
from tests.factories import NOW, make_orders, make_product, make_purchase

STEPS = ("the first `up`", "products", "orders")


@pytest.fixture
def policy(one_database):
    """The facts that rule an action, by what the flow is built with."""
    settings = Settings(
        _env_file=None, backoffice_url="https://office.example", backoffice_secret="of both"
    )
    parts = build_flow_parts(settings, one_database)
    assert parts is not None
    return lambda: (dict(parts.facts("en")), parts.fee("return_items", "en"))


class TestPolicy:
    @pytest.mark.parametrize("steps", [*permutations(STEPS)], ids=" ".join)
    def test_every_order_of_setting_up_leads_to_the_same(self, one_database, policy, steps):
        """The demo shop's hour for cancelling is no rule of a real shop's orders."""
        for step in steps:
            if step == STEPS[0]:
                put_demo_shop(one_database, now=NOW, currency="USD")
            else:
                DemoShop(one_database).close()  # as every import does
            if step == "products":
                Catalogue(one_database).put_products([make_product()], NOW)
            if step == "orders":
                make_orders(one_database).record(make_purchase(), NOW)

        assert ({}, "") == policy()

    def test_what_the_owner_tells_is_policy_even_beside_the_demo_shop(self, one_database, policy):
        """At the desk or from a file; a value like the demo's is the owner's, too."""
        put_demo_shop(one_database, now=NOW, currency="USD")
        ReplyBook(one_database).put_facts(
            [FactLine("return_days", "30"), FactLine("return_fee", "$2")], NOW
        )

        assert ({"return_days": "30", "return_fee": "$2"}, "$2") == policy()
