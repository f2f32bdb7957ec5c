"""Stories of the report's page: the same figures, escaped, with the intervals drawn."""

import re

from feedback.experiments.metric_registry import METRICS, RPS
from feedback.experiments.results import Arm, IncrementalRevenue, MetricResult, RevenueWeek, Uplift
from feedback.report.drawings import interval_drawing
from feedback.report.html import report_page
from feedback.report.parts import Behaviour, ShopperQuote, Topic
from feedback.report.text import report_text
from tests.feedback.report.test_text import FOUND, make_report

NASTY = "<script>alert(1)</script>"


class TestPage:
    def test_text_of_shoppers_is_never_markup(self):
        """
        Topics, questions and replies come from outside: they arrive as text.
        """
        behaviour = Behaviour(
            topics=(Topic(NASTY, 3, 1, 0, 0, NASTY),),
            unanswered=(ShopperQuote(NASTY, 2),),
            disliked=(ShopperQuote(NASTY, 1, NASTY),),
        )
        page = report_page(make_report(behaviour=behaviour), "en")
        assert NASTY not in page
        assert page.count("&lt;script&gt;") == 5

    def test_has_every_figure_of_the_text_in_both_languages(self):
        """
        Sentence, values and intervals are those of the text; the page says its language.
        """
        report = make_report()
        for locale in ("en", "zh"):
            page = report_page(report, locale)
            assert f'<html lang="{locale}">' in page
            assert report_text(report, locale).splitlines()[0] in page
            assert page.count("+3.0% … +22.0%") == len(METRICS)
            assert page.count("<svg") == len(METRICS)

    def test_begins_with_what_an_owner_reads(self):
        """
        The verdict, what to do, the money; then the figures it rests on.
        """
        page = report_page(make_report(), "en")
        places = [
            page.index(part)
            for part in ('class="verdict"', "What to do", "Added since the start", "<table")
        ]
        assert sorted(places) == places

    def test_is_never_green_while_the_verdict_is_open(self):
        """
        An interval over zero under "not enough data" would say the contrary; a line says so.
        """
        assert "interval good" not in report_page(make_report(), "en")
        assert "none of these figures proves anything" in report_page(make_report(), "en")
        assert "interval good" in report_page(make_report(verdict="better"), "en")

    def test_too_little_data_draws_no_interval(self):
        """
        A measure without an interval has words instead.
        """
        none = MetricResult({"holdout": 0.1}, Uplift(reason="too_few_orders"))
        page = report_page(make_report(metrics=dict.fromkeys(METRICS, none)), "en")
        assert "<svg" not in page
        assert page.count("too little data") == len(METRICS)

    def test_colours_tell_good_from_bad(self):
        """
        Fewer hand-overs are good; an interval over zero is neither.
        """
        assert 'class="interval good"' in interval_drawing(FOUND, 0.5)
        assert 'class="interval bad"' in interval_drawing(FOUND, 0.5, fewer_is_better=True)
        assert 'class="interval open"' in interval_drawing(Uplift(0.1, -0.1, 0.4), 0.5)

    def test_a_long_interval_is_drawn_to_its_end(self):
        """
        The scale is the report's own: one of -61 to -49 % was a dot at the edge of ±50 %.
        """
        found = MetricResult({"holdout": 0.2}, Uplift(-0.55, -0.61, -0.49))
        page = report_page(make_report(metrics={RPS: found}), "en")
        ends = re.search(r'class="reach" x1="([\d.]+)" x2="([\d.]+)"', page)

        assert ends is not None
        assert float(ends[2]) - float(ends[1]) > 5

    def test_ledger_is_drawn_from_its_second_week_on(self):
        """
        One point is no path.
        """
        weeks = tuple(RevenueWeek(f"2026-11-{day}", 5.0, -1.0, 11.0) for day in ("09", "16"))
        arms = {"holdout": Arm(10), "champion": Arm(10)}
        one = make_report(ledger=IncrementalRevenue(weeks=weeks[:1]), arms=arms)
        two = make_report(ledger=IncrementalRevenue(weeks=weeks), arms=arms)
        assert "<polyline" not in report_page(one, "en")
        assert "<polyline" in report_page(two, "en")
