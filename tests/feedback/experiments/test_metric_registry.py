"""Stories of the metric registry: one object is one metric, in every form of the report."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from feedback.experiments import metric_registry as registry
from feedback.experiments.metric_registry import EVERYWHERE, METRICS, Metric
from feedback.languages import LANGUAGES
from feedback.report.html import report_page
from feedback.report.metric_table import metric_rows
from feedback.report.report import Report
from feedback.report.strings import words_in
from feedback.report.text import report_text
from tests.factories import NOW, answer, hours, make_store, open_dialogue, signals_of
from tests.feedback.world import report_of

pytestmark = pytest.mark.slow  # Ibis and tea-tasting take 5 s to load, mypy as long

HEAD = """
from collections.abc import Mapping
from dataclasses import replace

from feedback.experiments import metric_registry as registry
from feedback.experiments.results import MetricResult


def read(results: Mapping[registry.Metric, MetricResult]) -> None:"""

CLICKS_PER_DIALOGUE = Metric(
    name="clicks_per_dialogue",
    numerator="clicks",
    denominator="dialogues",
    unit="number",
    titles={"en": "Clicks per dialogue", "zh": "每次对话的点击"},
    too_few="too_few_clicks",
    places=EVERYWHERE,
)


@pytest.fixture
def clicking_shop(one_database):
    """
    70 shoppers an arm with one dialogue each: in the holdout each clicks once, in the champion's
    arm one or three times.
    """
    store = make_store(one_database)
    for arm in ("holdout", "champion"):
        served = "keywords" if arm == "holdout" else "model"
        for number in range(70):
            name, at = f"{arm}-{number}", NOW - hours(24 * 10)
            shown = answer(
                store, open_dialogue(store, shopper_id=name, arm=arm, now=at), now=at,
                served_by=served,
            ).impression  # fmt: skip
            for click in range(1 if arm == "holdout" else 1 + number % 2 * 2):
                signals_of(store).record_click(
                    click_id=f"{name}-{click}", impression_id=shown.impression_id,
                    kind="product", target=f"mug-{click}", now=at + hours(1),
                )  # fmt: skip
    return one_database


class TestOneMoreMetric:
    def test_one_object_is_a_metric_in_every_form(self, clicking_shop):
        """
        Clicks per dialogue: computed in each arm with its uplift and interval, and shown in the
        text, the page, Slack's table and the JSON, in both languages; it comes back from the JSON.

        70 clicks in 70 dialogues of the holdout; 35 shoppers with one and 35 with three are 140.
        """
        metrics = (*METRICS, CLICKS_PER_DIALOGUE)
        report = report_of(clicking_shop, metrics=metrics)
        found = report.metrics[CLICKS_PER_DIALOGUE]
        stored = json.loads(json.dumps(report.to_json()))

        assert {"holdout": 1.0, "champion": 2.0} == found.arms
        assert found.uplift.value == pytest.approx(1.0)
        assert found.uplift.low is not None
        assert found.uplift.high is not None
        assert found.uplift.low < 1.0 < found.uplift.high
        assert (1.0, 2.0) == (
            stored["clicks_per_dialogue"]["holdout"],
            stored["clicks_per_dialogue"]["champion"],
        )
        assert found.uplift.low == stored["clicks_per_dialogue"]["uplift"]["low"]
        assert report == Report.from_json(stored, metrics)
        for locale, title in CLICKS_PER_DIALOGUE.titles.items():
            line = next(each for each in report_text(report, locale).splitlines() if title in each)
            assert ["1.00", "2.00", "+100.0%"] == line.removeprefix(title).split()[:3]
            assert f'<th scope="row">{title}</th>' in report_page(report, locale)
            assert title in [row[0] for row in metric_rows(report, words_in(locale), "slack")]

    def test_other_metrics_keep_their_figures(self, clicking_shop):
        """
        One more metric changes no value, uplift or interval of the others, only the p-values that
        are adjusted for the number of metrics.
        """
        one = report_of(clicking_shop)
        other = report_of(clicking_shop, metrics=(*METRICS, CLICKS_PER_DIALOGUE))
        for metric in METRICS:
            before, after = one.metrics[metric], other.metrics[metric]
            assert before.arms == after.arms
            assert (before.uplift.low, before.uplift.pvalue) == (
                after.uplift.low,
                after.uplift.pvalue,
            )

    def test_report_of_an_earlier_version_is_read_without_it(self, clicking_shop):
        """
        A report that was stored before there was the metric is read as it is.
        """
        report = report_of(clicking_shop)
        assert report == Report.from_json(report.to_json(), (*METRICS, CLICKS_PER_DIALOGUE))


class TestNames:
    def test_every_metric_has_a_title_in_every_language_of_the_report(self):
        """
        And no two have the same name, nor that of another key of the report's JSON.
        """
        names = {metric.name for metric in METRICS}
        assert len(METRICS) == len(names)
        assert not names & {field.name for field in fields(Report)}
        for metric in METRICS:
            assert set(LANGUAGES) == set(metric.titles)

    def test_mypy_sees_a_name_that_does_not_exist(self, tmp_path):
        """
        A metric, a fact, a unit or a place that is misspelled does not pass the lint.
        """
        misspelled = {
            "registry.RPSS": 'has no attribute "RPSS"',
            'results["rps"]': 'Invalid index type "str"',
            'registry.Metric("x", "clickz", None, "share", {}, "too_few_clicks")': "clickz",
            'registry.Metric("x", "clicks", "talks", "share", {}, "too_few_clicks")': "talks",
            'registry.Metric("x", "clicks", None, "miles", {}, "too_few_clicks")': "miles",
            'registry.Metric("x", "clicks", None, "share", {}, "too_few")': "too_few",
            'replace(registry.RPS, places=("fax",))': "fax",
        }
        snippet = tmp_path / "snippet.py"
        snippet.write_text("\n".join([HEAD, *(f"    {each}" for each in misspelled)]) + "\n")
        room = Path(registry.__file__).parent
        checked = [snippet, room / "metric_registry.py", room / "results.py"]
        command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=skip",
                   f"--cache-dir={tmp_path / 'cache'}", *map(str, checked)]  # fmt: skip
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout

        first = HEAD.count("\n") + 2
        for number, complaint in enumerate(misspelled.values(), start=first):
            line = [each for each in told.splitlines() if f"snippet.py:{number}:" in each]
            assert complaint in "\n".join(line)
        assert told.count("snippet.py:") == len(misspelled)
