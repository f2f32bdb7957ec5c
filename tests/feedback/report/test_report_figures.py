"""The report's figures against figures worked by hand; docs/statistics.md tells the same."""

import csv
import io
import math
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from sqlmodel import col, select

from feedback.db.period import Period
from feedback.db.tables.people import Exposure
from feedback.dialogues.identity import leave_out
from feedback.dialogues.state import AfterAnswer
from feedback.experiments.dialogue_outcomes import outcomes_csv, read_outcomes
from feedback.experiments.ended_dialogues import dialogue_ends
from feedback.experiments.event_view import Window, open_event_view
from feedback.experiments.metric_registry import CVR, FACTS, METRICS, RPS, covariances
from feedback.experiments.results import DialogueEnds
from feedback.experiments.share_log import ShareLog
from feedback.knowledge.importers.records import RateLine
from feedback.sales.attribution import AttributionRule
from feedback.sales.conversions import dialogues_of, read_conversions
from feedback.sales.exchange_rates import put_rates
from feedback.sales.order_explanation import explain_order, explain_text
from tests.factories import (
    EXPERIMENT,
    NOW,
    answer,
    days,
    hours,
    make_orders,
    make_purchase,
    make_store,
    open_dialogue,
    signals_of,
)
from tests.feedback.world import SHARES, fill_shop, refund_order, report_of

pytestmark = pytest.mark.slow  # Ibis and tea-tasting take 5 s to load

WINDOWS: dict[str, Any] = {"direct_window": hours(24), "assisted_window": days(7)}


def buy(database, shopper_id, total, *, at, **changes):
    make_orders(database).record(
        make_purchase(
            total=Decimal(total), token_shopper_id=shopper_id, placed_at=at, lines=(), **changes
        ),
        at,
    )


@pytest.fixture
def four_shoppers(one_database):
    """Two shoppers an arm, exposed ten days ago; one of each buys for 60.00."""
    store = make_store(one_database)
    for arm in ("holdout", "champion"):
        for number in (1, 2):
            name = f"{arm}-{number}"
            dialogue = open_dialogue(store, shopper_id=name, arm=arm, now=NOW - days(10))
            served = "keywords" if arm == "holdout" else "model"
            answer(store, dialogue, now=NOW - days(10), served_by=served)
        buy(one_database, f"{arm}-1", "60", at=NOW - days(9), order_id=f"o-{arm}")
    return one_database


