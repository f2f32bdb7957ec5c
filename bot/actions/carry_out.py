"""Carries out what was said yes to: once, with the same key however often it is tried."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.actions.back_office import ActionCall, BackOffice, BackOfficeAway, BackOfficeRefused
from feedback.actions import ActionRuns
from feedback.db import ActionRun

LONGEST_WAIT: Final = timedelta(minutes=10)  # between two attempts
GIVE_UP_AFTER: Final = timedelta(days=1)  # without an answer: a person has to look

log = structlog.get_logger()


class Carrier:
    """Tells the back office, and keeps what became of it."""

    def __init__(
        self,
        runs: ActionRuns,
        office: BackOffice,
        *,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`owner` names this process: it alone has the leases it takes."""
        self._runs = runs
        self._office = office
        self._owner = owner
        self._clock = clock

    def carry(self, run_id: str, *, told: bool = False) -> ActionRun | None:
        """Carry a run out now; the run as it stands after it.

        `told`: the shopper reads its end in the answer under way.
        """
        run = self._runs.claim(run_id, self._owner, self._clock())
        return self._runs.get(run_id) if run is None else self._send(run, told=told)

    def carry_due(self) -> ActionRun | None:
        """Carry out what waits longest; None: nothing does."""
        run = self._runs.claim_due(self._owner, self._clock())
        return None if run is None else self._send(run)

    def _send(self, run: ActionRun, *, told: bool = False) -> ActionRun:
        call = ActionCall(run.name, run.arguments)
        by = f", approved by {run.decided_by}" if run.decided_by else ""
        try:
            outcome = self._office.execute(
                call, key=run.run_id, actor=f"dialogue {run.dialogue_id}{by}"
            )
        except BackOfficeRefused as refused:
            log.info("action.refused", name=run.name, code=refused.code)
            now = self._clock()
            return self._runs.finish(run, "refuse", now, error=refused.code, told=told)
        except BackOfficeAway as away:
            log.warning("action.no_answer", name=run.name, attempts=run.attempts)
            now = self._clock()
            if now - run.confirmed_at > GIVE_UP_AFTER:
                return self._runs.finish(run, "give_up", now, error=str(away))
            wait = min(timedelta(seconds=2**run.attempts), LONGEST_WAIT)
            self._runs.postpone(run, str(away), now + wait)
            return run
        log.info("action.done", name=run.name)
        return self._runs.finish(run, "succeed", self._clock(), outcome=outcome, told=told)
