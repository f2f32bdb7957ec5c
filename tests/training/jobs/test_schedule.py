"""Which process runs which slot, and what becomes of slots that were missed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Lock
from types import SimpleNamespace

import pytest

from feedback.db.database import Database
from feedback.db.jobs import Runs
from training.jobs.schedule import BadCron, ScheduledJob, Scheduler, newest_slot, read_cron

MONDAYS = "0 3 * * mon"
MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)


class FakeLedger:
    """Claims as the real one does, in memory: first come, first served."""

    def __init__(self):
        self.rows = {}
        self.beats = 0

    def claim(self, job, slot, owner, lease, now):
        row = self.rows.get((job, slot))
        if row is None:
            row = SimpleNamespace(job=job, slot=slot, owner=owner, attempt=1, state="running")
        elif row.state == "running" and row.lease_until < now:
            row = SimpleNamespace(job=job, slot=slot, owner=owner, attempt=row.attempt + 1)
            row.state = "running"
        else:
            return None
        row.lease_until = now + lease
        self.rows[job, slot] = row
        return row

    def heartbeat(self, claim, lease, now):
        self.beats += 1
        return self.rows[claim.job, claim.slot] is claim

    def finish(self, claim, *, ok, note=None):
        if self.rows[claim.job, claim.slot] is not claim:
            return False
        claim.state, claim.note = ("done" if ok else "failed"), note
        return True

    def slots(self, job, since):
        return [row for (name, slot), row in self.rows.items() if name == job and slot >= since]


class Shop:
    """A ledger, a clock to set, and jobs that count how often they ran."""

    def __init__(self, now):
        self.now = now
        self.ran = 0
        self.ledger = FakeLedger()

    def body(self):
        self.ran += 1

    def schedule(self, owner="a", body=None, **options):
        jobs = {"retrain": ScheduledJob(MONDAYS, body or self.body, **options)}
        return Scheduler(jobs, self.ledger, owner=owner, clock=lambda: self.now)


class TestProposing:
    def test_runs_a_slot_once_among_several_processes(self):
        """The second to propose the same slot finds it taken."""
        shop = Shop(MONDAY - timedelta(minutes=1))
        first, second = shop.schedule("a"), shop.schedule("b")
        shop.now = MONDAY

        assert [True, False] == [first.propose("retrain"), second.propose("retrain")]
        assert shop.ran == 1

    def test_catches_up_the_newest_missed_slot_only(self):
        """Down for two Mondays: the older one is not made up for."""
        shop = Shop(MONDAY - timedelta(minutes=1))
        running = shop.schedule()
        shop.now = MONDAY
        running.propose("retrain")

        shop.now = MONDAY + timedelta(days=15)
        assert shop.schedule().propose("retrain")
        assert {MONDAY, MONDAY + timedelta(days=14)} == {slot for _, slot in shop.ledger.rows}

    def test_misses_nothing_in_a_shop_opened_today(self):
        """A job that never ran is first due after the first start."""
        shop = Shop(MONDAY + timedelta(hours=5))

        assert shop.schedule().propose("retrain") is False
        assert shop.ran == 0

    def test_forgets_slots_older_than_it_may_catch_up(self):
        """A report of last month helps nobody."""
        shop = Shop(MONDAY - timedelta(minutes=1))
        running = shop.schedule()
        shop.now = MONDAY
        running.propose("retrain")

        shop.now = MONDAY + timedelta(days=13)
        assert shop.schedule(catch_up=timedelta(days=2)).due("retrain") is None

    def test_takes_over_from_an_owner_that_died(self):
        """A lease that ran out frees the slot."""
        shop = Shop(MONDAY - timedelta(minutes=1))
        running = shop.schedule("b")
        shop.ledger.claim("retrain", MONDAY, "dead", timedelta(minutes=2), MONDAY)

        shop.now = MONDAY + timedelta(minutes=1)
        assert not running.propose("retrain")
        shop.now = MONDAY + timedelta(minutes=3)
        assert running.propose("retrain")

    def test_notes_a_failure_and_goes_on(self):
        """A job that raises ends neither the schedule nor the next slot."""

        def body():
            raise OSError("disk full")

        shop = Shop(MONDAY - timedelta(minutes=1))
        running = shop.schedule(body=body)
        shop.now = MONDAY

        assert not running.propose("retrain")
        assert shop.ledger.rows["retrain", MONDAY].note == "OSError: disk full"


class TestOneLedger:
    def test_two_schedulers_run_each_slot_once(self, database):
        """Each with connections of its own to the same store, proposing at the same moment."""
        ran, lock = [], Lock()
        now = [MONDAY - timedelta(minutes=1)]

        def body():
            with lock:
                ran.append(now[0])

        stores = [Database(database.engine.url.render_as_string(False)) for _ in range(2)]
        schedulers = [
            Scheduler(
                {"retrain": ScheduledJob("*/10 * * * *", body)},
                Runs(store),
                owner=f"replica {number}",
                clock=lambda: now[0],
            )
            for number, store in enumerate(stores)
        ]
        slots = [MONDAY + timedelta(minutes=10 * number) for number in range(20)]
        with ThreadPoolExecutor(8) as pool:
            for slot in slots:
                now[0] = slot
                won = list(pool.map(lambda n: schedulers[n % 2].propose("retrain"), range(8)))
                assert 1 == sum(won)
        for store in stores:
            store.close()

        assert slots == ran
        done = [
            (row.slot, row.state, row.attempt) for row in Runs(database).slots("retrain", MONDAY)
        ]
        assert [(slot, "done", 1) for slot in slots] == done


class TestStarting:
    def test_runs_what_is_due_at_once_and_stops_cleanly(self):
        """The first look happens at the start, not a minute later."""
        shop = Shop(MONDAY - timedelta(minutes=1))
        scheduler = shop.schedule()
        shop.now = MONDAY
        scheduler.start()
        scheduler.stop()

        assert shop.ran == 1


class TestCron:
    def test_reads_times_in_utc(self):
        """Five fields, Mondays at three."""
        trigger = read_cron("retrain", MONDAYS)

        assert newest_slot(trigger, MONDAY - timedelta(days=1), MONDAY) == MONDAY
        assert newest_slot(trigger, MONDAY, MONDAY + timedelta(days=6)) is None

    def test_says_what_is_wrong_with_other_times(self):
        """The message names the job, the value and what to write instead."""
        with pytest.raises(BadCron, match="'every monday'"):
            read_cron("retrain", "every monday")


class TestDaylightSaving:
    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("cron", ["30 2 * * *", "17 * * * *"])
    def test_the_hour_that_comes_twice_comes_to_an_end(self, cron):
        """
        When clocks were set back the newest slot was looked for without end: by us, and by
        APScheduler itself, which kept each of the moments it found.
        """
        trigger = read_cron("backup", cron, "Europe/Berlin")
        back = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

        newest = newest_slot(trigger, back - timedelta(days=1), back + timedelta(hours=8))

        assert newest is not None
        assert newest <= back + timedelta(hours=8)
        after = trigger.get_next_fire_time(back, back + timedelta(minutes=5))
        assert after is not None
        assert after > back

    def test_every_day_has_its_slot(self):
        """
        Half past two is left out in one night of March: then it is half past three.
        """
        trigger = read_cron("backup", "30 2 * * *", "Europe/Berlin")
        moment, slots = datetime(2026, 3, 27, 12, tzinfo=UTC), []
        for _ in range(3):
            slot = trigger.get_next_fire_time(None, moment)
            assert slot is not None
            slots.append(slot.strftime("%d %H:%M"))
            moment = slot + timedelta(seconds=1)

        assert ["28 01:30", "29 01:30", "30 00:30"] == slots
