"""Stories of the weekly job: every week once, missed ones caught up, changed ones again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from feedback.db.jobs import Runs
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.knowledge.importers.records import RefundLine
from shopclerk.commands.report import (
    EmptyStretch,
    keep_weeks,
    last_full_week,
    report,
    stretch_of,
)
from shopclerk.settings import Settings
from shopclerk.wiring import EXPERIMENT, holdout_plan, open_database
from tests.factories import answer, make_orders, make_purchase, open_dialogue
from tests.scenarios.running import Shop

NOW = datetime(2026, 12, 2, 7, tzinfo=UTC)  # still the first in Los Angeles
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def settings_of(tmp_path, **changes):
    return Settings(_env_file=None, models_dir=tmp_path / "models", **changes)


def talk(database, shopper_id, at):
    from feedback.dialogues.repository import Store

    store = Store(database, EXPERIMENT, DeskHooks())
    return answer(store, open_dialogue(store, shopper_id=shopper_id, now=at), now=at)


@pytest.mark.slow
class TestCatchingUp:
    def test_missed_weeks_are_computed_once_and_changed_ones_again(self, one_database, tmp_path):
        """
        Three weeks without the job: all three at once. A late order re-opens its own week alone.
        """
        settings, runs = settings_of(tmp_path), Runs(one_database)
        talk(one_database, "anna", MONDAY - timedelta(days=18))
        assert ["2026-W45", "2026-W46", "2026-W47"] == keep_weeks(settings, one_database, MONDAY)
        assert [] == keep_weeks(settings, one_database, MONDAY)

        make_orders(one_database).record(
            make_purchase(total=Decimal(40), token_shopper_id="anna",
                          placed_at=MONDAY - timedelta(days=17)), MONDAY,
        )  # fmt: skip
        assert ["2026-W45"] == keep_weeks(settings, one_database, MONDAY)
        kept = runs.report_of("2026-W45")
        assert kept is not None
        assert "40.00" == kept.report["attributed_not_caused"]["assisted"]["amount"]

        back = RefundLine("r1", make_orders_id(one_database), Decimal(15), "USD", MONDAY)
        make_orders(one_database).refund(back, MONDAY)
        assert ["2026-W45"] == keep_weeks(settings, one_database, MONDAY)
        again = runs.report_of("2026-W45")
        assert again is not None
        assert "25.00" == again.report["attributed_not_caused"]["assisted"]["amount"]

    def test_nobody_yet_is_no_week(self, one_database, tmp_path):
        """
        A shop opened today has missed nothing.
        """
        assert [] == keep_weeks(settings_of(tmp_path), one_database, MONDAY)


class TestOtherDays:
    def test_never_take_a_week_s_place(self, tmp_path, monkeypatch):
        """
        A report of twenty days that begins in the week, posted by hand: the week's stays as it was.
        """
        url = f"sqlite:///{tmp_path / 'shop.db'}"
        monkeypatch.setenv("SHOPCLERK_DATABASE_URL", url)
        monkeypatch.setenv("SHOPCLERK_MODELS_DIR", str(tmp_path / "models"))
        database = open_database(settings_of(tmp_path, database_url=url))
        Runs(database).save_report("2026-W45", {"verdict": "not yet"}, NOW)
        since, until = date(2026, 11, 3), date(2026, 11, 23)
        report(since=since, until=until, last_week=False, kind="text", post=True)
        kept = [(each.week, each.report) for each in Runs(database).reports()]
        database.close()

        assert [("2026-W45", {"verdict": "not yet"})] == kept


def make_orders_id(database):
    from sqlmodel import select

    from feedback.db.tables.sales import Order

    with database.reading() as session:
        return session.exec(select(Order.order_id)).one()


class TestDaylightSaving:
    def test_weeks_follow_the_shops_calendar(self):
        """
        Clocks go back on 25 October 2026 in Berlin: that week has 169 hours, the spring's 167.
        """
        berlin = ZoneInfo("Europe/Berlin")
        start, end = last_full_week(datetime(2026, 10, 27, 12, tzinfo=UTC), berlin)
        assert ("2026-10-19", "2026-10-26") == (f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}")
        assert timedelta(hours=169) == end.astimezone(UTC) - start.astimezone(UTC)
        start, end = last_full_week(datetime(2026, 3, 31, 12, tzinfo=UTC), berlin)
        assert timedelta(hours=167) == end.astimezone(UTC) - start.astimezone(UTC)


class TestDays:
    def test_they_are_the_shops(self):
        """
        1 December of Los Angeles begins at 08:00 UTC.
        """
        zone = ZoneInfo("America/Los_Angeles")
        asked = stretch_of(date(2026, 11, 1), date(2026, 12, 1), NOW, zone)
        assert datetime(2026, 11, 1, 7, tzinfo=UTC) == asked.since
        assert datetime(2026, 12, 1, 8, tzinfo=UTC) == asked.until

    @pytest.mark.parametrize(
        ("since", "until", "named"),
        [
            (date(2026, 12, 1), date(2026, 11, 1), "2026-12-01 .* --until 2026-11-01"),
            (date(2026, 11, 1), date(2026, 11, 1), "2026-11-01 .* --until 2026-11-01"),
            (date(2026, 12, 2), None, "2026-12-02 is still to come: it is 2026-12-01"),
        ],
    )
    def test_nothing_between_them_is_refused(self, since, until, named):
        """
        Both are named; `--until` is the day after the last.
        """
        with pytest.raises(EmptyStretch, match=f"--since {named}"):
            stretch_of(since, until, NOW, ZoneInfo("America/Los_Angeles"))

    @pytest.mark.slow
    @pytest.mark.parametrize("command", ["report", "outcomes"])
    def test_on_the_command_line_it_is_wrong_usage(self, tmp_path, command):
        """
        Exit code 2, and nothing on standard output.
        """
        shop = Shop(tmp_path, 0)
        done = shop.run(command, "--since", "2026-12-01", "--until", "2026-11-01")

        assert (2, "") == (done.returncode, done.stdout)
        assert "2026-12-01" in done.stderr
        assert "2026-11-01" in done.stderr


class TestPlan:
    def test_days_are_read_in_the_shops_zone(self, tmp_path):
        """
        1 December begins in Shanghai while it is 16:00 of 30 November in UTC.
        """
        plan = holdout_plan(
            settings_of(
                tmp_path,
                holdout_ramp="2026-12-01=0.5, 2027-01-01=0.1",
                experiment_end="2027-02-01",
                time_zone="Asia/Shanghai",
            )
        )
        assert [0.5, 0.1] == [step.holdout for step in plan.ramp]
        assert datetime(2026, 11, 30, 16, tzinfo=UTC) == plan.ramp[0].since
        assert datetime(2027, 1, 31, 16, tzinfo=UTC) == plan.ends

    def test_a_share_that_is_none_is_refused(self, tmp_path):
        """
        With an example of how to write it.
        """
        with pytest.raises(ValueError, match=r"2026-12-01=0\.5"):
            settings_of(tmp_path, holdout_ramp="december=0.5")
        with pytest.raises(ValueError, match="less than 1"):
            settings_of(tmp_path, holdout_ramp="2026-12-01=1.5")
