"""Stories of alarms: told once whoever sees it, and once more when it is over."""

from datetime import timedelta

from sqlmodel import col, select, update

from feedback.db.jobs import Runs
from feedback.db.tables.desk import OutboxMessage
from feedback.desk.alarms import Alarm, Watchman, alarms
from feedback.desk.gauges import Gauges, JobGauge, read_gauges
from tests.factories import NOW, answer, hours, make_store, open_dialogue

MINUTE = timedelta(minutes=1)
WELL = Gauges(0, 0.0, 0, 0, 0, 0, 0, ())


def told(database) -> list[str]:
    with database.reading() as session:
        rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.number))).all()
    return [row.payload["text"] for row in rows]


def send_all(database) -> None:
    """As Slack's sender would: a message that waits for long is an alarm of its own."""
    with database.transaction() as session:
        session.execute(update(OutboxMessage).values(state="sent"))


def kinds(found: list[Alarm]) -> list[str]:
    return [alarm.kind for alarm in found]


class TestAlarms:
    def test_few_answers_tell_nothing(self):
        """
        Nine of nine by keywords may be one shopper at a restart.
        """
        assert [] == alarms(WELL._replace(answers=9, by_keywords=9))
        assert ["model"] == kinds(alarms(WELL._replace(answers=10, by_keywords=2)))
        assert [] == alarms(WELL._replace(answers=100, by_keywords=19))

    def test_each_kind_is_told_with_its_figures(self):
        """
        Hand-overs, a slow Slack, a failed job.
        """
        seen = WELL._replace(
            answers=20, handed_over=14, outbox=3, outbox_oldest=660.0,
            jobs=(
                JobGauge("report", NOW, "failed", "no channel"),
                JobGauge("retrain", NOW, "done", None),
            ),
        )  # fmt: skip
        found = alarms(seen)

        assert ["handover", "outbox", "job-report"] == kinds(found)
        assert "14 of 20" in found[0].text
        assert "11 minutes" in found[1].text
        assert "no channel" in found[2].text


class TestGauges:
    def test_only_the_models_own_shoppers_count(self, database):
        """
        The holdout is answered by keywords on purpose; an old answer is no news.
        """
        store = make_store(database)
        for arm in ("champion", "champion", "holdout"):
            dialogue = open_dialogue(store, arm=arm, now=NOW)
            answer(store, dialogue, arm=arm, served_by="keywords", now=NOW)
        answer(store, open_dialogue(store), served_by="keywords", now=NOW - hours(1))

        seen = read_gauges(database, NOW + MINUTE)

        assert (2, 2) == (seen.answers, seen.by_keywords)


class TestWatchman:
    def test_the_channel_reads_it_once_an_hour(self, database):
        """
        Two processes see it, minute after minute; then it is over, and that is told too.
        """
        store, runs = make_store(database), Runs(database)
        for _ in range(12):
            answer(store, open_dialogue(store), served_by="keywords", now=NOW)
        one, two = Watchman(database, "C1"), Watchman(database, "C1")
        for minute in range(9):
            assert ["model"] == kinds(one.look(NOW + minute * MINUTE))
            two.look(NOW + minute * MINUTE)
        assert 1 == len(told(database))
        assert "12 of 12 answers" in told(database)[0]
        send_all(database)

        for minute in range(11, 20):
            one.look(NOW + minute * MINUTE)
            two.look(NOW + minute * MINUTE)

        assert ["well again" in text for text in told(database)] == [False, True]
        send_all(database)
        claim = runs.claim("report", NOW, "me", hours(1), NOW)
        assert claim
        runs.finish(claim, ok=False, note="no channel")
        assert ["job-report"] == kinds(two.look(NOW + 30 * MINUTE))
        assert "report failed: no channel" in told(database)[-1]
