"""Distillation data: texts as the encoder reads them, each with what the teacher says of it.

The teacher reads English. A Chinese sentence of ours is taught what the teacher says of its English
side; a dialogue mostly what it says of the last turn. Sentences of one sense are drawn together, so
that what a shopper wants counts more than what it is wanted for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from feedback.knowledge import BadLine, DialogueLine, read_dialogues, read_questions, read_replies
from serving.contract import Turn, clean_text, render_dialogue
from training.starter.phrases import our_sentences

LONGEST: Final = 40  # words; the teacher was taught on short texts too, and long ones cost most
SENTENCES_A_LINE: Final = 15  # of our own phrases
AS_REPLY: Final = 0.1  # share of sentences taught as a clerk's turn too
TO_SENSE: Final = 0.5  # how far a sentence's target is drawn to the mean of its sense
NEXT_REPLY: Final = 0.4  # weight of the clerk's reply in a dialogue's target, 1 for the last turn
DIALOGUE_LESSONS: Final = 25_000
DIALOGUE_TURNS: Final = 3
WORDNET_FILES: Final = ("noun", "verb", "adj", "adv")
WORDNET_EXAMPLES: Final = 35_000

Array = np.ndarray[Any, Any]

# Files of the data folder whose licences let weights learned from them ship; see SOURCES.md.
QUESTION_FILES: Final = ("clinc150_questions_train.jsonl.gz", "multidogo_messages.jsonl.gz")
DIALOGUE_FILES: Final = ("star_dialogues_train.jsonl.gz", "taskmaster4_dialogues_train.jsonl.gz")


class Lesson(NamedTuple):
    """A text for the encoder, and the English texts whose weighted vectors it is taught."""

    text: str
    taught: tuple[tuple[int, float], ...]  # (number of the English text, weight)
    sense: int = -1


@dataclass
class Lessons:
    """All lessons, and the English texts the teacher has to read for them."""

    english: list[str] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    senses: dict[str, int] = field(default_factory=dict)
    _number: dict[str, int] = field(default_factory=dict)

    def read(self, text: str) -> int:
        """The number of an English text, for the teacher to read."""
        if text not in self._number:
            self._number[text] = len(self.english)
            self.english.append(text)
        return self._number[text]

    def add(
        self, text: str, english: str, *, speaker: str = "shopper", sense: str | None = None
    ) -> None:
        """Teach `text` what the teacher says of `english`."""
        place = -1 if sense is None else self.senses.setdefault(sense, len(self.senses))
        rendered = render_dialogue([Turn(speaker, text)])
        self.lessons.append(Lesson(rendered, ((self.read(english), 1.0),), place))


class StarterSources(NamedTuple):
    """The folders whose texts the starter learns from."""

    data: Path  # the permitted data sets
    shop: Path | None = None  # questions.LOCALE.jsonl and replies.jsonl; an id in each language
    wordnet: Path | None = None  # WordNet's `dict`


def gather(sources: StarterSources, *, seed: int) -> Lessons:
    """Every lesson there is: from the data sets, a shop's own texts, WordNet, our phrases."""
    chance = np.random.default_rng(seed)
    lessons = Lessons()
    for text in dict.fromkeys(_texts(sources.data)):
        lessons.add(text, text)
        if chance.random() < AS_REPLY:
            lessons.add(text, text, speaker="clerk")
    for text in [] if sources.wordnet is None else _wordnet(sources.wordnet, chance):
        lessons.add(text, text)
    _add_ours(lessons, chance, seed)
    if sources.shop is not None:
        _add_shop(lessons, sources.shop)
    _add_dialogues(lessons, sources.data, chance)
    return lessons


def targets(lessons: Lessons, vectors: Array) -> Array:
    """The unit vectors [N,D] to be taught, from the teacher's of the English texts [E,D]."""
    found = np.zeros((len(lessons.lessons), vectors.shape[1]), np.float32)
    for place, lesson in enumerate(lessons.lessons):
        for number, weight in lesson.taught:
            found[place] += weight * vectors[number]
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    sense = np.array([lesson.sense for lesson in lessons.lessons])
    known = np.nonzero(sense >= 0)[0]
    means = np.zeros((len(lessons.senses), vectors.shape[1]), np.float32)
    np.add.at(means, sense[known], found[known])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
    found[known] += TO_SENSE / (1.0 - TO_SENSE) * means[sense[known]]
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def _texts(data: Path) -> Iterator[str]:
    """Distinct short messages of the permitted files."""
    bad: list[BadLine] = []
    asked = read_questions([data / name for name in QUESTION_FILES], bad)
    texts = [line.question for line in asked]
    texts += [
        turn.text
        for dialogue in _dialogues(data)
        for turn in dialogue.turns
        if turn.speaker != "action"
    ]
    for text in texts:
        cleaned = clean_text(text)
        if len(cleaned) > 1 and len(cleaned.split()) <= LONGEST:
            yield cleaned


