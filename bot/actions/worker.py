"""Works off action runs next to the chat: retries, expiry, and telling shoppers how it ended."""

from collections.abc import Callable
from datetime import datetime

from bot.actions.answers import end_details, end_words
from bot.actions.carry_out import Carrier
from bot.actions.languages import action_words
from bot.messages import details_stored
from feedback.actions import ActionRuns
from feedback.db import ActionRun, ImpressionRow
from feedback.dialogues import Store


class ActionWorker:
    """Carries out what was approved or got no answer, and tells the shopper."""

    def __init__(
        self,
        runs: ActionRuns,
        carrier: Carrier,
        store: Store,
        *,
        clock: Callable[[], datetime],
        wake: Callable[[str], None],
    ) -> None:
        """`wake` tells open chats that something was written to their dialogue."""
        self._runs = runs
        self._carrier = carrier
        self._store = store
        self._clock = clock
        self._wake = wake

    def look(self) -> None:
        """Do all that is due now."""
        self._runs.expire(self._clock())
        while self._carrier.carry_due() is not None:
            pass
        for run in self._runs.untold():
            self._tell(run)

    def _tell(self, run: ActionRun) -> None:
        """Say in the dialogue how a run ended; named by the run, so it is said once."""
        words, now = action_words(run.locale), self._clock()
        kind, text = end_words([run], words)
        impression = ImpressionRow(
            impression_id=f"action-{run.run_id}",
            dialogue_id=run.dialogue_id,
            shopper_id=run.shopper_id,
            arm="",
            kind=kind,
            text=text,
            locale=run.locale,
            details=details_stored(end_details([run])),
            confidence=1.0,
            served_by="policy",
            shown_at=now,
        )
        self._store.record_late_answer(run.dialogue_id, impression, now)
        self._runs.told(run.run_id, now)
        self._wake(run.dialogue_id)
