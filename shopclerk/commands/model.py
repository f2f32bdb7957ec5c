"""`shopclerk train`, `evaluate`, `retrain`, `refresh`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedback.knowledge import (
    BadLine,
    DialogueLine,
    QuestionLine,
    ReplyBook,
    ReplyLine,
    TurnLine,
    question_line,
    read_dialogues,
    read_questions,
    read_ranking,
    read_replies,
)
from feedback.privacy import ErasureList
from serving.versions import VersionFolder
from shopclerk.commands.evaluate_knowledge import evaluate_knowledge
from shopclerk.commands.files import report_bad_lines
from shopclerk.settings import Settings, quieten_tensorflow, read_settings, trains_with_others
from shopclerk.wiring import (
    build_refresher,
    build_retrainer,
    open_database,
    teacher_python,
    tell_channel,
    version_folder,
)

if TYPE_CHECKING:
    from training.fitting import Progress
    from training.retrain import RetrainOutcome


class NothingToTrainOn(Exception):
    """The files held no usable line."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Name the files."""
        named = ", ".join(map(str, paths))
        super().__init__(f"no usable question or dialogue in {named}; the lines above say why.")


def train(
    *,
    replies: Sequence[Path],
    questions: Sequence[Path],
    dialogues: Sequence[Path],
    calibration: Sequence[Path],
    texts: Sequence[Path] = (),
    models_dir: Path | None,
    seed: int,
) -> tuple[dict[str, Any], list[BadLine]]:
    """Train from files, or from the store when none is named; returns the figures and bad lines.

    `texts` hold messages as the shop gets them, whose reply nobody knows: they tell how many fit
    nothing, and where there is a teacher it reads them too.
    """
    settings = read_settings(models_dir=models_dir)
    bad: list[BadLine] = []
    if replies or questions or dialogues:
        book = list(read_replies(replies, bad))
        asked = list(read_questions(questions, bad))
        talked = list(read_dialogues(dialogues, bad))
        if not asked and not talked:
            report_bad_lines(bad)
            raise NothingToTrainOn([*replies, *questions, *dialogues])
    else:
        book, asked, talked = _from_store(settings)
    aside = list(read_questions(calibration, bad)) if calibration else None
    unlabelled = [line.question for line in read_questions(texts, bad)]
    report_bad_lines(bad)
    load_tensorflow(wake=not trains_with_others())
    workers = None
    if trains_with_others():
        from training.fitting import Workers

        workers = Workers()  # before anything else computes, be it while it is imported
    from training.jobs import FileTeacher, train_lines
    from training.model import Hyperparameters

    python = teacher_python(settings)
    with progress_bar() as progress:
        teacher = None
        if python is not None:
            teacher = FileTeacher(python, lambda line: progress(0.0, line))
        trained = train_lines(
            book,
            asked,
            talked,
            models_dir=settings.models_dir,
            calibration=aside,
            texts=unlabelled,
            teacher=teacher,
            hyperparameters=Hyperparameters(seed=seed),
            progress=progress,
            workers=workers,
        )
    if workers is None or workers.is_chief:
        version_folder(settings).sign(trained.version)
    figures = {
        "version": trained.version,
        "examples": trained.examples,
        "seconds": round(trained.seconds, 2),
        "pairs_per_second": round(trained.pairs_per_second, 1),
        "peak_mb": round(trained.peak_mb, 1),
        **trained.scores,
    }
    return figures, bad


def evaluate(
    *,
    questions: Sequence[Path],
    ranking: Sequence[Path],
    knowledge: Sequence[Path] = (),
    sources: Path | None = None,
    out: Path | None = None,
    models_dir: Path | None,
    version: int | None,
) -> tuple[dict[str, Any], list[BadLine]]:
    """Measure a version; returns the figures and bad lines."""
    settings = read_settings(models_dir=models_dir)
    folder = VersionFolder(settings.models_dir)
    chosen = folder.newest() if version is None else version
    folder.verify(chosen)
    bad: list[BadLine] = []
    asked = list(read_questions(questions, bad))
    cases = list(read_ranking(ranking, bad))
    report_bad_lines(bad)
    load_tensorflow()
    from training.evaluation import evaluate_questions, evaluate_ranking

    path = folder.path(chosen)
    if sources is not None:
        figures, unread = evaluate_knowledge(knowledge, sources, path, out)
        report_bad_lines(unread)
        return figures, unread
    return (evaluate_questions(path, asked) if asked else evaluate_ranking(path, cases)), bad


