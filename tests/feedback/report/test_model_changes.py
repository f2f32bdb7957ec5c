"""What changed in the model, told from the runs of retraining."""

from feedback.db.period import Period
from feedback.db.retrain_runs import Retraining
from feedback.report.model_changes import model_changes
from feedback.report.parts import ModelChange
from feedback.report.report import Report
from feedback.report.sentences import model_change_lines
from feedback.report.strings import words_in
from feedback.report.text import report_text
from tests.factories import NOW, days
from tests.feedback.report.test_text import make_report

PARTS = {"parts": {"all": {"n": 400, "champion": 0.81, "challenger": 0.835}}}


def changes(database, since=None):
    with database.reading() as session:
        return model_changes(session, Period(since, NOW))


class TestRuns:
    def test_each_run_that_ended_is_one_change(self, database):
        """With what both versions got right of the same questions."""
        turns = Retraining(database)
        run = turns.open("a", "schedule", NOW - days(3), 4)
        turns.advance(run, "train", examples=1_234)
        turns.finish(run, "promoted", NOW - days(2), version=5, scores=PARTS)

        assert (ModelChange("2026-11-22", "promoted", 5, 4, 1_234, 400, 0.835, 0.81),) == changes(
            database
        )

    def test_weeks_are_apart_and_what_still_runs_is_no_change(self, database):
        """Of another week, or of nobody's yet."""
        turns = Retraining(database)
        old = turns.open("old", "schedule", NOW - days(9), 4)
        turns.finish(old, "refused", NOW - days(8), scores=PARTS)
        turns.open("now", "schedule", NOW - days(1), 4)

        assert () == changes(database, since=NOW - days(7))


class TestWords:
    def test_each_kind_has_its_sentence_and_nothing_has_one_too(self):
        """In both languages; a report that was kept comes back with them."""
        told = (
            ModelChange("2026-11-22", "promoted", 5, 4, 1_234, 400, 0.835, 0.81),
            ModelChange("2026-11-22", "promoted", 1, None, 900),
            ModelChange("2026-11-23", "refused", None, 5, 1_300, 400, 0.7, 0.835),
            ModelChange("2026-11-23", "refused"),
            ModelChange("2026-11-23", "failed"),
        )
        report = make_report(model_changes=told)
        lines = list(model_change_lines(report, words_in("en")))

        assert lines[0] == (
            "2026-11-22: version 5 took over. It got 83.5% of 400 held-out questions right,"
            " version 4 81.0%; it learned from 1,234 examples."
        )
        assert 5 == len(lines) == len(list(model_change_lines(report, words_in("zh"))))
        assert ["Nothing changed in the model."] == list(
            model_change_lines(make_report(), words_in("en"))
        )
        assert told == Report.from_json(report.to_json()).model_changes
        assert "What changed in the model\n- 2026-11-22: version 5" in report_text(report, "en")
