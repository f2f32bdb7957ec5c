"""Runs the recurring jobs: APScheduler proposes a time slot, the ledger decides who runs it.

Any number of processes may run this; a slot is run by whoever claims it, and taken over when its
owner dies. Missed slots are caught up, but only the newest: two weekly reports at once help nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from training.lease import LEASE, held
from training.watch import Looking

LOOK: Final = timedelta(seconds=60)  # between looks for slots whose owner died
MOMENT: Final = timedelta(microseconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

log = structlog.get_logger()


class Job(NamedTuple):
    """What runs when: `cron` in five fields; `body` must stand being run again."""

    cron: str
    body: Callable[[], Any]
    catch_up: timedelta = timedelta(days=8)  # how far back a missed slot still matters


class Ledger(Protocol):
    """Who may run what; `feedback.runs.Runs`."""

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
        jobs: Mapping[str, Job],
        ledger: Ledger,
        *,
        owner: str,
        clock: Callable[[], datetime],
        lease: timedelta = LEASE,
        zone: str = "UTC",
        lookouts: Sequence[Looking] = (),
    ) -> None:
        """Run `jobs` as `owner`.

        Args:
            jobs: what runs when, by name.
            ledger: who may run what.
            owner: this process.
            clock: the time.
            lease: how long a claim lasts unless it is kept.
            zone: the time zone in which the jobs' crons are read: the shop's.
            lookouts: what is looked at all the time, beside the slots.
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
        super().__init__(
            f"The times of job {job}, {cron!r}, can not be read ({reason}). Write five fields:"
            " minute, hour, day, month, weekday; '0 3 * * mon' is Mondays at 03:00."
        )


class Cron(BaseTrigger):  # type: ignore[misc]
    """Five cron fields in a time zone, its moments in UTC.

    In the hour that comes twice, when clocks are set back, APScheduler's own trigger finds the same
    moment after itself again and again, and its scheduler asks for ever. From a moment in UTC, with
    nothing fired before, it goes on. A job between two and three runs twice in that night, and at
    three in the night whose hour is left out.
    """

    def __init__(self, inner: CronTrigger) -> None:
        self._inner = inner

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The first moment after `previous`, or from `now` on where that is earlier."""
        start = now.astimezone(UTC)
        if previous is not None:
            start = min(start, previous.astimezone(UTC) + MOMENT)
        found = self._inner.get_next_fire_time(None, start)
        return None if found is None else found.astimezone(UTC)


def read_cron(job: str, cron: str, zone: str = "UTC") -> Cron:
    """Five cron fields, in a time zone.

    Raises:
        BadCron: they can not be read.
    """
    try:
        return Cron(CronTrigger.from_crontab(cron, timezone=zone))
    except ValueError as error:
        raise BadCron(job, cron, str(error)) from error


def newest_slot(trigger: Any, since: datetime, now: datetime) -> datetime | None:
    """The last time `trigger` fired in (since, now]; None: never."""
    newest = None
    moment = trigger.get_next_fire_time(None, since)
    while moment is not None and moment <= now:
        newest = moment if moment > since else newest
        moment = trigger.get_next_fire_time(moment, moment + MOMENT)
    return newest