class TestWorkedByHand:
    def test_statistics_of_a_comparison(self):
        """
        1,000 shoppers an arm; 100 orders of 50.00 in the holdout, 120 of 50.00 in the champion's.

        RPS 5.00 and 6.00: uplift 20 %. One shopper's variance: 50² · p(1−p) · n/(n−1) = 225.23 and
        264.26; of the logarithm's error: √(225.23/25/1000 + 264.26/36/1000) = 0.12792.
        The single look's interval: exp(ln 1.2 ∓ 1.96 · 0.12792) − 1 = −6.6 % to +54.2 %.
        """
        from tea_tasting.aggr import Aggregates

        from feedback.experiments.confidence_sequence import half_width
        from feedback.experiments.uplift import uplift_of

        def arm(buyers):
            share = buyers / 1_000
            spread = share * (1 - share) * 1_000 / 999
            names = ("buyers", "orders", "purchases")
            return Aggregates(
                1_000,
                {"revenue": 50 * share, **dict.fromkeys(names, share)},
                {"revenue": 2_500 * spread, **dict.fromkeys(names, spread)},
                {("revenue", "orders"): 50 * spread},
            )

        rps = uplift_of(RPS, arm(100), arm(120))
        assert rps.value == pytest.approx(0.2)
        assert rps.fixed_low == pytest.approx(-0.066, abs=2e-3)
        assert rps.fixed_high == pytest.approx(0.542, abs=2e-3)
        half = half_width(0.12792**2, 2_000)
        assert rps.low == pytest.approx(1.2 * math.exp(-half) - 1, rel=1e-3)
        cvr = uplift_of(CVR, arm(100), arm(120))
        assert cvr.value == pytest.approx(rps.value)
        assert cvr.low == pytest.approx(rps.low, rel=1e-6)

    def test_cells_are_tea_tastings_own_aggregates(self, one_database):
        """
        Summed cell by cell in the database: the means, variances and covariances are the same.
        """
        from tea_tasting.aggr import read_aggregates

        from feedback.experiments import aggregates, event_view
        from feedback.experiments.share_log import strata_of
        from feedback.experiments.shopper_facts import per_shopper
        from feedback.experiments.stratification import pooled

        fill_shop(
            one_database,
            shoppers={"holdout": 300, "champion": 300},
            cvr={"holdout": 0.2, "champion": 0.3},
        )
        window = Window(EXPERIMENT, None, NOW, days(7))
        with event_view.open_event_view(one_database) as backend:
            people = per_shopper(backend, window, "USD", strata_of([], SHARES), None)
            theirs = read_aggregates(
                people.table, "arm", has_count=True, mean_cols=FACTS,
                var_cols=FACTS, cov_cols=covariances(METRICS),
            )  # fmt: skip
            ours = pooled(aggregates.sums_of(people, window).cells, lambda _: True)
        for stratum, found in ours.items():
            for name in FACTS:
                assert found.mean(name) == pytest.approx(theirs[stratum.arm].mean(name))
                assert found.var(name) == pytest.approx(theirs[stratum.arm].var(name), abs=1e-9)
            for pair in covariances(METRICS):
                assert found.cov(*pair) == pytest.approx(theirs[stratum.arm].cov(*pair), abs=1e-9)

    def test_parts_add_up_to_the_whole(self, database, monkeypatch):
        """
        Told apart into three parts of people, each on a connection of its own: the same sums. Who
        came on two channels counts once, though the two identifiers fall into different parts.
        """
        from feedback.experiments import aggregates, event_view, shopper_facts as per_shopper
        from feedback.experiments.share_log import strata_of
        from feedback.experiments.stratification import pooled

        fill_shop(
            database,
            shoppers={"holdout": 300, "champion": 300},
            cvr={"holdout": 0.2, "champion": 0.3},
        )
        with database.transaction() as session:
            known = session.exec(select(Exposure).order_by(col(Exposure.shopper_id))).all()
            for one, other in zip(known[:20], known[-20:], strict=True):
                other.person_id = one.shopper_id
                session.add(other)
        monkeypatch.setattr(per_shopper, "PEOPLE_A_PART", 200)
        window, strata = Window(EXPERIMENT, None, NOW, days(7)), strata_of([], SHARES)

        with event_view.open_event_view(database) as backend:
            parts = per_shopper.shopper_ranges(backend, window, 3)
        told = [aggregates.read_facts(database, window, "USD", strata, at_once=n) for n in (1, 3)]

        assert len(parts) == 3
        assert parts[0].high == parts[1].low
        whole, apart = (pooled(each.cells, lambda _: True) for each in told)
        assert sum(arm.count() for arm in whole.values()) == 580
        assert whole.keys() == apart.keys()
        for stratum, sums in whole.items():
            assert apart[stratum].count() == sums.count()
            for name in FACTS:
                assert apart[stratum].mean(name) == pytest.approx(sums.mean(name))
                assert apart[stratum].var(name) == pytest.approx(sums.var(name), abs=1e-9)
        for group, sums in told[0].segments.items():
            assert told[1].segments[group] == pytest.approx(sums)
        assert told[0]._replace(cells={}, segments={}) == told[1]._replace(cells={}, segments={})

    def test_refund_and_cancellation_subtract(self, four_shoppers):
        """
        60.00 less 45.00 back: 15.00 of two shoppers are 7.50 each; cancelled, it is no order.
        """
        refund_order(four_shoppers, "o-champion", "45.00")
        assert report_of(four_shoppers).metrics[RPS].arms["champion"] == 7.5
        make_orders(four_shoppers).record(
            make_purchase(order_id="o-champion", total=Decimal(60), placed_at=NOW - days(9),
                          cancelled_at=NOW), NOW,
        )  # fmt: skip
        after = report_of(four_shoppers)
        assert (0, Decimal("0.00"), 30.0) == (
            after.arms["champion"].orders,
            after.arms["champion"].revenue,
            after.metrics[RPS].arms["holdout"],
        )

    def test_two_currencies_by_the_days_rate(self, four_shoppers):
        """
        50 EUR, bought when a euro was 1.10 USD: 55.00 USD; (60 + 55) ÷ 2 = 57.50 a shopper.
        """
        buy(four_shoppers, "champion-2", "50", at=NOW - days(9), currency="EUR")
        apart = report_of(four_shoppers)
        assert (30.0, 1.0) == (
            apart.metrics[RPS].arms["champion"],
            apart.metrics[CVR].arms["champion"],
        )
        assert [note.code for note in apart.notes if note.code == "other_currency"]
        put_rates(
            four_shoppers,
            [
                RateLine("EUR", "USD", NOW - days(30), Decimal("1.10")),
                RateLine("EUR", "USD", NOW - days(1), Decimal("1.90")),
            ],
        )
        together = report_of(four_shoppers)
        assert together.metrics[RPS].arms["champion"] == 57.5
        assert not [note for note in together.notes if note.code == "other_currency"]

    def test_shopper_on_two_channels_is_counted_once(self, four_shoppers):
        """
        champion-1 comes back on Slack and buys there for 40: still two shoppers, (60 + 40) ÷ 2.
        """
        store, orders = make_store(four_shoppers), make_orders(four_shoppers)
        open_dialogue(
            store, shopper_id="slack-1", channel="slack", arm="holdout", now=NOW - days(8)
        )
        orders.remember_email("champion-1", "a@home.example", NOW - days(8))
        orders.remember_email("slack-1", "a@home.example", NOW - days(8))
        buy(four_shoppers, "slack-1", "40", at=NOW - days(5))
        report = report_of(four_shoppers)
        assert (2, 2, 50.0, 2, 1) == (
            report.arms["champion"].shoppers,
            report.arms["champion"].orders,
            report.metrics[RPS].arms["champion"],
            report.arms["holdout"].shoppers,
            report.arms["champion"].buyers,
        )

    def test_bots_and_staff_are_nobody(self, four_shoppers):
        """
        With champion-1 left out, one shopper and no revenue remain of that arm, credit included.
        """
        assert report_of(four_shoppers).assisted.orders == 2
        leave_out(four_shoppers, ["champion-1"], "staff", NOW)
        report = report_of(four_shoppers)
        assert (1, 0, 1, 3) == (
            report.arms["champion"].shoppers,
            report.arms["champion"].orders,
            report.assisted.orders,
            report.dialogues[""].dialogues,
        )

    def test_changed_shares_are_compared_like_with_like(self, one_database):
        """
        A sale doubles every basket just as the holdout is cut; nothing else happens.

        First 1:1, everybody spends 10; then 1:3, all spend 20. Thrown together the champion's
        mean is 17.50 and the holdout's 15.00: +17 % out of nothing. Compared inside the shares: 0.
        """
        log = ShareLog(one_database, EXPERIMENT)
        log.record({"holdout": 0.5, "champion": 0.5}, NOW - days(30))
        log.record({"holdout": 0.25, "champion": 0.75}, NOW - days(20))
        store = make_store(one_database)
        for when, held, answered, total in ((25, 2, 2, "10"), (15, 2, 6, "20")):
            for arm, count in (("holdout", held), ("champion", answered)):
                for number in range(count):
                    name = f"{arm}-{when}-{number}"
                    open_dialogue(store, shopper_id=name, arm=arm, now=NOW - days(when))
                    buy(one_database, name, total, at=NOW - days(when - 1))
        report = report_of(one_database)
        assert report.metrics[RPS].uplift.value == pytest.approx(0.0)
        assert Decimal("140.00") == report.arms["champion"].revenue
        assert [note.code for note in report.notes if note.code == "strata"]

    def test_earlier_orders_and_large_ones_only_change_the_adjusted_figure(self, one_database):
        """
        The adjusted figure stands beside the raw one, which is untouched by the cap.
        """
        fill_shop(
            one_database,
            shoppers={"holdout": 800, "champion": 800},
            cvr={"holdout": 0.2, "champion": 0.2},
        )
        buy(one_database, "champion-1", "90000", at=NOW - days(27))
        report = report_of(one_database)
        raw, less = report.metrics[RPS].uplift, report.adjusted
        assert (raw.value or 0) > 5
        # The second largest of the first hundred orders is 255.19; with each shopper cut there the
        # sums are 7,643.83 and 11,197.79 for 800 shoppers each.
        assert report.order_cap == pytest.approx(255.19)
        assert less.value == pytest.approx(0.46494, abs=1e-4)
        assert (less.high or 0) - (less.low or 0) < ((raw.high or 0) - (raw.low or 0))


