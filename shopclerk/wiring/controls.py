"""Model controls for the staff, the same in Slack and at the desk."""

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from feedback.db import Database, ModelRequests, Retraining, Runs
from feedback.dialogues import TERMINAL
from serving import contract
from serving.client import TFServingRanker
from shopclerk.settings import Settings
from shopclerk.wiring.base import new_id, utc_now
from shopclerk.wiring.clerk import ClerkModel, build_clerk
from shopclerk.wiring.model import build_rollout

if TYPE_CHECKING:
    from bot.clerk import Clerk
    from bot.controls import Controls, ModelState


def build_controls(settings: Settings, database: Database, model: TFServingRanker) -> "Controls":
    """What may be asked of the model; each long thing is a process of its own."""
    from bot.controls import Controls
    from bot.model_requests import AskModelRequests

    asking = AskModelRequests(ModelRequests(database), clock=utc_now, new_id=new_id)

    @cache
    def preview() -> "Clerk":
        """Built when it is first asked: it reads the book for a keyword search of its own."""
        return build_clerk(
            settings,
            database,
            ClerkModel(model, model, model),
            assign_arm=lambda _: "champion",
            is_preview=True,
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
