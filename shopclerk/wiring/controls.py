"""Model controls for the staff, the same in Slack and at the desk."""

import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from feedback.db import Database, ModelRequests, Retraining, Runs
from feedback.dialogues import TERMINAL
from serving import contract
from serving.client import TFServingRanker
from shopclerk.settings import Settings
from shopclerk.wiring.base import new_id, utc_now
from shopclerk.wiring.clerk import build_clerk
from shopclerk.wiring.model import build_rollout

if TYPE_CHECKING:
    from bot.clerk import Clerk
    from bot.controls import Controls, ModelState

LOOK_S: Final = 0.2
NOBODY_THERE: Final = (
    "nobody carried it out: the schedule does not run, or is busy. Start it with `shopclerk"
    " schedule` (`shopclerk up` has it), and ask again."
)


class AskModelRequests:
    """Has the schedule do something with the model, and waits for its word."""

    def __init__(
        self,
        requests: ModelRequests,
        *,
        taken_within_s: float = 20.0,  # the schedule looks twice a second, but may be at another
        done_within_s: float = 120.0,  # a promotion waits for the model server: 25 s on slow cores
    ) -> None:
        """Ask through `requests`."""
        self._requests = requests
        self._taken_within_s = taken_within_s
        self._done_within_s = done_within_s

    def __call__(self, act: str, person: str, version: int | None = None) -> str:
        """The sentence to tell `person`.

        Raises:
            Refused: it was not done, or nobody is there to do it.
        """
        from bot.controls import ModelNotChanged

        request_id, since = new_id(), time.monotonic()
        self._requests.ask(request_id, act, person, utc_now(), version)
        while (waited := time.monotonic() - since) < self._done_within_s:
            request = self._requests.get(request_id)
            if request is None:
                break
            if request.finished_at is not None:
                if request.refused:
                    raise ModelNotChanged(request.sentence)
                return request.sentence or ""
            late = request.taken_at is None and waited > self._taken_within_s
            if late and self._requests.withdraw(request_id, utc_now()):
                raise ModelNotChanged(NOBODY_THERE)
            time.sleep(LOOK_S)
        return "It takes longer than usual; look again in a minute."


def build_controls(settings: Settings, database: Database, model: TFServingRanker) -> "Controls":
    """What may be asked of the model; each long thing is a process of its own."""
    from bot.controls import Controls

    asking = AskModelRequests(ModelRequests(database))

    @cache
    def preview() -> "Clerk":
        """Built when it is first asked: it reads the book for a keyword search of its own."""
        return build_clerk(
            settings,
            database,
            model,
            assign_arm=lambda _: "champion",
            experiment=TERMINAL,
            recommender=model,
        )

    def ask(question: str) -> Any:
        clerk = preview()
        dialogue = clerk.open(shopper_id=None, channel=TERMINAL, locale=settings.locale)
        return clerk.reply(dialogue.dialogue_id, question, client_id=new_id())

    def report() -> str:
        from feedback.report import Report, report_text

        newest = Runs(database).latest_report()
        if newest is None:
            return ""
        return report_text(Report.from_json(newest.report), settings.locale)

    return Controls(
        model=partial(_model_state, settings, database),
        retrain=partial(asking, "retrain"),
        promote=lambda version, person: asking("promote", person, version),
        keep=lambda version, person: asking("keep", person, version),
        roll_back=partial(asking, "roll_back"),
        report=report,
        preview=ask,
    )


def _model_state(settings: Settings, database: Database) -> "ModelState":
    from bot.controls import ModelState, OpenRetraining

    rollout = build_rollout(settings)
    stable = rollout.stable()
    made = {run.version: run.finished_at for run in Runs(database).all(100)}
    running = Retraining(database).unfinished()
    return ModelState(
        stable=stable,
        made_at=made.get(stable),
        canary=rollout.labels().get(contract.CANARY),
        versions=tuple(rollout.folder.versions()),
        retraining=None
        if running is None
        else OpenRetraining(running.stage, running.doing, running.done),
    )