class TestOutcomes:
    def test_every_rate_agrees_with_the_table(self, four_shoppers):
        """
        Six dialogues: confirmed, disliked, handed over, come back to, too young, and durable ones.
        """
        store = make_store(four_shoppers)
        liked = answer(store, open_dialogue(store, now=NOW - days(8)), now=NOW - days(8))
        signals_of(store).rate(
            impression_id=liked.impression.impression_id, voter="v", value="up", now=NOW
        )
        poor = answer(store, open_dialogue(store, now=NOW - days(8)), now=NOW - days(8))
        signals_of(store).rate(
            impression_id=poor.impression.impression_id, voter="v", value="down", now=NOW
        )
        handed = open_dialogue(store, now=NOW - days(8))
        answer(store, handed, now=NOW - days(8), kind="handover", reply_id=None,
               after=AfterAnswer(handover="unsure"))  # fmt: skip
        again = open_dialogue(store, shopper_id="holdout-2", now=NOW - days(9))
        answer(store, again, now=NOW - days(9))
        young = open_dialogue(store, now=NOW - hours(2), dialogue_id="=1+1")
        answer(store, young, now=NOW - hours(2))

        rates = report_of(four_shoppers).dialogues[""]
        # Of the first four dialogues holdout-2's was come back to within 72 hours; three are quiet.
        assert (9, 1, 1, 4, 1, 1, 1) == (
            rates.dialogues, rates.handed, rates.confirmed, rates.durable, rates.open, rates.up,
            rates.down,
        )  # fmt: skip

        with four_shoppers.reading() as session:
            sold = read_conversions(session, Period(None, NOW), **WINDOWS)
            where = dialogues_of(session, [each.impression_id for each in sold])
        lines = "".join(outcomes_csv(read_outcomes(four_shoppers, Period(None, NOW), sold, where)))
        table = list(csv.DictReader(io.StringIO(lines)))
        counted = {
            kind: sum(row["resolved"] == kind for row in table)
            for kind in ("confirmed", "durable", "open", "no")
        }
        assert {"confirmed": 1, "durable": 4, "open": 1, "no": 3} == counted
        assert sum(row["handed_over"] == "yes" for row in table) == rates.handed
        assert sum(Decimal(row["revenue"] or 0) for row in table) == Decimal(120)
        assert "'=1+1" in {row["dialogue_id"] for row in table}

    def test_report_of_the_same_store_is_the_same(self, four_shoppers):
        """
        Reproducible: computed twice, every figure is the same.
        """
        assert report_of(four_shoppers) == report_of(four_shoppers)


