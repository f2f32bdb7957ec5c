"""Stories of the report: what the arms did, what is attributed, and the verdict an owner reads."""

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, update

from feedback.db import Order
from feedback.dialogues.state import AfterAnswer
from feedback.experiments.metric_registry import AOV, CTR, CVR, METRICS, RPS
from feedback.report.report import Report
from feedback.report.text import report_text
from tests.factories import (
    NOW,
    answer,
    days,
    hours,
    latest_dialogue,
    make_orders,
    make_purchase,
    make_store,
    open_dialogue,
    signals_of,
)
from tests.feedback.world import fill_shop, refund_order, report_of

pytestmark = pytest.mark.slow  # Ibis, tea-tasting and matplotlib take 5 s to load


@pytest.fixture
def small_shop(database):
    """
    Two shoppers in each arm; in both arms one buys, the champion's for 60.00 less 10.00 back.
    """
    store, orders = make_store(database), make_orders(database)
    begin = NOW - days(10)
    for arm in ("holdout", "champion"):
        served_by = "keywords" if arm == "holdout" else "model"
        for number in (1, 2):
            name = f"{arm}-{number}"
            dialogue = open_dialogue(store, shopper_id=name, arm=arm, now=begin)
            shown = answer(store, dialogue, now=begin, served_by=served_by).impression
            if number == 1:
                for target in ("mug", "ridge-backpack"):
                    signals_of(store).record_click(
                        click_id=f"{name}-{target}",
                        impression_id=shown.impression_id,
                        kind="product",
                        target=target,
                        now=begin + hours(1),
                    )
                orders.record(
                    make_purchase(
                        order_id=name,
                        total=Decimal("60"),
                        token_shopper_id=name,
                        placed_at=begin + hours(2),
                    ),
                    begin,
                )
    refund_order(database, "champion-1", "10.00")
    return database


class TestMeasures:
    def test_each_arms_values_follow_their_definitions(self, small_shop):
        """
        CTR, CVR, click CVR, AOV and RPS by shopper and arm, net of refunds.
        """
        report = report_of(small_shop)
        values = {
            metric.name: (result.arms["holdout"], result.arms["champion"])
            for metric, result in report.metrics_in("slack")
        }
        assert values == {
            "ctr": (0.5, 0.5),
            "cvr": (0.5, 0.5),
            "click_cvr": (0.5, 0.5),
            "aov": (60.0, 50.0),
            "rps": (30.0, 25.0),
        }

    def test_cancelled_late_and_early_orders_do_not_count(self, small_shop):
        """
        Orders count from the exposure on, for the outcome window, unless they were cancelled.
        """
        orders = make_orders(small_shop)
        left_out: list[dict[str, Any]] = [
            {"placed_at": NOW - days(11)},
            {"placed_at": NOW - days(2)},
            {"placed_at": NOW - days(9), "cancelled_at": NOW},
            {"placed_at": NOW - days(9), "token_shopper_id": None},
        ]
        for number, changes in enumerate(left_out):
            orders.record(
                make_purchase(
                    **{"order_id": f"x{number}", "token_shopper_id": "champion-2", **changes}
                ),
                NOW,
            )
        assert report_of(small_shop).metrics[CVR].arms["champion"] == 0.5
        longer = report_of(small_shop, outcome_window=days(9))
        assert longer.metrics[CVR].arms["champion"] == 1.0

    def test_keyword_answers_while_the_model_was_away_stay_out_of_ctr(self, small_shop):
        """
        In the champion's arm they say nothing about the model; in the holdout they are the answer.
        """
        store = make_store(small_shop)
        for arm in ("holdout", "champion"):
            dialogue = latest_dialogue(store, f"{arm}-1")
            assert dialogue is not None
            answer(store, dialogue, now=NOW - days(9), served_by="keywords")
        ctr = report_of(small_shop).metrics[CTR].arms
        assert (1 / 3, 0.5) == (ctr["holdout"], ctr["champion"])

    def test_currencies_are_kept_apart(self, small_shop):
        """
        Amounts are in the main currency; what was paid in another one is a note, and a purchase.
        """
        make_orders(small_shop).record(
            make_purchase(
                total=Decimal("500"),
                currency="EUR",
                token_shopper_id="champion-2",
                placed_at=NOW - days(9),
            ),
            NOW,
        )
        report = report_of(small_shop)
        assert ("USD", 25.0, 1.0) == (
            report.currency,
            report.metrics[RPS].arms["champion"],
            report.metrics[CVR].arms["champion"],
        )
        assert "1 orders in EUR" in report_text(report, "en")

    def test_only_shoppers_of_the_time_asked_for(self, small_shop):
        """
        Without anybody exposed in it there is nothing to compare, and the report says so.
        """
        report = report_of(small_shop, since=NOW - days(1))
        assert report.arms == {}
        assert ("not yet", "no_holdout", None) == (
            report.verdict,
            report.verdict_reason,
            report.srm_pvalue,
        )
        again = report_of(small_shop, since=NOW - days(1), exposed_since=NOW - days(99))
        assert again.arms["champion"].shoppers == 2


