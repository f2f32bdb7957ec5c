"""Stories of the guardrails that a shop sets against its clerk: margin and time to answer."""

from decimal import Decimal

import pytest
from sqlmodel import col, update

from feedback.db.tables.dialogues import Impression
from feedback.db.tables.knowledge import Product, Variant
from feedback.db.tables.sales import OrderLine
from feedback.experiments.metric_registry import ANSWER_TIME, MARGIN, REFUNDED
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import ProductLine, VariantLine
from feedback.report.html import report_page
from feedback.report.text import report_text
from tests.factories import NOW
from tests.feedback.world import fill_shop, insert_rows, refund_order, report_of


def product(name, *costs):
    """A product with a size for each cost; None: not told."""
    sizes = [
        VariantLine(f"{name}/{n}", {}, "", Decimal(60), None, None, cost=cost)
        for n, cost in enumerate(costs)
    ]
    return ProductLine(name, name, "", "", "", [], "", "", True, tuple(sizes))


def sold(database, arm, name, *, count=300):
    """What was bought of the arm's first orders."""
    rows = [
        {
            "source": "orders", "order_id": f"o-{arm}-{n}", "position": 0, "product_id": name,
            "title": name, "quantity": 1, "price": Decimal(60),
        }
        for n in range(count)
    ]  # fmt: skip
    insert_rows(database, OrderLine, rows)


def of(report, metric, arm="champion"):
    """An arm's value; nothing where it has none."""
    return report.metrics[metric].arms[arm] or 0.0


@pytest.fixture
def shop(sqlite_database):
    """Three hundred shoppers of each arm, all of whom buy."""
    fill_shop(
        sqlite_database,
        shoppers={"holdout": 300, "champion": 300},
        cvr={"holdout": 1.0, "champion": 1.0},
    )
    return sqlite_database


class TestMargin:
    def test_is_told_where_it_falls(self, shop):
        """The clerk sells what costs the shop half as much again."""
        Catalogue(shop).put_products(
            [product("mug", Decimal(10)), product("lamp", Decimal(40))], NOW
        )
        sold(shop, "holdout", "mug")
        sold(shop, "champion", "lamp")
        report = report_of(shop)

        assert of(report, MARGIN, "holdout") > 0.75
        assert of(report, MARGIN) < 0.45
        assert "Guardrail, worse with the clerk: Margin, of revenue" in report_text(report, "en")
        assert "毛利占收入" in report_page(report, "zh")

    def test_is_no_row_where_no_cost_is_told(self, shop):
        """Nor is it said to be coming."""
        sold(shop, "champion", "mug")
        report = report_of(shop)

        assert report.metrics[MARGIN].arms == {"champion": None, "holdout": None}
        assert "Margin" not in report_text(report, "en")

    def test_leaves_out_orders_of_which_something_is_unknown(self, shop):
        """Of eighty mugs and twenty lamps the lamps' cost was never told."""
        Catalogue(shop).put_products([product("mug", Decimal(10)), product("lamp", None)], NOW)
        sold(shop, "champion", "mug", count=80)
        sold(shop, "holdout", "lamp", count=20)
        report = report_of(shop)

        assert report.arms["champion"].costed_orders == 80
        assert report.arms["holdout"].costed_orders == 0

    def test_what_was_sent_back_costs_nothing(self, shop):
        """An order returned in whole leaves neither revenue nor cost."""
        Catalogue(shop).put_products([product("mug", Decimal(10))], NOW)
        sold(shop, "champion", "mug")
        before = of(report_of(shop), MARGIN)
        for number in range(50):
            refund_order(shop, f"o-champion-{number}", "10000.00")
        after = of(report_of(shop), MARGIN)

        assert after == pytest.approx(before, abs=0.03)

    def test_an_arm_that_gave_nothing_back_is_no_infinite_change(self, shop):
        """Large sums leave a millionth of a millionth of a cent in the other arm."""
        for number in range(50):
            refund_order(shop, f"o-champion-{number}", "10000.00")
        report = report_of(shop)
        refunded = report.metrics[REFUNDED]

        assert of(report, REFUNDED) > 0.9
        assert (refunded.uplift.value, refunded.uplift.low) == (None, None)


class TestCost:
    def test_is_the_mean_of_the_sizes_and_outlives_a_webhook(self, shop):
        """Shopify's news of a product name no cost."""
        catalogue = Catalogue(shop)
        catalogue.put_products([product("mug", Decimal(10), Decimal(20))], NOW)
        catalogue.put_products([product("mug", None)], NOW)
        sold(shop, "champion", "mug")
        report = report_of(shop)

        revenue = float(report.arms["champion"].revenue)
        assert of(report, MARGIN) == pytest.approx(1 - 4_500 / revenue)

    def test_never_stands_where_answers_are_made(self):
        """Whatever reads a product for a shopper cannot say it."""
        columns = {*Product.model_fields, *Variant.model_fields}

        assert not [name for name in columns if "cost" in name]


class TestAnswerTime:
    def answers(self, shop, *, holdout, champion):
        with shop.transaction() as session:
            for arm, seconds in (("holdout", holdout), ("champion", champion)):
                row = update(Impression).where(col(Impression.arm) == arm)
                session.execute(row.values(answer_ms=1_000 * seconds))
            odd = update(Impression).where(col(Impression.impression_id).like("%1"))
            session.execute(odd.values(answer_ms=col(Impression.answer_ms) * 1.5))

    def test_a_slow_clerk_is_told(self, shop):
        """Two seconds instead of two hundredths."""
        self.answers(shop, holdout=0.02, champion=2.0)
        text = report_text(report_of(shop), "en")

        assert "Guardrail, worse with the clerk: Time to answer" in text
        assert "2.10 s" in text

    def test_a_model_that_takes_longer_than_a_search_is_no_harm(self, shop):
        """Ten times as long, and still nobody waits."""
        self.answers(shop, holdout=0.02, champion=0.2)
        report = report_of(shop)

        assert (report.metrics[ANSWER_TIME].uplift.low or 0) > 0
        assert "without harm shown: Time to answer" in report_text(report, "en")

    def test_answers_of_before_it_was_taken_do_not_count(self, shop):
        """They know no time, which is not none."""
        report = report_of(shop)

        assert report.metrics[ANSWER_TIME].arms == {"champion": None, "holdout": None}
