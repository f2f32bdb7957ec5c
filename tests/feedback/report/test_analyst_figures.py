"""Stories of what analysts expect of the report beside its verdict."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import update
from tea_tasting.aggr import Aggregates

from feedback.db.database import Database
from feedback.db.tables.attention import Survey
from feedback.db.tables.dialogues import Impression
from feedback.db.tables.people import Exposure
from feedback.experiments.aggregates import Cell, SegmentCell, SegmentSums
from feedback.experiments.assignment import CHAMPION, HOLDOUT
from feedback.experiments.event_view import Window
from feedback.experiments.metric_registry import CVR, METRICS, REFUNDED, BadMetric, own_metric
from feedback.experiments.results import (
    AddedRevenue,
    IncrementalRevenue,
    RevenueWeek,
    Segment,
    Uplift,
)
from feedback.experiments.segments import _holm, segment_effects
from feedback.experiments.share_log import Strata, StratumPeriod
from feedback.experiments.shopper_export import export_shoppers
from feedback.report.html import report_page
from feedback.report.report import Report
from feedback.report.savings import CostModel, savings_of
from feedback.report.text import report_text
from tests.factories import EXPERIMENT, NOW, days
from tests.feedback.world import SHARES, fill_shop, insert_rows, refund_order, report_of

OWN = own_metric("orders_per_shopper=orders")
NOTEBOOK = Path(__file__).parents[3] / "docs" / "notebooks" / "report.ipynb"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Any:
    """A thousand shoppers of each arm; those with the clerk buy twice as often, on phones alone
    as often; half of the holdout's dialogues are handed over, a tenth of the clerk's."""
    path = tmp_path_factory.mktemp("analysts") / "shop.db"
    path.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    fill_shop(
        database, shoppers={"holdout": 1_000, "champion": 1_000},
        cvr={"holdout": 0.10, "champion": 0.20},
    )  # fmt: skip
    with database.transaction() as session:
        odd = Exposure.shopper_id.like("%1")  # type: ignore[attr-defined]
        session.execute(update(Exposure).values(device="computer"))
        session.execute(update(Exposure).where(odd).values(device="phone"))
        for like in ("i-holdout-%1", "i-holdout-%3", "i-holdout-%5", "i-champion-%7"):
            handed = Impression.impression_id.like(like)  # type: ignore[attr-defined]
            session.execute(update(Impression).where(handed).values(kind="handover"))
    graded = {"champion": (400, 1), "holdout": (80, 2)}
    surveys = [
        {"dialogue_id": f"d-{arm}-{n}", "solved": False, "grade": grade, "at": NOW - days(8)}
        for arm, (number, grade) in graded.items()
        for n in range(number)
    ]
    insert_rows(database, Survey, surveys)
    yield database
    database.close()


@pytest.fixture(scope="module")
def report(town: Database) -> Report:
    return report_of(town, metrics=(*METRICS, OWN), costs=CostModel(6.0, 30.0, 100.0, 0.5))


class TestFigures:
    def test_segments_have_intervals_adjusted_for_their_number(self, report):
        """
        By what was known at the exposure; where too few bought there is none.
        """
        found = {(each.dimension, each.value): each for each in report.segments}
        computer, phone = found["device", "computer"], found["device", "phone"]

        assert (900, 900, 100) == (computer.holdout, computer.champion, phone.champion)
        assert computer.uplift.low is not None
        assert computer.uplift.adjusted is not None
        assert computer.uplift.adjusted >= (computer.uplift.pvalue or 0.0)
        assert "too_few_orders" == phone.uplift.reason
        assert ("version", "1") in found

    def test_whether_it_lasts(self, report):
        """
        In the first week they buy; the test's shoppers never come again.
        """
        first, second = report.since_exposure[:2]

        assert (1, 2) == (first.week, second.week)
        assert first.champion > 1.5 * first.holdout > 0
        assert 0 == second.champion == second.holdout

    def test_guardrails_say_harm(self, report):
        """
        Four in ten of the clerk's dialogues were graded 1, under one in ten of the holdout's.
        """
        text = report_text(report, "en")
        assert "Guardrail, worse with the clerk: Dialogues with a complaint" in text
        assert "Guardrails without harm shown: Dialogues handed over" in text

    def test_hand_overs_avoided_are_worth_something(self, report):
        """
        Two in ten dialogues fewer, at six minutes each, against a month's cost.
        """
        found = report.savings

        assert found is not None
        assert 150 < found.hand_overs.amount < 250
        assert found.minutes == 6 * found.hand_overs.amount
        assert found.saved == pytest.approx(found.minutes / 2)
        assert found.times is not None
        assert found.times > 5
        assert "comes back" in report_text(report, "en")

    def test_what_may_be_nothing_comes_back_from_no_cost(self):
        """
        Revenue added by chance is not counted against the cost, nor are hand-overs.
        """
        sure = AddedRevenue("hand_overs", 100, amount=60.0, low=20.0, high=100.0)
        open_ = AddedRevenue("clerk", 100, amount=500.0, low=-100.0, high=1_100.0)
        costs, ledger = CostModel(6.0, 30.0, 100.0, 0.5), IncrementalRevenue(open_, weeks=())
        ledger = replace(ledger, weeks=(RevenueWeek("2026-11-09", 5.0, -1.0, 11.0),) * 4)

        assert savings_of(sure, ledger, costs).added is None
        assert savings_of(sure, ledger, costs).times == pytest.approx(180 / 91.99, rel=1e-3)
        assert savings_of(replace(sure, low=-1.0), ledger, costs).times is None

    def test_a_bayesian_reading_stands_beside(self, report):
        """
        Sure, and nearer to nothing than what was seen.
        """
        assert report.belief is not None
        assert report.belief.better > 0.99
        assert 0 < report.belief.value < report.metrics[CVR].uplift.value

    def test_adjusting_says_its_gain(self, report):
        """
        By device alone hardly anything is told here; it is never sold as more than it is.
        """
        cvr, capped = report.adjustments

        assert ("cvr", "rps_capped") == (cvr.measure, capped.measure)
        assert 0 <= cvr.gain < 0.05
        assert cvr.value == pytest.approx(report.metrics[CVR].uplift.value, abs=0.02)

    def test_a_metric_of_the_shops_own(self, report):
        """
        By one line of the settings; a stored report still has it.
        """
        again = Report.from_json(report.to_json())

        assert report.metrics[OWN] == again.metrics[OWN]
        assert "Orders per shopper" in report_text(again, "en")
        with pytest.raises(BadMetric, match="facts are"):
            own_metric("speed=miles/hour")

    def test_stored_and_read_again(self, report):
        """
        All of it; and both forms show it in both languages.
        """
        again = Report.from_json(report.to_json())

        assert (report.segments, report.since_exposure, report.belief, report.savings) == (
            again.segments, again.since_exposure, again.belief, again.savings,
        )  # fmt: skip
        for locale, words in {"en": "Does it last?", "zh": "效果持久吗"}.items():
            assert words in report_text(report, locale)
            assert words in report_page(report, locale)


class TestFewSegments:
    def test_only_the_newest_versions_and_no_handful_of_shoppers(self):
        """
        A shop that trains each night has hundreds of versions, and one visitor from a paid advert.
        """
        cell = SegmentCell(HOLDOUT, 0, None, None, None, None, None, None, None)
        cells = {
            Cell(arm, 0, version=version if arm == CHAMPION else None, week=1): Aggregates(
                count_=200, mean_={"buyers": 0.1}, var_={}, cov_={}
            )
            for version in range(1, 9)
            for arm in (HOLDOUT, CHAMPION)
        }
        known = {
            cell._replace(arm=arm, source=source): SegmentSums(shoppers=shoppers)
            for arm in (HOLDOUT, CHAMPION)
            for source, shoppers in (("search", 500), ("mail", 300), ("paid", 1))
        }
        found = [(each.dimension, each.value) for each in segment_effects(known, cells)]

        assert found == [
            ("source", "mail"), ("source", "search"),
            *(("version", str(number)) for number in range(4, 9)),
        ]  # fmt: skip


class TestHolm:
    def test_is_never_less_than_the_one_before(self):
        """
        The smallest of three counts three times; none has a p that is smaller than a smaller one's.
        """
        segments = [
            (Segment("device", name, 1, 1, 0.1, 0.1, Uplift()), p)
            for name, p in (("a", 0.04), ("b", 0.01), ("c", None), ("d", 0.03))
        ]

        assert [0.06, 0.03, None, 0.06] == [each.uplift.adjusted for each in _holm(segments)]


class TestNotebook:
    def test_reproduces_the_report(self, town, report, tmp_path, monkeypatch):
        """
        Its cells are run on the exported rows: the same values and the same interval of one look.
        """
        window = Window(EXPERIMENT, None, NOW, days(7))
        strata = Strata([SHARES], [StratumPeriod(None, 0)])
        export_shoppers(town, window, "USD", strata, tmp_path / "shoppers.parquet")
        monkeypatch.chdir(tmp_path)
        cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
        names: dict[str, Any] = {}
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)

        cvr = names["sums"].loc[CHAMPION, "cvr"]
        low, high = names["uplift"].loc["buyers", ["low", "high"]]
        planned = report_of(town, planned_end=NOW - days(10)).metrics[CVR]
        assert planned.arms[CHAMPION] == pytest.approx(cvr)
        assert (planned.uplift.fixed_low, planned.uplift.fixed_high) == pytest.approx((low, high))


class TestReturned:
    def test_refunds_are_a_guardrail(self, sqlite_database):
        """
        What was given back of what was sold, by arm.
        """
        fill_shop(
            sqlite_database,
            shoppers={"holdout": 60, "champion": 60},
            cvr={"holdout": 1.0, "champion": 1.0},
        )
        for number in range(60):
            refund_order(sqlite_database, f"o-champion-{number}", "10.00")

        rate = report_of(sqlite_database).metrics[REFUNDED]
        assert 0 == rate.arms["holdout"]
        assert 0.05 < (rate.arms["champion"] or 0) < 0.5


class TestWhatIsNotThere:
    def test_metrics_without_a_value_are_one_sentence(self, report):
        """
        Nobody pressed a thumb, was recommended anything or timed: no rows of dashes.
        """
        text = report_text(report, "en")

        assert "yet of: Thumbs up, Clicked recommendations, Time to answer." in text
        assert "\nThumbs up  " not in text

    def test_advice_names_no_looks_where_none_are_planned(self, report):
        """
        An experiment without an end decides by itself.
        """
        assert "every Monday" not in report_text(report, "en")
        assert report.verdict == "better" or "decides by itself" in report_text(report, "en")
