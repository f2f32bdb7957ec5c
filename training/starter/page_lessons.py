"""Lessons of pages: sentences as search reads them, and what shoppers ask of them.

A page's sentence is found by the cosine of its vector with the question's, and what is read of it
is one text: its nearest headings, what introduces it, and itself. Our own pages are taught in that
form and bare; long sentences of permitted sets and WordNet's definitions stand beside them.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from feedback.knowledge import read_dialogues
from serving.contract import clean_text
from serving.passage_search import PassageText
from training.starter.lessons import Lessons
from training.starter.page_facts import PageFact, filled, our_page_facts
from training.starter.phrases import Pair

DRAWINGS: Final = 4  # of a fact's slots
BARE: Final = 2  # every second drawing is taught without its headings too
SHORTEST: Final = 10  # words of a sentence that is like a page's
LONGEST: Final = 48  # the encoder reads 80 words, the headings among them
ANSWERS_FILE: Final = "productqa_answers_train.jsonl.gz"
OF_LISTS: Final = "attribute"  # "color: { value: white }" is nobody's sentence
# Long turns of clerks: the file, and how many of them are drawn.
CLERK_FILES: Final = {
    "star_dialogues_train.jsonl.gz": 3_000,
    "taskmaster4_dialogues_train.jsonl.gz": 1_000,
}
DEFINED: Final = {"noun": 5_500, "verb": 1_700, "adj": 1_400, "adv": 400}  # of WordNet
DEFINITION: Final = 5  # words of the shortest one


class PageSources(NamedTuple):
    """The folders that sentences like those of pages are drawn from."""

    data: Path
    wordnet: Path | None = None


def add_pages(lessons: Lessons, sources: PageSources, *, seed: int) -> None:
    """Teach sentences of pages, of our own and of others."""
    chance = np.random.default_rng((seed, 3))
    for fact in our_page_facts():
        drawings = DRAWINGS if fact.slots else 1
        for drawing in range(drawings):
            add_fact(lessons, filled(fact, chance), bare=drawing % BARE == 0)
    for text in page_sentences(sources, seed=seed):
        lessons.add(text, lessons.read(text))


def add_fact(lessons: Lessons, fact: PageFact, *, bare: bool = True) -> None:
    """Teach what a fact states and what is asked of it, each what it says itself.

    Args:
        lessons: where they are put.
        fact: one whose slots are filled.
        bare: teach its statements without their headings as well.
    """
    for statement in fact.statements:
        _teach(lessons, _as_found(fact, statement))
        if bare:
            _teach(lessons, statement)
    for question in fact.questions:
        _teach(lessons, question)


def page_sentences(sources: PageSources, *, seed: int) -> Iterator[str]:
    """Sentences like those of pages from permitted sets, each once."""
    texts = [*_product_texts(sources.data), *_clerks_turns(sources.data, seed)]
    if sources.wordnet is not None:
        texts += _definitions(sources.wordnet, seed)
    yield from (text for text in dict.fromkeys(map(clean_text, texts)) if _is_read_whole(text))


def _as_found(fact: PageFact, statement: Pair) -> Pair:
    """A statement as search embeds it, in both languages."""
    english, chinese = (
        PassageText(tuple(pair[side] for pair in fact.headings), (statement[side],)).embedded()[0]
        for side in (0, 1)
    )
    return english, chinese


def _teach(lessons: Lessons, pair: Pair) -> None:
    """Teach a text in both languages, unless the same has been taught."""
    known = len(lessons.meanings)
    number = lessons.read(*pair)
    if number >= known:
        for text in pair:
            lessons.add(text, number)


def _product_texts(data: Path) -> Iterator[str]:
    """What shoppers ask on products' pages, the sentence there that answers, and the answer."""
    with gzip.open(data / ANSWERS_FILE, "rt", encoding="utf-8") as file:
        for line in map(json.loads, file):
            yield line["question"]
            yield line["answer"]
            if line["source"] != OF_LISTS:
                yield line["evidence"]


def _clerks_turns(data: Path, seed: int) -> Iterator[str]:
    for number, (name, most) in enumerate(CLERK_FILES.items()):
        said = [
            turn.text
            for dialogue in read_dialogues([data / name], [])
            for turn in dialogue.turns
            if turn.speaker == "clerk" and len(turn.text.split()) >= SHORTEST
        ]
        yield from _drawn(list(dict.fromkeys(said)), most, (seed, 4, number))


def _definitions(folder: Path, seed: int) -> Iterator[str]:
    """Words with what they mean, those first that WordNet's own texts use: `word: what it is`."""
    counted = {line.partition("%")[0] for line in (folder / "cntlist.rev").read_text().splitlines()}
    for number, (name, most) in enumerate(DEFINED.items()):
        lines = (folder / f"data.{name}").read_text(errors="ignore").splitlines()
        said = [
            f"{word.replace('_', ' ')}: {meaning}"
            for line in lines
            if not line.startswith("  ")
            for word, meaning in [(line.split()[4], _meaning(line))]
            if word.lower() in counted and len(meaning.split()) >= DEFINITION
        ]
        yield from _drawn(said, most, (seed, 5, number))


def _meaning(line: str) -> str:
    """The definition of a line of WordNet, without its example sentences."""
    return line.partition("|")[2].partition('; "')[0].strip()


def _drawn(texts: list[str], most: int, seed: tuple[int, ...]) -> Iterator[str]:
    drawn = np.random.default_rng(seed).permutation(len(texts))[:most]
    return (texts[i] for i in sorted(drawn))


def _is_read_whole(text: str) -> bool:
    return len(text) > 1 and len(text.split()) <= LONGEST
