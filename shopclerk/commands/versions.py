"""`shopclerk versions`, `promote`, `trial`, `pin`, `rollback`."""

from typing import Any

from feedback.db import Retraining, RetrainRun
from feedback.knowledge import QuestionLine, ReplyBook, Supersessions
from serving import contract
from shopclerk.settings import read_settings
from shopclerk.wiring import (
    build_rollout,
    build_trials,
    open_database,
    utc_now,
    version_folder,
)
from training.data import CARD, EXTRA

COMMAND_LINE = "the command line"  # who decided


def versions(*, sign: int | None = None) -> dict[str, Any]:
    """Every version with its label, where it is from and how it did; `sign` takes one for ours."""
    settings = read_settings()
    rollout = build_rollout(settings)
    if sign is not None:
        rollout.folder.sign(sign)
    before = rollout.predecessor()
    labels: dict[int, list[str]] = {}
    for label, number in rollout.labels().items():
        labels.setdefault(number, []).append(label)
    database = open_database(settings)
    try:
        ledger = Retraining(database)
        runs, unfinished = ledger.versions(), ledger.unfinished()
    finally:
        database.close()
    rows = [
        {
            "version": number,
            "labels": ", ".join(labels.get(number, ())) or None,
            "signed": rollout.folder.is_signed(number),
            "rolls_back_to": before if rollout.stable() == number else None,
            **_origin(runs.get(number)),
        }
        for number in rollout.folder.versions()
    ]
    found: dict[str, Any] = {"versions": rows}
    if unfinished is not None:
        found["retraining"] = {
            "run_id": unfinished.run_id,
            "trigger": unfinished.trigger,
            "stage": unfinished.stage,
            "doing": unfinished.doing,
            "done": unfinished.done,
        }
    return found


def _origin(run: RetrainRun | None) -> dict[str, Any]:
    """Where a version is from, as far as the store knows."""
    if run is None:
        return {}
    return {
        "made": run.finished_at.isoformat(timespec="minutes") if run.finished_at else None,
        "parent": run.parent_version,
        "trigger": run.trigger,
        "examples": run.examples,
        "top1": run.scores.get("top1"),
        "data": run.data_hash[:12] if run.data_hash else None,
        "read": run.data_until.isoformat(timespec="minutes") if run.data_until else None,
        "code": run.code_version,
        "forgotten": run.forgotten,
    }


def card(version: int) -> str:
    """The model card of a version, as Markdown."""
    path = version_folder(read_settings()).path(version) / EXTRA / CARD
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoCard(version) from None


class NoCard(Exception):
    """A version was made by something else than this program."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} has no model card; it was not made by shopclerk train")


def promote(version: int) -> str:
    """Move `stable` to `version`."""
    settings = read_settings()
    build_rollout(settings).promote(version)
    database = open_database(settings)
    try:
        build_trials(settings, database).decide(version, "promote", COMMAND_LINE, utc_now())
    finally:
        database.close()
    return f"Version {version} answers now."


def trial(*, keep: bool) -> dict[str, Any]:
    """The challenger's trial that goes on, looked at now; `keep` ends it for the champion."""
    settings = read_settings()
    database = open_database(settings)
    try:
        trials = build_trials(settings, database)
        going_on = trials.open()
        if going_on is None:
            return {"version": None, "sentence": "No challenger is on trial."}
        version = going_on.version
        if keep:
            trials.decide(version, "keep", COMMAND_LINE, utc_now())
            rollout = build_rollout(settings)
            if rollout.labels().get(contract.CANARY) == version:
                rollout.canary(None)
            sentence = f"The trial of version {version} is over; the champion stays."
        else:
            sentence = f"Version {version}: {trials.look(version, utc_now()).reason}."
        seen = trials.get(version) or going_on
    finally:
        database.close()
    told = {name: getattr(seen, name) for name in ("champion", "state", "predicted", "seen")}
    since = seen.since.isoformat(timespec="minutes")
    return {"version": version, "since": since, **told, "sentence": sentence}


class UnknownReply(Exception):
    """The book has no such reply."""

    def __init__(self, reply_id: str) -> None:
        """Name it."""
        super().__init__(f"the reply book has no reply {reply_id!r:.60}; see /desk, or import it.")


def pin(question: str, reply_id: str, *, locale: str, remove: bool) -> str:
    """Pin a question to its reply, or take the pin out; the question stays."""
    database = open_database(read_settings())
    try:
        book = ReplyBook(database)
        if reply_id not in {reply.reply_id for reply in book.replies()}:
            raise UnknownReply(reply_id)
        book.put_questions([QuestionLine(question, reply_id, locale)], utc_now())
        book.pin(question, locale, pinned=not remove)
        count = sum(row.pinned for row in book.questions())
    finally:
        database.close()
    return f"{count} questions are pinned; every new version has to answer them so."


def supersede(reply_id: str, successor: str) -> str:
    """Let a reply take over from another one."""
    database = open_database(read_settings())
    try:
        Supersessions(database).supersede(reply_id, successor, staff=COMMAND_LINE, now=utc_now())
    finally:
        database.close()
    return f"{successor} is said in the place of {reply_id} from now on; undo it at /desk/replies."


def rollback() -> str:
    """Move `stable` back."""
    return f"Version {build_rollout(read_settings()).rollback()} answers again."
