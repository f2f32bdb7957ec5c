"""Evaluation of an exported version through its serving signatures."""

from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np
import tensorflow as tf

from feedback.knowledge import QuestionLine, RankingLine
from serving import contract
from serving.contract import render_dialogue
from serving.ranker import (
    Candidate,
    FoundSentence,
    RankerUnavailable,
    Ranking,
    ReadAnswers,
)
from training.data import Pair, as_asked, as_reply, from_questions
from training.evaluation.measures import EvaluatedAnswers, question_measures, ranking_measures

BATCH: Final = 256
TIMED: Final = 200  # single questions whose time is taken
WARM_UP: Final = 10

Array = np.ndarray[Any, Any]


class LoadedVersion:
    """One exported version, loaded."""

    def __init__(self, folder: Path) -> None:
        loaded = tf.saved_model.load(str(folder))
        self._loaded = loaded  # its signatures do not keep its variables alive
        self._rank = loaded.signatures[contract.RANK]
        self._embed = loaded.signatures[contract.EMBED]
        self._read = loaded.signatures.get(contract.READ)
        # One made before dialogues were taught is asked with the last turn alone, as the bot does.
        self._reads_dialogues = contract.ACT in self._rank.structured_outputs

    def answer(self, pairs: Sequence[Pair]) -> EvaluatedAnswers:
        """Ask every dialogue, in batches of like length."""
        rank = np.full(len(pairs), -1)
        sure = np.zeros(len(pairs), np.float32)
        for part in _by_length([pair.dialogue for pair in pairs]):
            found = self._ranked([pairs[i].dialogue for i in part])
            wanted = np.array([(pairs[i].reply_id or "\0").encode() for i in part], object)
            hits = found[contract.REPLY_ID].numpy() == wanted[:, np.newaxis]
            rank[part] = np.where(hits.any(axis=1), hits.argmax(axis=1), -1)
            sure[part] = found[contract.CONFIDENCE].numpy()
        return EvaluatedAnswers(rank, sure, np.array([pair.is_null for pair in pairs], np.bool_))

    def rank(self, dialogues: Sequence[str], *, version: int | None = None) -> list[Ranking]:
        """What a model server would answer to each dialogue, as number `version`."""
        rankings: list[Any] = [None] * len(dialogues)
        for part in _by_length(dialogues):
            found = self._ranked([dialogues[i] for i in part])
            names, scores = found[contract.REPLY_ID].numpy(), found[contract.SCORE].numpy()
            sure = found[contract.CONFIDENCE].numpy()
            told = {
                name: found[name].numpy().tolist()
                for name in (contract.AMONG_THREE, contract.ANSWER_AT, contract.OFFER_AT)
                if name in found
            }
            for row, place in enumerate(part):
                candidates = tuple(
                    Candidate(name.decode(), float(score))
                    for name, score in zip(names[row], scores[row], strict=True)
                )
                rankings[place] = Ranking(
                    candidates,
                    float(sure[row]),
                    "model",
                    version,
                    **{name: values[row] for name, values in told.items()},
                )
        return rankings

    def actions(self, dialogues: Sequence[str]) -> list[dict[str, float]]:
        """What the head for actions says of each dialogue; [] of a version without one."""
        if contract.ACTION not in self._rank.structured_outputs:
            return []
        said: list[Any] = [None] * len(dialogues)
        for part in _by_length(dialogues):
            found = self._ranked([dialogues[i] for i in part])
            names, sure = (
                found[name].numpy() for name in (contract.ACTION, contract.ACTION_PROBABILITY)
            )
            for row, place in enumerate(part):
                said[place] = {
                    name.decode(): float(share)
                    for name, share in zip(names[row], sure[row], strict=True)
                }
        return said

    def _ranked(self, dialogues: Sequence[str]) -> Any:
        asked = dialogues if self._reads_dialogues else map(contract.alone, dialogues)
        return self._rank(**{contract.DIALOGUE: tf.constant([each.encode() for each in asked])})

    def embed(self, texts: Sequence[str]) -> Array:
        """Unit vectors [N,D] of `texts`."""
        vectors: list[Any] = [None] * len(texts)
        for part in _by_length(texts):
            batch = tf.constant([texts[i].encode() for i in part])
            found = self._embed(**{contract.TEXT: batch})[contract.VECTOR].numpy()
            for place, vector in zip(part, found, strict=True):
                vectors[place] = vector
        return np.array(vectors, np.float32)

    def read(self, dialogue: str, sentences: Sequence[FoundSentence]) -> ReadAnswers:
        """How probably each of `sentences` answers, as a model server would say.

        Raises:
            RankerUnavailable: the version was made without `read`.
        """
        if self._read is None:
            raise RankerUnavailable("the version was made without `read`; train another.")
        found = self._read(
            **{
                contract.DIALOGUE: tf.constant([dialogue]),
                contract.ABOVE: tf.constant([[each.above for each in sentences]]),
                contract.SENTENCE: tf.constant([[each.text for each in sentences]]),
                contract.HINTS: tf.constant([[each.hints for each in sentences]]),
            }
        )
        shares = found[contract.PROBABILITY].numpy()[0].tolist()
        return ReadAnswers(tuple(shares), float(found[contract.NOTHING].numpy()[0]))

    @property
    def reads_pages(self) -> bool:
        """Whether it was made with `read`."""
        return self._read is not None

    def answer_ms(self, dialogue: str, clock: Callable[[], float]) -> float:
        """How long asking one dialogue takes, in milliseconds."""
        asked = tf.constant([dialogue])
        started = clock()
        self._rank(**{contract.DIALOGUE: asked})
        return 1_000 * (clock() - started)