def retrain(trigger: str, *, resume: bool = False, background: bool = False) -> dict[str, Any]:
    """One whole retraining, told in the report channel.

    Args:
        trigger: who or what asked for it.
        resume: only go on with a retraining that is open.
        background: get out of the shoppers' way, and end rather than take too much memory.
    """
    settings = read_settings()
    if background:
        from training.jobs import step_back

        step_back(settings.train_memory_mb)
    load_tensorflow()
    database = open_database(settings)
    try:
        with progress_bar() as progress:
            retrainer = build_retrainer(settings, database, progress)
            outcome = retrainer.go_on() if resume else retrainer.run(trigger)
    finally:
        database.close()
    if outcome is None:
        return {"state": "idle", "sentence": "No retraining is open."}
    if trigger != "first model" and outcome.state not in ("busy", "waiting"):
        _tell(settings, outcome)
    if outcome.state == "failed":
        raise RetrainFailed(outcome.sentence)
    return {
        "run_id": outcome.run_id,
        "state": outcome.state,
        "version": outcome.version,
        "sentence": outcome.sentence,
        "scores": outcome.scores,
    }


def refresh() -> dict[str, Any]:
    """The model in charge with the reply book and the catalogue of now, without training."""
    settings = read_settings()
    load_tensorflow()
    database = open_database(settings)
    try:
        with progress_bar() as progress:
            came = build_refresher(settings, database, progress).run()
    finally:
        database.close()
    return came._asdict()


def without_erased(settings: Settings) -> str | None:
    """Make the versions again that learned from somebody erased; None: there is none of them."""
    database = open_database(settings)
    try:
        if not ErasureList(database).waiting():
            return None
        load_tensorflow()
        with progress_bar() as progress:
            return build_refresher(settings, database, progress).run("an erasure").sentence
    finally:
        database.close()


class RetrainFailed(Exception):
    """A retraining failed; the champion keeps answering."""


def load_tensorflow(*, wake: bool = True) -> None:
    """Load TensorFlow without its start-up lines; it takes 5 s on two idle cores."""
    quieten_tensorflow()
    from training.fitting import import_tensorflow

    import_tensorflow(wake=wake)


@contextmanager
def progress_bar() -> "Iterator[Progress]":
    """A bar on standard error; without a terminal, a line each time the work changes."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda fraction, text: bar.update(task, completed=fraction, description=text)


def _lines() -> "Progress":
    """A line a kind of work: "learning to draft, round 7 of 266" is told once, not 266 times."""
    told = [""]

    def tell(_: float, text: str) -> None:
        work = text.partition(",")[0]
        if work != told[0]:
            told[0] = work
            print(f"  {work} …", file=sys.stderr, flush=True)

    return tell


def _from_store(
    settings: Settings,
) -> tuple[list[ReplyLine], list[QuestionLine], list[DialogueLine]]:
    database = open_database(settings)
    try:
        book = ReplyBook(database)
        replies = [ReplyLine(row.reply_id, row.text, row.locale) for row in book.replies()]
        asked = [question_line(row) for row in book.questions()]
        talked = [
            DialogueLine(row.id, [TurnLine(**turn) for turn in row.turns], row.accepted)
            for row in book.past_dialogues()
        ]
    finally:
        database.close()
    return replies, asked, talked


def _tell(settings: Settings, outcome: "RetrainOutcome") -> None:
    from bot.channels.slack import post_retrained

    promoted = outcome.state == "promoted"
    tell_channel(
        settings,
        lambda channel, client: post_retrained(
            outcome.sentence, channel, client, promoted=promoted
        ),
    )
