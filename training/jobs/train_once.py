"""One training from files or pairs: makes a version and publishes it."""

import resource
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from feedback.knowledge import DialogueLine, QuestionLine, ReplyLine
from serving.versions import VersionFolder
from training.data import book_of_dialogues, from_dialogues, from_questions
from training.fitting import Checkpoint, Progress, TrainingData, Workers, fit_model, quietly
from training.jobs.run_folder import BACKUP, FOLDER, TEACHING
from training.model import Hyperparameters
from training.starter import SpokenText, Tell, as_taught, read_own_texts, some_labelled

log = structlog.get_logger()


@dataclass(frozen=True)
class Trained:
    """A version that was made, and what making it took."""

    version: int
    examples: int
    seconds: float
    pairs_per_second: float
    peak_mb: float
    scores: dict[str, Any]


class FileTeacher(NamedTuple):
    """The Python whose teachers read the texts, and who is told how far they are."""

    python: Path
    tell: Tell


def train_lines(
    replies: Sequence[ReplyLine],
    questions: Iterable[QuestionLine] = (),
    dialogues: Sequence[DialogueLine] = (),
    *,
    models_dir: Path,
    calibration: Iterable[QuestionLine] | None = None,
    texts: Sequence[str] = (),
    teacher: FileTeacher | None = None,
    **options: Any,
) -> Trained:
    """Train from files' lines; without `replies`, the dialogues' own replies are the book.

    `texts` are messages as the shop gets them, without labels: they tell how many fit nothing, and
    a `teacher` reads them, the replies' texts and some of the questions.
    """
    questions = list(questions)
    pairs = [*from_questions(questions), *from_dialogues(dialogues)]
    own_book = bool(replies)
    if dialogues and not replies:
        replies = book_of_dialogues(dialogues)
    checked = None if calibration is None else from_questions(calibration)
    work = models_dir / FOLDER / TEACHING
    own_texts = None
    if teacher is not None:
        spoken = [SpokenText("shopper", text) for text in texts]
        labelled = some_labelled(line.question for line in questions)
        spoken += [SpokenText("shopper", text) for text in labelled]
        spoken += [SpokenText("clerk", line.text) for line in replies if line.text]
        own_texts = read_own_texts(as_taught(spoken), teacher.python, work, tell=teacher.tell)
    data = TrainingData(
        replies,
        pairs,
        calibration=checked,
        asked=list(texts),
        own_book=own_book,
        own_texts=own_texts,
    )
    trained = train_model(data, models_dir=models_dir, **options)
    shutil.rmtree(work, ignore_errors=True)
    return trained


def train_model(
    data: TrainingData,
    hyperparameters: Hyperparameters | None = None,
    *,
    models_dir: Path,
    version: int | None = None,
    warm_start: int | None = None,
    progress: Progress = quietly,
    workers: Workers | None = None,
) -> Trained:
    """Train and publish a version; `warm_start` is the version whose weights it begins with.

    Of several `workers` the first one publishes, and keeps a backup of each epoch; for the others
    the version is 0.

    Raises:
        TooLittleToLearn: there are not two replies with a pair each.
    """
    folder = VersionFolder(models_dir)
    parent = None if warm_start is None else folder.path(warm_start)
    is_first = workers is None or workers.is_chief
    backup = None
    if workers is not None:
        backup = Checkpoint(models_dir / FOLDER / BACKUP, writes=is_first)
    fit = fit_model(
        data, hyperparameters, parent=parent, progress=progress, workers=workers, backup=backup
    )
    published = 0
    if is_first:
        progress(0.97, "writing the version")
        published = folder.publish(fit.write, version)
    if backup is not None:
        backup.clear()
    log.info("training.done", version=published, examples=fit.examples, seconds=fit.seconds)
    return Trained(
        published, fit.examples, fit.seconds, fit.pairs_per_second, peak_mb(), fit.scores
    )


def peak_mb() -> float:
    """The most memory this process has held, in megabytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
