"""Labelled lines of the heads, in both languages, alone and behind turns of the clerk.

A folder for each head holds files in the grammar of `training.starter`'s phrases; the name of a
sense is a label. Few words change their meaning with what stands before: those are in the two files
`after_a_question.txt` and `after_an_answer.txt`. What one head calls by its name is the other's
rest: who wants an order cancelled asks, and a greeting wants nothing done.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from serving.contract import NO_ACTION, Turn, render_dialogue
from training.starter import Sentence, our_lines, read_lines, sentences

FOLDER: Final = Path(__file__).parent
CLERK: Final = FOLDER / "clerk.txt"
AFTER_A_QUESTION, AFTER_AN_ANSWER = "after_a_question", "after_an_answer"
BEHIND: Final = 0.5  # share of the lines that stand behind a turn of the clerk
LONGER: Final = 0.3  # share of those with two turns before
ASK: Final = "ask"  # the act of all that wants an answer
A_LINE: Final = {"acts": 5, "actions": 10}  # sentences of a line: actions have fewer lines
A_CLERKS_LINE: Final = 4
OF_THE_OTHER: Final = 2  # sentences of a line of the other head
HARD: Final = "hard_none"  # what is close to a wish and none
A_HARD_LINE: Final = 12  # of a line there, or that means something else after a question
# Of the starter's phrases, in which customers of many trades ask, every third gives a sentence.
EVERY: Final = 3
SMALL_TALK: Final = re.compile(
    r"^home_chat|\.(greeting|thanks|goodbye|praise|confirm|decline|give_\w+)$"
)
# What customers of other trades want done is near what is to be done with an order.
NEAR_AN_ACTION: Final = re.compile(r"cancel|return|exchange|refund|address|pay|change|order|move")

HeadName = Literal["acts", "actions"]


class HeadLine(NamedTuple):
    """A dialogue whose newest turn has a label; `wording` numbers the line it was grown from."""

    label: str
    dialogue: str
    wording: int


class Wording(NamedTuple):
    """A line of a file, as the sentences that were grown from it."""

    label: str
    file: str
    sentences: Sequence[Sentence]


class ClerkTurns(NamedTuple):
    """What the clerk may have said before, by language: English first."""

    questions: tuple[Sequence[str], Sequence[str]]
    statements: tuple[Sequence[str], Sequence[str]]


def lines_of(head: HeadName, *, seed: int) -> list[HeadLine]:
    """The lines of a head in both languages; the same seed gives the same.

    Raises:
        BadPhrase: a line breaks the form.
    """
    chance = np.random.default_rng(seed)
    clerk = _clerk_turns(seed)
    return [
        HeadLine(each.label, dialogue, number)
        for number, each in enumerate(_wordings(head, seed))
        for dialogue in _dialogues(each, clerk, chance)
    ]


def _wordings(head: HeadName, seed: int) -> Iterator[Wording]:
    acts, actions = list(_own("acts", seed)), list(_own("actions", seed))
    elsewhere = list(_asked_elsewhere(seed))
    if head == "acts":
        yield from acts
        yield from _as(ASK, [each for each in actions if each.label != NO_ACTION])
        yield from elsewhere
    else:
        yield from actions
        rest = [each for each in acts if each.label != ASK]
        rest += [each for each in elsewhere if not NEAR_AN_ACTION.search(each.sentences[0].sense)]
        yield from _as(NO_ACTION, rest)


def _as(label: str, wordings: Sequence[Wording]) -> Iterator[Wording]:
    return (Wording(label, each.file, each.sentences[:OF_THE_OTHER]) for each in wordings)


def _own(head: HeadName, seed: int) -> Iterator[Wording]:
    for path in sorted((FOLDER / head).glob("*.txt")):
        bare = path.stem in (AFTER_A_QUESTION, AFTER_AN_ANSWER)
        a_line = A_HARD_LINE if bare or path.stem == HARD else A_LINE[head]
        for number, pattern in enumerate(read_lines(path)):
            grown = list(sentences([pattern], a_line=a_line, seed=seed + number))
            yield Wording(pattern.sense.rpartition(".")[2], path.stem, grown)


def _asked_elsewhere(seed: int) -> Iterator[Wording]:
    for sentence in sentences(our_lines()[::EVERY], a_line=1, seed=seed):
        if not SMALL_TALK.search(sentence.sense):
            yield Wording(ASK, sentence.sense, [sentence])


def _dialogues(each: Wording, clerk: ClerkTurns, chance: np.random.Generator) -> Iterator[str]:
    """Each sentence in both languages, alone or behind a turn of the clerk."""
    for sentence in each.sentences:
        for language, text in enumerate((sentence.english, sentence.chinese)):
            before: list[Turn] = []
            if each.file == AFTER_A_QUESTION:
                before = [Turn("clerk", _pick(clerk.questions[language], chance))]
            elif chance.random() < BEHIND:
                answer = each.file == AFTER_AN_ANSWER or chance.random() < 0.5
                said = clerk.statements if answer else clerk.questions
                before = [Turn("clerk", _pick(said[language], chance))]
            if before and chance.random() < LONGER:
                before = [Turn("clerk", _pick(clerk.statements[language], chance)), *before]
            yield render_dialogue([*before, Turn("shopper", text)])


def _clerk_turns(seed: int) -> ClerkTurns:
    found = list(sentences(list(read_lines(CLERK)), a_line=A_CLERKS_LINE, seed=seed))

    def both(kind: str) -> tuple[list[str], list[str]]:
        chosen = [each for each in found if each.sense.endswith(kind)]
        return [each.english for each in chosen], [each.chinese for each in chosen]

    return ClerkTurns(both("question"), both("statement"))


def _pick(texts: Sequence[str], chance: np.random.Generator) -> str:
    return texts[int(chance.integers(len(texts)))]