class TestShoppers:
    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_the_report_is_a_sum_over_their_rows(self, four_shoppers, tmp_path, ending):
        """No id is among them."""
        from feedback.experiments.share_log import strata_of
        from feedback.experiments.shopper_export import export_shoppers

        built, path = report_of(four_shoppers), tmp_path / f"shoppers.{ending}"
        window = Window(EXPERIMENT, None, NOW, days(7), "UTC")
        count = export_shoppers(four_shoppers, window, "USD", strata_of([], SHARES), path)
        if ending == "csv":
            rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        else:
            rows = import_module("pyarrow.parquet").read_table(path).to_pylist()

        assert 4 == count == len(rows)
        for arm in ("holdout", "champion"):
            theirs = [row for row in rows if row["arm"] == arm]
            assert built.arms[arm].shoppers == len(theirs)
            assert built.arms[arm].buyers == sum(float(row["buyers"]) for row in theirs)
            assert float(built.arms[arm].revenue) == sum(float(row["revenue"]) for row in theirs)
        assert not any("_id" in name for name in rows[0])


class TestExplanation:
    def test_names_impression_click_and_bridge(self, one_database):
        """
        Why is this order credited, and to what? In words and as an object.
        """
        store = make_store(one_database)
        dialogue = open_dialogue(store, shopper_id="anna", now=NOW - hours(5))
        shown = answer(store, dialogue, now=NOW - hours(5)).impression
        signals_of(store).record_click(
            click_id="c", impression_id=shown.impression_id, kind="product",
                           target="ridge-backpack", now=NOW - hours(4))  # fmt: skip
        make_orders(one_database).record(
            make_purchase(order_id="77", number="#1077", token_shopper_id="anna",
                          placed_at=NOW - hours(3)), NOW,
        )  # fmt: skip
        found = explain_order(
            one_database, "#1077", experiment=EXPERIMENT, now=NOW, outcome_window=days(7),
            rule=AttributionRule(),
        )  # fmt: skip
        assert ("77", "token", "champion", True) == (
            found["order_id"], found["bridge"], found["arm"], found["counts_for_arm"],
        )  # fmt: skip
        assert [("direct", "59.9000"), ("assisted", "59.90")] == [
            (each["kind"], each["amount"]) for each in found["credited"]
        ]
        assert found["credited"][0]["product_id"] == "ridge-backpack"
        text = explain_text(found)
        assert shown.impression_id in text
        assert "the signed token shopclerk_shopper" in text

    def test_unknown_order(self, one_database):
        """
        It is named, with what to write.
        """
        from feedback.db.errors import UnknownOrder

        with pytest.raises(UnknownOrder, match="its id or its number"):
            explain_order(one_database, "4711", experiment=EXPERIMENT, now=datetime.now(UTC),
                          outcome_window=days(7), rule=AttributionRule())  # fmt: skip


class TestEndsOfDialogues:
    def test_turns_of_the_resolved_and_what_the_lost_heard_last(self, one_database):
        """By hand: two resolved of one and three messages, one lost after choices, one handed."""
        store, begun = make_store(one_database), NOW - days(6)
        for kinds in (
            ["answer"],
            ["choices", "answer", "answer"],
            ["answer", "choices"],
            ["handover"],
        ):
            dialogue = open_dialogue(store, now=begun)
            for number, kind in enumerate(kinds):
                reply_id = "return_how" if kind == "answer" else None
                at = begun + hours(number)
                answer(store, dialogue, kind=kind, reply_id=reply_id, choices=[], now=at)
        with open_event_view(one_database) as backend:
            ends = dialogue_ends(backend, Period(NOW - days(7), NOW))

        assert DialogueEnds(2, 2.0, 1, (("choices", 1),)) == ends
