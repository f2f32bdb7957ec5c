"""Stories of visitors in the report: what having a clerk adds for all of them."""

from typing import Any

import pytest
from sqlmodel import update

from feedback.db.database import Database
from feedback.db.tables.people import Exposure
from feedback.db.tables.sales import Order
from feedback.dialogues.visits import VISITORS
from feedback.experiments.plan import ExperimentPlan
from feedback.experiments.plan_log import LoggedPlan
from feedback.report.html import report_page
from feedback.report.report import Report
from feedback.report.text import report_text
from tests.factories import NOW, days
from tests.feedback.world import fill_shop, report_of

PLAN = LoggedPlan(ExperimentPlan(weeks=4, afterwards=0.0, origin="settings"), NOW - days(28))


def change(database: Database, statement: Any) -> None:
    with database.transaction() as session:
        session.execute(statement)


@pytest.fixture
def town(sqlite_database: Database) -> Database:
    """A thousand visitors of each arm in four weeks; eight in a hundred buy without, 16 with."""
    fill_shop(
        sqlite_database,
        shoppers={"none": 1_000, "clerk": 1_000},
        cvr={"none": 0.08, "clerk": 0.16},
    )
    change(sqlite_database, update(Exposure).values(experiment=VISITORS, engaged=True))
    return sqlite_database


def told(database: Database) -> Report:
    return report_of(database, visitors=PLAN)


class TestVisitors:
    def test_a_verdict_of_their_own(self, town):
        """
        By the same rules as the chat's: planned looks, both measures, in words an owner uses.
        """
        report = told(town)
        found = report.visitors

        assert found is not None
        assert ("better", "decided", 1_000, 1_000) == (
            found.verdict, found.reason, found.none.shoppers, found.clerk.shoppers,
        )  # fmt: skip
        assert "not yet" == report.verdict
        english, chinese = report_text(report, "en"), report_text(report, "zh")
        assert "Having a clerk, for everybody who visits\n- Better: " in english
        assert "有没有店员：所有访客\n- 更好：" in chinese
        assert "Having a clerk" in report_page(report, "en")
        assert report.visitors == Report.from_json(report.to_json()).visitors

    def test_a_chats_own_bridges_find_nothing_here(self, town):
        """
        Clicks and addresses exist only where there is a chat: nothing is compared by them.
        """
        change(town, update(Order).values(bridge="click"))

        found = told(town).visitors
        assert found is not None
        assert ("not yet", "no_token", 0) == (found.verdict, found.reason, found.clerk.orders)
        assert "`shopclerk_shopper` is missing" in report_text(told(town), "en")

    def test_hands_tell_robots_that_favour_an_arm(self, town):
        """
        The arms are of one size; but three in ten visitors of one of them never move a hand.
        """
        for number in "789":
            still = Exposure.shopper_id.like(f"none-%{number}")  # type: ignore[attr-defined]
            change(town, update(Exposure).where(still).values(engaged=False))

        found = told(town).visitors
        assert found is not None
        assert ("not yet", "srm") == (found.verdict, found.reason)

    def test_nothing_is_said_where_nothing_is_compared(self, town):
        """
        Of a shop that shows the chat to everybody.
        """
        assert None is report_of(town).visitors
        assert "everybody who visits" not in report_text(report_of(town), "en")
