"""The log of an experiment's plans: each is written before anybody is dealt under it, and stays.

A plan in the log is kept through upgrades and changed settings; only a person begins another. What
became of it is noted by the weekly report, and from then on fewer shoppers are held out.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter
from sqlmodel import col, select

from feedback.db import Database, PlannedExperiment, insert_once
from feedback.experiments.assignment import HOLDOUT
from feedback.experiments.plan import BEFORE, ExperimentPlan
from feedback.experiments.share_log import ShareLog

WEEK: Final = timedelta(days=7)
_ADAPTER: Final = TypeAdapter(ExperimentPlan)


class LoggedPlan(NamedTuple):
    """A plan, when it began, and what became of it."""

    plan: ExperimentPlan
    since: datetime
    verdict: str | None = None
    decided_at: datetime | None = None

    def held_out(self, now: datetime) -> float:
        """The holdout's share by now: less once the plan has decided, or is over.

        >>> from datetime import UTC
        >>> logged = LoggedPlan(ExperimentPlan(weeks=4), datetime(2026, 11, 30, tzinfo=UTC))
        >>> [logged.held_out(datetime(2027, 1, day, tzinfo=UTC)) for day in (3, 5)]
        [0.5, 0.1]
        """
        plan = self.plan
        # The week the first shopper came in counts from its Monday on, the last look a week later.
        over = plan.weeks is not None and now >= self.since + (plan.weeks + 1) * WEEK
        decided = self.decided_at is not None and now >= self.decided_at
        return min(plan.afterwards, plan.holdout) if over or decided else plan.holdout


class PlanLog:
    """Reads and writes the plans of one experiment."""

    def __init__(self, db: Database, experiment: str) -> None:
        """Work on `db`."""
        self.db = db
        self.experiment = experiment

    def newest(self) -> LoggedPlan | None:
        """The plan that runs; None: nobody was dealt under one yet."""
        with self.db.reading() as session:
            row = session.exec(
                select(PlannedExperiment)
                .where(PlannedExperiment.experiment == self.experiment)
                .order_by(col(PlannedExperiment.since).desc())
                .limit(1)
            ).first()
        if row is None:
            return None
        return LoggedPlan(
            _ADAPTER.validate_python(row.plan), row.since, row.verdict, row.decided_at
        )

    def begin(self, plan: ExperimentPlan, now: datetime) -> None:
        """Write a plan; what is dealt from now on follows it."""
        self._write(replace(plan, started_at=now), now)

    def ensure(self, wanted: ExperimentPlan, now: datetime) -> LoggedPlan:
        """The plan that runs; begins the wanted one where there is none.

        An experiment that ran before plans were kept goes on as it was begun: with its share and
        its measure.
        """
        found = self.newest()
        if found is not None:
            return found
        earlier = [
            each
            for each in ShareLog(self.db, self.experiment).changes()
            if each.shares.get(HOLDOUT)
        ]
        if earlier:
            share, since = earlier[-1].shares[HOLDOUT], earlier[0].since
            self._write(replace(BEFORE, holdout=share, started_at=since), since)
        else:
            self.begin(wanted, now)
        begun = self.newest()
        assert begun is not None
        return begun

    def settle(self, plan: ExperimentPlan) -> None:
        """Note what was open at the start: the cap, how many come, the horizon for them."""
        self._change(plan=_json(plan))

    def decide(self, verdict: str, now: datetime) -> bool:
        """Note what the running plan has come to, once."""
        found = self.newest()
        if found is None or found.decided_at is not None:
            return False
        self._change(verdict=verdict, decided_at=now)
        return True

    def _write(self, plan: ExperimentPlan, since: datetime) -> None:
        row = PlannedExperiment(experiment=self.experiment, since=since, plan=_json(plan))
        with self.db.transaction() as session:
            insert_once(session, row)

    def _change(self, **known: Any) -> None:
        with self.db.transaction() as session:
            row = session.exec(
                select(PlannedExperiment)
                .where(PlannedExperiment.experiment == self.experiment)
                .order_by(col(PlannedExperiment.since).desc())
                .limit(1)
            ).first()
            for name, value in known.items():
                setattr(row, name, value)


def _json(plan: ExperimentPlan) -> dict[str, Any]:
    stored: dict[str, Any] = _ADAPTER.dump_python(plan, mode="json")
    return stored
