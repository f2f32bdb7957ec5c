"""Deals new shoppers an arm by the plan's shares of the moment, and logs each change of shares."""

from collections.abc import Callable
from datetime import datetime

from feedback.experiments.assignment import assign
from feedback.experiments.schedule import Deal, HoldoutPlan, deal_at
from feedback.experiments.share_log import ShareLog


class ArmDealer:
    """Deals arms; a challenger takes part while a version is on trial."""

    def __init__(
        self,
        plan: Callable[[], HoldoutPlan],
        *,
        salt: str,
        on_trial: Callable[[], int | None],
        clock: Callable[[], datetime],
        log: ShareLog | None = None,
    ) -> None:
        """With a `log` a change of the shares is written before anybody is dealt under it.

        Args:
            plan: What the shop has decided by now.
            salt: A secret: a browser knows its shopper's id, and must not know its arm.
            on_trial: The version on trial; None: there is none.
            clock: The time now, aware.
            log: The log of shares.
        """
        self._plan = plan
        self._salt = salt
        self._on_trial = on_trial
        self._clock = clock
        self._log = log
        self._logged: tuple[Deal, int | None] | None = None

    def __call__(self, shopper_id: str) -> str:
        """The shopper's arm."""
        now, trial = self._clock(), self._on_trial()
        dealt = deal_at(self._plan(), now, has_challenger=trial is not None)
        if self._log is not None and self._logged != (dealt, trial):
            self._log.record(dealt.shares, now, reason=dealt.reason, challenger_version=trial)
            self._logged = (dealt, trial)
        return assign(shopper_id, salt=self._salt, shares=dealt.shares)
