"""Scheduler of recurring jobs: APScheduler proposes a time slot, the ledger decides who runs it.

Any number of processes may run this; a slot is run by the one that claims it, and taken over when
its owner dies. Missed slots are caught up, but only the newest: two weekly reports at once help
nobody.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any, Final, NamedTuple, Protocol

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from feedback.db import EPOCH
from training.jobs.cron import Cron, UnreadableCron
from training.jobs.lease import LEASE, held
from training.jobs.watch_library import Poller

LOOK: Final = timedelta(seconds=60)  # between looks for slots whose owner died
MOMENT: Final = timedelta(microseconds=1)

log = structlog.get_logger()


class ScheduledJob(NamedTuple):
    """What runs when: `cron` in five fields; `body` must stand being run again."""

    cron: str
    body: Callable[[], Any]
    catch_up: timedelta = timedelta(days=8)  # how far back a missed slot still matters


class JobLedger(Protocol):
    """Who may run what; `feedback.db.jobs.Runs`."""

    def claim(self, job: str, slot: datetime, owner: str, lease: timedelta, now: datetime) -> Any:
        """Take a free slot, or None."""
        ...

    def heartbeat(self, claim: Any, lease: timedelta, now: datetime) -> bool:
        """Keep it; False: it was taken over."""
        ...

    def finish(self, claim: Any, *, ok: bool, note: str | None = None) -> bool:
        """Close it; False: it was taken over."""
        ...

    def slots(self, job: str, since: datetime) -> list[Any]:
        """What was run since."""
        ...


class Scheduler:
    """The jobs of one process."""

    def __init__(
        self,
        jobs: Mapping[str, ScheduledJob],
        ledger: JobLedger,
        *,
        owner: str,
        clock: Callable[[], datetime],
        lease: timedelta = LEASE,
        zone: str = "UTC",
        lookouts: Sequence[Poller] = (),
    ) -> None:
        """Run `jobs` as `owner`.

        Args:
            jobs: what runs when, by name.
            ledger: who may run what.
            owner: this process.
            clock: the time.
            lease: how long a claim lasts unless it is kept.
            zone: the time zone in which the jobs' crons are read: the shop's.
            lookouts: what is looked at all the time, besides the slots.
        """
        self.jobs = dict(jobs)
        self.lookouts = list(lookouts)
        self.ledger = ledger
        self.owner = owner
        self.clock = clock
        self.lease = lease
        self._started = clock()
        self._triggers = {name: read_cron(name, job.cron, zone) for name, job in self.jobs.items()}
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Catch up what was missed, then propose every slot as it comes."""
        # Never skip a late slot, and run several late ones once: the defaults lose both.
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        for name, trigger in self._triggers.items():
            self._scheduler.add_job(self.propose, trigger, args=[name], id=name, **options)
            self._scheduler.add_job(
                self.propose,
                "interval",
                seconds=LOOK.total_seconds(),
                next_run_time=datetime.fromtimestamp(self._started.timestamp(), UTC),
                args=[name],
                id=f"{name}.look",
                **options,
            )
        self._scheduler.start()
        for lookout in self.lookouts:
            lookout.start()

    def stop(self) -> None:
        """Start nothing more, and wait for what runs."""
        for lookout in self.lookouts:
            lookout.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def propose(self, name: str) -> bool:
        """Run the newest slot that is due, if nobody else has; True: it was run here, and well."""
        slot = self.due(name)
        if slot is None:
            return False
        claim = self.ledger.claim(name, slot, self.owner, self.lease, self.clock())
        if claim is None:
            return False
        log.info("job.started", job=name, slot=slot.isoformat(), attempt=claim.attempt)
        note = self._run(self.jobs[name].body, claim)
        counted = self.ledger.finish(claim, ok=note is None, note=note)
        log.info("job.finished", job=name, slot=slot.isoformat(), ok=note is None, counted=counted)
        return counted and note is None

    def due(self, name: str) -> datetime | None:
        """The newest slot up to now; those before our start only if the job has run before."""
        now = self.clock()
        since = now - self.jobs[name].catch_up
        # A shop opened today has missed nothing, though its retraining is due every Monday.
        if not self.ledger.slots(name, EPOCH):
            since = max(since, self._started)
        return newest_slot(self._triggers[name], since, now)

    def _run(self, body: Callable[[], Any], claim: Any) -> str | None:
        """Run `body` while keeping the lease; returns what went wrong."""
        try:
            with held(self.ledger, claim, self.lease, self.clock):
                body()
        except Exception as error:
            # A job that fails must not end the schedule: it is noted, and the next slot comes.
            log.exception("job.failed", job=claim.job)
            return f"{type(error).__name__}: {error}"
        return None


class BadCron(ValueError):
    """A job's times cannot be read."""

    def __init__(self, job: str, cron: str, reason: str) -> None:
        self.job = job
        self.cron = cron
        super().__init__(f"The times of job {job}, {cron!r}, can not be read: {reason}.")


class CronTrigger(BaseTrigger):  # type: ignore[misc]
    """A cron as APScheduler asks for it."""

    def __init__(self, cron: Cron) -> None:
        self.cron = cron

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The first moment after `previous`, or from `now` on where that is earlier."""
        start = now - MOMENT if previous is None else min(now - MOMENT, previous)
        return next(self.cron.after(start), None)


def read_cron(job: str, cron: str, zone: str = "UTC") -> CronTrigger:
    """Five cron fields, in a time zone.

    Raises:
        BadCron: they can not be read.
    """
    try:
        return CronTrigger(Cron(cron, zone))
    except UnreadableCron as error:
        raise BadCron(job, cron, str(error)) from error


def newest_slot(trigger: CronTrigger, since: datetime, now: datetime) -> datetime | None:
    """The last time `trigger` fired in (since, now]; None: never."""
    slots = takewhile(lambda moment: moment <= now, trigger.cron.after(since))
    return next(iter(deque(slots, maxlen=1)), None)
