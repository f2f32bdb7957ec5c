"""Stories of the made-up shop: what was planted is found by the real report."""

from decimal import Decimal

import pytest

from feedback.experiments.metric_registry import CVR
from feedback.report.text import report_text
from shopclerk.simulation.shop_history import simulate
from shopclerk.simulation.shop_world import Need, PlantedHistory, Ware, World, needs_of
from tests.factories import EXPERIMENT, NOW
from tests.feedback.world import report_of

pytestmark = pytest.mark.slow

NEEDS = [
    Need(f"question {number} about {topic}", topic, locale, f"All about {topic}.")
    for number in range(5)
    for topic in ("returns", "shipping", "sizes")
    for locale in ("en", "zh")
]
WARES = [Ware("mug", "Mug", Decimal("12.00")), Ware("tent", "Tent", Decimal("180.00"))]


def reported(database, *, uplift, shoppers, cvr=0.2, shares=None, told=None, seed=1):
    world = World(NEEDS, WARES, cvr=cvr, **({"shares": shares} if shares else {}))
    simulate(database, world, PlantedHistory(EXPERIMENT, shoppers, 4, uplift, NOW, seed))
    return report_of(database, shares=told or world.shares)


class TestPlanted:
    def test_uplift_is_held_by_its_interval(self, one_database):
        """
        +50 % planted in CVR: within the interval, and the arms' sizes are fair.
        """
        report = reported(one_database, uplift=0.5, shoppers=3_000)
        cvr = report.metrics[CVR].uplift
        assert cvr.low is not None
        assert cvr.high is not None
        assert cvr.low < 0.5 < cvr.high
        assert cvr.low > 0
        assert (report.srm_pvalue or 0) > 0.001
        assert report.behaviour.topics
        assert "home.example" not in report_text(report, "en")  # addresses in comments are redacted
        again = report_of(one_database, shares={})
        assert again.to_json() == report.to_json()  # the log knows the shares

    def test_planted_srm_withholds_the_verdict(self, one_database):
        """
        Dealt 40 to 60 where the log says a half: nothing is concluded, and the report says why.
        """
        from sqlalchemy import update

        from feedback.db.tables.people import ShareChange

        shares = {"holdout": 0.4, "champion": 0.6}
        reported(one_database, uplift=1.0, shoppers=1_500, shares=shares)
        with one_database.transaction() as session:
            halves = {"holdout": 0.5, "champion": 0.5}
            session.execute(update(ShareChange).values(shares=halves))
        report = report_of(one_database, shares={})
        assert ("not yet", "srm") == (report.verdict, report.verdict_reason)
        assert "withheld" in report_text(report, "en").splitlines()[0]


class TestNeeds:
    def test_only_questions_with_a_reply_in_their_language(self):
        """
        A question without a reply, or with one in another language only, is nobody's need.
        """
        replies = {("returns", "en"): "Send it back."}
        questions = [("q1", "returns", "en"), ("q2", "returns", "zh"), ("q3", None, "en")]
        assert [Need("q1", "returns", "en", "Send it back.")] == needs_of(replies, questions)