def _dialogues(data: Path) -> list[DialogueLine]:
    return list(read_dialogues([data / name for name in DIALOGUE_FILES], []))


def _wordnet(folder: Path, chance: np.random.Generator) -> Iterator[str]:
    """WordNet's words that its own texts use, and example sentences of the others."""
    counted: defaultdict[str, int] = defaultdict(int)
    for line in (folder / "cntlist.rev").read_text().splitlines():
        key, _, count = line.split()
        counted[key.partition("%")[0].replace("_", " ")] += int(count)
    yield from (word for word, count in counted.items() if count)
    examples: dict[str, None] = {}
    for name in WORDNET_FILES:
        for line in (folder / f"data.{name}").read_text(errors="ignore").splitlines():
            for example in re.findall(r'"([^"]+)"', line.partition("|")[2]):
                if 3 <= len(example.split()) <= 14:
                    examples[example] = None
    kept = list(examples)
    yield from (kept[i] for i in chance.permutation(len(kept))[:WORDNET_EXAMPLES])


def _add_ours(lessons: Lessons, chance: np.random.Generator, seed: int) -> None:
    for sentence in our_sentences(a_line=SENTENCES_A_LINE, seed=seed):
        lessons.add(sentence.english, sentence.english, sense=sentence.sense)
        lessons.add(sentence.chinese, sentence.english, sense=sentence.sense)
        if chance.random() < AS_REPLY:
            for text in (sentence.english, sentence.chinese):
                lessons.add(text, sentence.english, speaker="clerk", sense=sentence.sense)


def _add_shop(lessons: Lessons, shop: Path) -> None:
    """A shop's questions, drawn to their replies' means; Chinese ones are given those alone."""
    asked = list(read_questions(sorted(shop.glob("questions.*.jsonl")), []))
    english: defaultdict[str, list[str]] = defaultdict(list)
    for line in asked:
        if line.locale == "en" and line.reply_id is not None:
            english[line.reply_id].append(line.question)
    for line in asked:
        if line.reply_id is None or not english[line.reply_id]:
            continue
        if line.locale == "en":
            lessons.add(line.question, line.question, sense=f"shop.{line.reply_id}")
        else:
            taught = tuple((lessons.read(q), 1.0) for q in english[line.reply_id])
            lessons.lessons.append(Lesson(_asked(line.question), taught))
    replies = list(read_replies([shop / "replies.jsonl"], []))
    in_english = {line.reply_id: line.text for line in replies if line.locale == "en"}
    for reply in replies:
        if reply.text and (text := in_english.get(reply.reply_id)):
            lessons.add(reply.text, text, speaker="clerk")


def _add_dialogues(lessons: Lessons, data: Path, chance: np.random.Generator) -> None:
    """Some shopper's turns with what was said before them, and the clerk's reply in the target."""
    places = [
        (dialogue, at)
        for dialogue in _dialogues(data)
        for at in range(1, len(dialogue.turns) - 1)
        if dialogue.turns[at].speaker == "shopper" and dialogue.turns[at + 1].speaker == "clerk"
    ]
    for i in chance.permutation(len(places))[:DIALOGUE_LESSONS]:
        dialogue, at = places[i]
        last, reply = (clean_text(dialogue.turns[at + step].text) for step in (0, 1))
        if not last or not reply or max(len(last.split()), len(reply.split())) > LONGEST:
            continue
        turns = dialogue.turns[max(0, at - DIALOGUE_TURNS + 1) : at + 1]
        text = render_dialogue(Turn(turn.speaker, turn.text) for turn in turns)
        taught = ((lessons.read(last), 1.0), (lessons.read(reply), NEXT_REPLY))
        lessons.lessons.append(Lesson(text, taught))


def _asked(text: str) -> str:
    return render_dialogue([Turn("shopper", text)])