def undisturbed_ms(
    versions: Sequence[LoadedVersion], dialogues: Sequence[str], clock: Callable[[], float]
) -> list[float]:
    """What an answer of each version takes where nothing else runs, in milliseconds.

    They take turns with every question, each is first as often as the other, and the lower quartile
    counts: other work on the machine only ever adds, and may do so to every second answer.
    """
    taken = _taken_ms(versions, list(islice(cycle(dialogues), TIMED)), clock)
    return [round(float(np.quantile(each, 0.25)), 3) if each else 0.0 for each in taken]


def _taken_ms(
    versions: Sequence[LoadedVersion], dialogues: Sequence[str], clock: Callable[[], float]
) -> list[list[float]]:
    """Of each version, how long each question took."""
    for dialogue in dialogues[:WARM_UP]:
        for version in versions:
            version.answer_ms(dialogue, clock)
    taken: list[list[float]] = [[] for _ in versions]
    for number, dialogue in enumerate(dialogues):
        order = list(enumerate(versions))
        for place, version in order if number % 2 else reversed(order):
            taken[place].append(version.answer_ms(dialogue, clock))
    return taken


def evaluate_questions(
    folder: Path,
    questions: Iterable[QuestionLine],
    *,
    clock: Callable[[], float] = perf_counter,
) -> dict[str, Any]:
    """The measures of `evaluate --questions` for the version in `folder`."""
    pairs = from_questions(questions)
    version = LoadedVersion(folder)
    answered = version.answer(pairs)
    measures = {**question_measures(answered), "groups": _by_history(pairs, answered)}
    (taken,) = _taken_ms([version], [pair.dialogue for pair in pairs[:TIMED]], clock)
    median = round(float(np.median(taken)), 3) if taken else 0.0
    return {"n": len(pairs), **measures, "median_ms": median}


def _by_history(
    pairs: Sequence[Pair], answered: EvaluatedAnswers
) -> dict[str, dict[str, float | None]]:
    """The measures of questions that follow others, and of those that stand alone; {}: all do."""
    followed = np.array([contract.has_history(pair.dialogue) for pair in pairs], bool)
    if not followed.any():
        return {}
    groups = {"follow-up": followed, "lone": ~followed}
    return {
        name: {
            "n": int(part.sum()),
            **question_measures(EvaluatedAnswers(*(values[part] for values in answered))),
        }
        for name, part in groups.items()
        if part.any()
    }


def evaluate_ranking(folder: Path, lines: Iterable[RankingLine]) -> dict[str, Any]:
    """The measures of `evaluate --ranking`: which candidate came next, by words alone.

    A candidate that scores the same as the right one counts as better, so that a model that
    cannot tell candidates apart gains nothing.
    """
    cases = list(lines)
    version = LoadedVersion(folder)
    texts = sorted({text for case in cases for text in case.candidates})
    place = {text: number for number, text in enumerate(texts)}
    replies = version.embed([as_reply(contract.clean_text(text)) for text in texts])
    contexts = version.embed(
        [render_dialogue(as_asked(t.speaker, t.text) for t in case.turns) for case in cases]
    )
    ranks = []
    for case, context in zip(cases, contexts, strict=True):
        scores = replies[[place[text] for text in case.candidates]] @ context
        ranks.append(int((scores >= scores[case.target]).sum()) - 1)
    return {"n": len(cases), **ranking_measures(np.array(ranks, np.int64))}


def _by_length(texts: Sequence[str]) -> Iterable[list[int]]:
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]
