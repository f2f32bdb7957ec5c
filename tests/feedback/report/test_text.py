"""Stories of the report's words: the verdict first, in two languages, drawn from values alone."""

import pytest

from feedback.experiments.metric_registry import METRICS
from feedback.experiments.results import Arm, MetricResult, Uplift
from feedback.languages.registry import LANGUAGES
from feedback.report.parts import BridgeCapture, HandOvers, Note, ReplyRow
from feedback.report.report import Report
from feedback.report.text import report_text
from tests.factories import NOW

FOUND = Uplift(value=0.12, low=0.03, high=0.22, fixed_low=0.05, fixed_high=0.19)


def make_report(**changes) -> Report:
    fields = {
        "since": None,
        "until": NOW,
        "computed_at": NOW,
        "verdict": "not yet",
        "verdict_reason": "undecided",
        "weeks_needed": 12,
        "srm_pvalue": 0.5,
        "currency": "USD",
        "metrics": dict.fromkeys(METRICS, MetricResult({"holdout": 0.1, "champion": 0.11}, FOUND)),
        "arms": {"holdout": Arm(100), "champion": Arm(900)},
        **changes,
    }
    return Report(**fields)


class TestFirstSentence:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"verdict": "better"}, "Better: shoppers the clerk answered brought 12.0% more"),
            (
                {"weeks_needed": 12},
                "Not enough data yet to say what the clerk adds: an effect of 10 % would be seen",
            ),
            ({"weeks_needed": 1}, "about one more week."),
            ({"weeks_needed": 5_000}, "more than two years"),
            ({"weeks_needed": None}, "would have been seen by now"),
            ({"weeks_needed": None, "verdict_reason": "too_few_orders"}, "after the first orders"),
            ({"verdict_reason": "srm"}, "withheld"),
            ({"verdict_reason": "no_holdout"}, "nobody in the holdout"),
        ],
    )
    def test_says_the_verdict(self, changes, sentence):
        """
        An owner who reads one sentence knows what there is to know.
        """
        assert sentence in report_text(make_report(**changes), "en").splitlines()[0]

    def test_every_sentence_exists_in_both_languages(self):
        """
        Nothing is left untranslated, and an unknown language reads English.
        """
        assert set(LANGUAGES["en"].report) == set(LANGUAGES["zh"].report)
        assert report_text(make_report(), "fr") == report_text(make_report(), "en")
        assert report_text(make_report(), "zh").startswith(
            "数据还不够，暂时看不出店员带来了什么：要看出 10% 的效果，大约还需要 12 周"
        )


class TestWhatFollows:
    def test_advice_fits_the_figures(self):
        """
        Few matched orders, many hand-overs and disliked replies each have their line.
        """
        report = make_report(
            bridges=BridgeCapture(10, 2, {"token": 2}, {"shopify": (2, 10)}),
            hand_overs=HandOvers(10, 6, {"unsure": 6}),
            top_replies=(ReplyRow("return_policy", 9, 1, 0, 3, 0),),
            notes=(Note("other_currency", {"currency": "EUR", "orders": 4}),),
        )
        text = report_text(report, "en")
        for part in (
            "2 of 10 paid orders (20%); token 2; shopify 2/10",
            "6 of 10 dialogues (60%); not sure 6",
            "put the signed token",
            "write replies for the commonest questions",
            "return_policy got more thumbs down than up",
            "4 orders in EUR",
        ):
            assert part in text

    def test_measure_without_interval_says_so(self):
        """
        Below 60 orders the table has no figures to be mistaken for evidence.
        """
        thin = MetricResult({"holdout": 0.1, "champion": 0.2}, Uplift(1.0, reason="too_few_orders"))
        text = report_text(make_report(metrics=dict.fromkeys(METRICS, thin)), "en")
        assert text.count("too little data") == len(METRICS)
        assert "+100" not in text


class TestHandOvers:
    def test_say_why_in_words(self):
        """
        No code of ours stands in an owner's report; one we have no word for stands as it is.
        """
        report = make_report(hand_overs=HandOvers(10, 3, {"unsure": 2, "odd_one": 1}))

        assert "not sure 2, odd_one 1" in report_text(report, "en")
        assert "没有把握 2, odd_one 1" in report_text(report, "zh")