class TestAttributedSales:
    def test_direct_and_assisted_net_of_refunds(self, small_shop):
        """
        Both orders followed a click on their product within a day; one was refunded in part.
        """
        report = report_of(small_shop)
        assert (2, Decimal("110.00")) == (report.assisted.orders, report.assisted.amount)
        # The backpack cost 59.90 of 60.00, and of one order 10.00 went back.
        assert (2, Decimal("109.82")) == (report.direct.orders, report.direct.amount)
        assert "Attributed, not caused: 2 orders" in report_text(report, "en")

    def test_windows_are_arguments(self, small_shop):
        """
        With shorter windows the same orders are nobody's.
        """
        report = report_of(small_shop, direct_window=hours(0.5), assisted_window=hours(0.5))
        assert (0, 0) == (report.direct.orders, report.assisted.orders)

    def test_bridges_hand_overs_and_replies_are_told(self, small_shop):
        """
        How orders were matched, what went to the staff, and what was shown most.
        """
        store, orders = make_store(small_shop), make_orders(small_shop)
        orders.record(make_purchase(source="shopify", placed_at=NOW - days(1)), NOW)
        dialogue = open_dialogue(store, shopper_id="late", now=NOW - days(1))
        handed = AfterAnswer(handover="unsure")
        answer(store, dialogue, now=NOW - days(1), kind="handover", reply_id=None, after=handed)

        report = report_of(small_shop)
        assert ({"token": 2}, {"orders": (2, 2), "shopify": (0, 1)}) == (
            report.bridges.by_bridge,
            report.bridges.by_source,
        )
        assert (5, 1, {"unsure": 1}) == (
            report.hand_overs.dialogues,
            report.hand_overs.handed_over,
            report.hand_overs.by_reason,
        )
        assert ("return_policy", 4, 2, 2) == (
            report.top_replies[0].reply_id,
            report.top_replies[0].shown,
            report.top_replies[0].clicked,
            report.top_replies[0].orders,
        )


class TestVerdict:
    def test_empty_store_says_not_yet(self, database):
        """
        Before anything happened there is a report all the same.
        """
        report = report_of(database)
        assert ("not yet", None, None) == (
            report.verdict,
            report.weeks_needed,
            report.srm_pvalue,
        )
        assert report_text(report, "en").startswith("Not enough data yet")
        assert report_text(report, "zh").startswith("数据还不够")

    def test_too_few_orders_have_no_interval_but_a_number_of_weeks(self, one_database):
        """
        Below 60 orders in an arm there is no interval, and the weeks still needed are told.
        """
        fill_shop(
            one_database,
            shoppers={"holdout": 700, "champion": 700},
            cvr={"holdout": 0.03, "champion": 0.05},
        )
        report = report_of(one_database)
        uplift = report.metrics[RPS].uplift
        assert (None, None, "too_few_orders") == (uplift.low, uplift.high, uplift.reason)
        assert ("not yet", "too_few_orders") == (report.verdict, report.verdict_reason)
        assert (report.weeks_needed or 0) > 104
        assert "more than two years" in report_text(report, "en")

    def test_large_effect_is_found(self, database):
        """
        Twice the buyers among 3,000 shoppers an arm: better, with an interval above zero.
        """
        fill_shop(
            database,
            shoppers={"holdout": 3_000, "champion": 3_000},
            cvr={"holdout": 0.05, "champion": 0.10},
        )
        weekly = report_of(database).metrics[RPS].uplift
        assert (None, None) == (weekly.fixed_low, weekly.fixed_high)
        report = report_of(database, planned_end=NOW - days(7))
        uplift = report.metrics[RPS].uplift
        assert report.verdict == "better"
        assert uplift.value is not None
        assert uplift.low is not None
        assert uplift.fixed_low is not None
        assert 0 < uplift.low < uplift.fixed_low < uplift.value
        assert report_text(report, "en").startswith("Better: 92.0% more of the shoppers the clerk ")
        assert "interval of a single look" in report_text(report, "en")
        # CVR, which decides, is found too; order value is not, past the adjustment for the number
        # of measures that only accompany.
        assert (report.metrics[CVR].uplift.pvalue or 1) < 0.001
        assert (report.metrics[AOV].uplift.adjusted or 0) > 0.5
        added = report.ledger.clerk
        arms = report.arms
        per_shopper = (
            float(arms["champion"].revenue) / 3_000 - float(arms["holdout"].revenue) / 3_000
        )
        assert added.amount == pytest.approx(3_000 * per_shopper, abs=0.02)
        assert 0 < (added.low or 0) < (added.amount or 0) < (added.high or 0)
        assert report.ledger.weeks[-1].amount == added.amount
        assert sum(row.shoppers for row in report.groups["week"]) == 6_000

    def test_harm_is_found(self, one_database):
        """
        Half the buyers: worse, and what to do about it.
        """
        fill_shop(
            one_database,
            shoppers={"holdout": 3_000, "champion": 3_000},
            cvr={"holdout": 0.10, "champion": 0.05},
        )
        report = report_of(one_database)
        assert report.verdict == "worse"
        assert "roll back" in report_text(report, "en")

    def test_wrong_split_withholds_the_verdict(self, one_database):
        """
        When the arms' sizes contradict the shares nothing is concluded, however clear it looks.
        """
        fill_shop(
            one_database,
            shoppers={"holdout": 2_000, "champion": 3_000},
            cvr={"holdout": 0.05, "champion": 0.12},
        )
        report = report_of(one_database)
        assert ("not yet", "srm") == (report.verdict, report.verdict_reason)
        assert (report.srm_pvalue or 1) < 0.001
        assert "withheld" in report_text(report, "en")

    def test_orders_that_only_clicks_match_decide_nothing(self, one_database):
        """
        The clerk's arm clicks more, and half of its orders are found by that alone.
        """
        fill_shop(
            one_database,
            shoppers={"holdout": 2_000, "champion": 2_000},
            cvr={"holdout": 0.05, "champion": 0.10},
        )
        with one_database.transaction() as session:
            clicked = col(Order.shopper_id).like("champion-%1")
            session.execute(update(Order).where(clicked).values(bridge="click"))
            clicked = col(Order.shopper_id).like("champion-%5")
            session.execute(update(Order).where(clicked).values(bridge="click"))
        report = report_of(one_database)
        assert ("not yet", "matching") == (report.verdict, report.verdict_reason)
        assert "matched to shoppers in other ways" in report_text(report, "en")
        assert "signed token" in report_text(report, "en")

    def test_moderate_evidence_names_the_weeks(self, one_database):
        """
        With enough orders but no decision the report says how long it will take.
        """
        fill_shop(
            one_database,
            shoppers={"holdout": 2_500, "champion": 2_500},
            cvr={"holdout": 0.10, "champion": 0.105},
        )
        report = report_of(one_database)
        assert ("not yet", "undecided") == (report.verdict, report.verdict_reason)
        assert report.weeks_needed
        assert f"about {report.weeks_needed} more weeks" in report_text(report, "en")


