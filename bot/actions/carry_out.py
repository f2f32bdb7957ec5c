"""Carries out what was said yes to: once, with the same key however often it is tried."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.actions.back_office import ActionCall, BackOffice, BackOfficeAway, BackOfficeRefused
from bot.actions.reverse import with_amounts
from feedback.actions import UNDO, ActionRuns
from feedback.db import ActionRun

LONGEST_WAIT: Final = timedelta(minutes=10)  # between two attempts
GIVE_UP_AFTER: Final = timedelta(days=1)  # without an answer: a person has to look

# The shop's own system said no, or could not give the money back: a colleague does it by hand.
BY_HAND: Final = frozenset({"refund_refused", "shop_refused"})

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
                call,
                seen=run.amounts,
                key=run.run_id,
                actor=f"dialogue {run.dialogue_id}{by}",
            )
        except BackOfficeRefused as refused:
            log.info("action.refused", name=run.name, code=refused.code)
            now = self._clock()
            if refused.code in BY_HAND and not run.run_id.endswith(UNDO):
                return self._runs.hand(run, f"The shop's system refused: {refused}", now)
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
        now = self._clock()
        return self._keep_undo(self._runs.finish(run, "succeed", now, outcome=outcome, told=told))

    def _keep_undo(self, run: ActionRun) -> ActionRun:
        """Whether what is done may be taken back is the back office's to say."""
        if run.undo is None:
            return run
        call = ActionCall(run.undo["name"], run.undo["arguments"])
        try:
            run.undo = with_amounts(run.undo, self._office.dry_run(call))
        except (BackOfficeRefused, BackOfficeAway):
            run.undo = None
        if run.undo is not None and "by_staff" in run.undo["amounts"]:
            run.undo = None
        self._runs.may_be_undone(run, run.undo)
        return run
