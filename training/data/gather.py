"""Training material: pairs, augmented pairs and the calibration share, as numbers."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from feedback.knowledge import ReplyLine
from feedback.signals import JudgedMessages
from training.data.context_augmentation import with_histories
from training.data.dataset import Array, Examples, ReplyIndex, keep_aside, to_examples
from training.data.out_of_scope import strangers
from training.data.pairs import Pair, from_questions, locales_of
from training.model import ModelConfig

FEWEST_PAIRS: Final = 2


class TooLittleToLearn(ValueError):
    """There is nothing to tell apart."""

    def __init__(self, replies: int, pairs: int) -> None:
        self.replies = replies
        self.pairs = pairs
        super().__init__(
            f"{pairs} questions for {replies} replies are too little to learn from: it takes"
            " at least two replies with a question each. Import some: shopclerk import questions F."
        )


class Material(NamedTuple):
    """All pairs of a training as numbers of `examples`."""

    examples: Examples
    pairs: list[Pair]  # the first of the examples
    learn: Array  # int32, to learn from before anything is calibrated
    aside: Array  # int32, to calibrate with; never among `learn`
    everything: Array  # int32, to learn from at last; what was kept aside too, unless it was given
    spoken: bool  # taken from whole dialogues
    nulls_named: bool  # the shop's own questions that nothing fits are among the pairs
    judged: Sequence[JudgedMessages] = ()  # messages that fitted or not, by the staff's verdicts
    asked: Sequence[str] = ()  # messages as the shop gets them, without verdicts

    @property
    def alone(self) -> Array:
        """The pairs as they were given, without histories."""
        return np.arange(len(self.pairs), dtype=np.int32)

    @property
    def was_given_calibration(self) -> bool:
        """Whether `aside` came besides the pairs, instead of being kept aside from them."""
        return len(self.aside) > 0 and bool(self.aside[0] >= len(self.pairs))


def gather_material(
    replies: Sequence[ReplyLine],
    pairs: Sequence[Pair],
    calibration: Sequence[Pair] | None,
    model: ModelConfig,
    *,
    share_aside: float,
    seed: int,
) -> Material:
    """Number everything, and keep a share aside unless `calibration` is given.

    Raises:
        TooLittleToLearn: there are not two replies with a pair each.
    """
    known = {pair.reply_id or pair.text for pair in pairs if not pair.is_null}
    if len(known) < FEWEST_PAIRS:
        raise TooLittleToLearn(len(known), len(pairs))
    nulls_named = any(pair.is_null for pair in pairs)
    learnt = [*pairs, *_strangers(pairs)]
    checked = list(calibration or ())
    remembered = with_histories(learnt, replies, seed=seed)
    examples = to_examples(
        [*learnt, *checked, *(pair for _, pair in remembered)],
        ReplyIndex.of(replies, learnt),
        model,
    )
    given = np.arange(len(learnt), dtype=np.int32)
    aside = np.arange(len(learnt), len(learnt) + len(checked), dtype=np.int32)
    learn = given
    if calibration is None:
        learn, aside = keep_aside(examples, given, share_aside, seed)
    first = len(learnt) + len(checked)
    histories = np.arange(first, first + len(remembered), dtype=np.int32)
    # A history of a pair kept aside would tell its question.
    told = np.isin(np.array([place for place, _ in remembered], np.int32), learn)
    return Material(
        examples,
        learnt,
        learn=np.concatenate([learn, histories[told]]),
        aside=aside,
        everything=np.concatenate([given, histories]),
        nulls_named=nulls_named,
        spoken=any(pair.text is not None for pair in learnt),
    )


def _strangers(pairs: Sequence[Pair]) -> list[Pair]:
    """Questions nothing fits, where the data has none and is not of whole dialogues."""
    if any(pair.is_null or pair.text is not None for pair in pairs):
        return []
    return from_questions(strangers(locales_of(pairs)))