class TestForms:
    def test_json_is_as_the_interface_says_and_comes_back(self, small_shop):
        """
        Keys are fixed, the text survives the way through JSON, and no shopper is in it.
        """
        report = report_of(small_shop, since=NOW - days(20))
        stored = json.loads(json.dumps(report.to_json()))

        assert {
            "verdict",
            "weeks_needed",
            "srm_pvalue",
            *(metric.name for metric in METRICS),
        } <= set(stored)
        assert {"holdout", "champion", "uplift"} <= set(stored["rps"])
        assert {"low", "high"} <= set(stored["rps"]["uplift"])
        assert Report.from_json(stored) == report
        assert "champion-1" not in report_text(report, "en") + report_text(
            report, "zh"
        ) + json.dumps(stored)

    def test_report_of_an_earlier_version_is_read(self, small_shop):
        """
        What it did not know yet is empty, and a key that nobody knows any more is left alone.
        """
        report = report_of(small_shop)
        stored = json.loads(json.dumps(report.to_json()))
        later = ("planned_end", "rps_adjusted", "dialogues", "groups", "ledger", "behaviour")
        for name in (*later, "model_changes", "touch", "zone", "stamp", "resolved", "offer_ctr"):
            del stored[name]
        read = Report.from_json({**stored, "of_old": 1})

        assert (report.metrics[RPS], report.arms) == (read.metrics[RPS], read.arms)
        assert {"resolved", "offer_ctr"} == (
            {metric.name for metric in report.metrics} - {metric.name for metric in read.metrics}
        )
        assert ("last", "UTC", "", None, {}, ()) == (
            read.touch,
            read.zone,
            read.stamp,
            read.planned_end,
            read.groups,
            read.model_changes,
        )
        for locale in ("en", "zh"):
            assert report_text(report, locale).splitlines()[0] in report_text(read, locale)

    def test_picture_is_a_png_of_a_phones_width(self, small_shop):
        """
        It is drawn even where there is too little data.
        """
        from feedback.report.chart import report_png

        drawn = report_png(report_of(small_shop))
        assert drawn.startswith(b"\x89PNG")
        assert int.from_bytes(drawn[16:20], "big") == 1080

    def test_reading_a_report_costs_no_statistics(self):
        """
        Who only reads reports never loads Ibis, tea-tasting or matplotlib.
        """
        import subprocess
        import sys

        heavy = "('ibis', 'scipy', 'matplotlib')"
        check = (
            f"import sys, feedback.report.report; print([m for m in {heavy} if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", check], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"
