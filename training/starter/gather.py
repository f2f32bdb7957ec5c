"""Where lessons come from: data sets, WordNet, a shop's own texts, our phrases, chains, pages."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from feedback.knowledge import BadLine, DialogueLine, read_dialogues, read_questions, read_replies
from serving.contract import SPEAKER_MARKS, Turn, clean_text, render_dialogue
from training.starter.derived import derived
from training.starter.follow_ups import Chain, chains, our_chains
from training.starter.lessons import Lesson, Lessons
from training.starter.page_lessons import PageSources, add_pages
from training.starter.phrases import Sentence, our_lines, sentences

LONGEST: Final = 40  # words; the teachers were taught on short texts too, and long ones cost most
SENTENCES_A_LINE: Final = 13  # of our own phrases
EASILY_TAKEN: Final = 40  # of a line that is easily taken for another: it differs by a word or two
CHAINS_A_PATTERN: Final = 60
AS_REPLY: Final = 0.1  # share of sentences taught as a clerk's turn too
AFTER_MORE: Final = 0.25  # share of chains that come after another one
UNRELATED: Final = 0.12  # share of lone questions taught behind something else as well
HISTORY_CHARS: Final = 160  # of each turn before them
MASKED: Final = 0.5  # share of sentences with values that are taught with placeholders too
# Trades whose lines are learned but made into no chains: on those the follow-ups are measured.
HELD: Final = ("hotel", "gym", "car_parts", "electricity_and_gas", "insurance")
NEXT_REPLY: Final = 0.4  # weight of the clerk's reply in a dialogue's target, 1 for the last turn
DIALOGUE_LESSONS: Final = 6_000
DIALOGUE_TURNS: Final = 3
WORDNET_FILES: Final = ("noun", "verb", "adj", "adv")
WORDNET_WORDS: Final = 5_000
WORDNET_EXAMPLES: Final = 7_000
SIDES: Final = 3  # English questions that a Chinese one of the same reply is taught

PLACE: Final = re.compile(r"\{[^}]*\}")  # of a reply's text, filled only when it is sent
SHOPPER, CLERK = SPEAKER_MARKS["shopper"], SPEAKER_MARKS["clerk"]

# Files of the data folder whose licences let weights learned from them ship (see SOURCES.md), and
# how many texts of each are drawn at random: reading them is what takes the teachers' time.
QUESTION_FILES: Final = {
    "clinc150_questions_train.jsonl.gz": 15_100,
    "multidogo_messages.jsonl.gz": 10_000,
}
DIALOGUE_FILES: Final = {
    "star_dialogues_train.jsonl.gz": 6_000,
    "taskmaster4_dialogues_train.jsonl.gz": 6_000,
}


class StarterSources(NamedTuple):
    """The folders whose texts the starter learns from."""

    data: Path  # the permitted data sets
    shop: Path | None = None  # questions.LOCALE.jsonl and replies.jsonl; an id in each language
    wordnet: Path | None = None  # WordNet's `dict`


def gather(sources: StarterSources, *, seed: int) -> Lessons:
    """Every lesson there is: from the data sets, a shop's own texts, WordNet, what we wrote."""
    chance = np.random.default_rng(seed)
    lessons = Lessons()
    for text in _texts(sources.data, seed):
        number = lessons.read(text)
        lessons.add(text, number)
        if chance.random() < AS_REPLY:
            lessons.add(text, number, speaker="clerk")
    for text in [] if sources.wordnet is None else _wordnet(sources.wordnet, seed):
        lessons.add(text, lessons.read(text))
    _add_ours(lessons, chance, seed)
    _add_chains(lessons, chance, seed)
    if sources.shop is not None:
        _add_shop(lessons, sources.shop, chance)
    _add_dialogues(lessons, sources.data, seed)
    _add_unrelated(lessons, sources, seed)
    add_pages(lessons, PageSources(sources.data, sources.wordnet), seed=seed)
    return lessons


def _texts(data: Path, seed: int) -> Iterator[str]:
    """Distinct short messages of the permitted files, as many of each."""
    bad: list[BadLine] = []
    files = [
        ([line.question for line in read_questions([data / name], bad)], most)
        for name, most in QUESTION_FILES.items()
    ]
    files += [
        (list(_spoken(read_dialogues([data / name], bad))), most)
        for name, most in DIALOGUE_FILES.items()
    ]
    seen: dict[str, None] = {}
    for number, (texts, most) in enumerate(files):
        short = [
            text
            for text in dict.fromkeys(map(clean_text, texts))
            if len(text) > 1 and len(text.split()) <= LONGEST
        ]
        drawn = np.random.default_rng((seed, number)).permutation(len(short))[:most]
        seen |= dict.fromkeys(short[i] for i in sorted(drawn))
    yield from seen


def _spoken(dialogues: Iterable[DialogueLine]) -> Iterator[str]:
    for dialogue in dialogues:
        yield from (turn.text for turn in dialogue.turns if turn.speaker != "action")


def _dialogues(data: Path) -> list[DialogueLine]:
    return list(read_dialogues([data / name for name in DIALOGUE_FILES], []))


def _wordnet(folder: Path, seed: int) -> Iterator[str]:
    """Some of the words that WordNet's own texts use, and of its example sentences."""
    chance = np.random.default_rng((seed, 2))
    counted: defaultdict[str, int] = defaultdict(int)
    for line in (folder / "cntlist.rev").read_text().splitlines():
        key, _, count = line.split()
        counted[key.partition("%")[0].replace("_", " ")] += int(count)
    words = [word for word, count in counted.items() if count]
    yield from (words[i] for i in chance.permutation(len(words))[:WORDNET_WORDS])
    examples: dict[str, None] = {}
    for name in WORDNET_FILES:
        for line in (folder / f"data.{name}").read_text(errors="ignore").splitlines():
            for example in re.findall(r'"([^"]+)"', line.partition("|")[2]):
                if 3 <= len(example.split()) <= 14:
                    examples[example] = None
    kept = list(examples)
    yield from (kept[i] for i in chance.permutation(len(kept))[:WORDNET_EXAMPLES])


def _add_ours(lessons: Lessons, chance: np.random.Generator, seed: int) -> None:
    lines = our_lines()
    for found in (
        sentences([line for line in lines if not line.unlike], a_line=SENTENCES_A_LINE, seed=seed),
        sentences([line for line in lines if line.unlike], a_line=EASILY_TAKEN, seed=seed),
    ):
        for sentence in found:
            _add_sentence(lessons, sentence, chance)


def _add_sentence(lessons: Lessons, sentence: Sentence, chance: np.random.Generator) -> None:
    number = lessons.read(sentence.english, sentence.chinese)
    sense, unlike = sentence.sense, sentence.unlike
    for text in (sentence.english, sentence.chinese):
        lessons.add(text, number, sense=sense, unlike=unlike)
    if sentence.masked and chance.random() < MASKED:
        for text in sentence.masked:
            lessons.add(text, number, sense=sense, unlike=unlike)
    if chance.random() < AS_REPLY:
        for text in (sentence.english, sentence.chinese):
            lessons.add(text, number, speaker="clerk", sense=sense)


def our_follow_ups(*, seed: int, held: bool = False) -> Iterator[Chain]:
    """Chains of the files and of the lines; `held`: of the trades that no chain is learned of."""
    lines = [line for line in our_lines() if (line.sense.partition(".")[0] in HELD) == held]
    if not held:
        yield from chains(our_chains(), a_pattern=CHAINS_A_PATTERN, seed=seed)
    yield from derived(lines, seed=seed)


def _add_chains(lessons: Lessons, chance: np.random.Generator, seed: int) -> None:
    before: tuple[tuple[Turn, ...], tuple[Turn, ...]] = ((), ())
    for chain in our_follow_ups(seed=seed):
        number = lessons.read(*chain.full)
        after = chance.random() < AFTER_MORE and chain.english[0].speaker == "shopper"
        both = (chain.english, chain.chinese)
        for turns, earlier in zip(both, before, strict=True):
            lessons.add((*earlier, *turns) if after else turns, number, sense=chain.sense)
        before = (chain.english[:-1], chain.chinese[:-1])


def _add_shop(lessons: Lessons, shop: Path, chance: np.random.Generator) -> None:
    """A shop's questions, drawn to their replies' means.

    A Chinese one has no English side: it is taught beside some of its reply's English questions.
    """
    asked = list(read_questions(sorted(shop.glob("questions.*.jsonl")), []))
    english: defaultdict[str, list[str]] = defaultdict(list)
    for line in asked:
        if line.locale == "en" and line.reply_id is not None:
            english[line.reply_id].append(line.question)
    for line in asked:
        if line.reply_id is None or not (sides := english[line.reply_id]):
            continue
        sense = f"shop.{line.reply_id}"
        if line.locale == "en":
            lessons.add(line.question, lessons.read(line.question), sense=sense)
        else:
            drawn = chance.permutation(len(sides))[:SIDES]
            numbers = [lessons.read(sides[i], line.question) for i in drawn]
            lessons.add(line.question, *numbers, sense=sense)
    replies = list(read_replies([shop / "replies.jsonl"], []))
    in_english = {line.reply_id: line.text for line in replies if line.locale == "en"}
    for reply in replies:
        if reply.text and (text := in_english.get(reply.reply_id)):
            lessons.add(reply.text, lessons.read(text, reply.text), speaker="clerk")


def _add_dialogues(lessons: Lessons, data: Path, seed: int) -> None:
    """Some shopper's turns with what was said before them, and the clerk's reply in the target."""
    places = [
        (dialogue, at)
        for dialogue in _dialogues(data)
        for at in range(1, len(dialogue.turns) - 1)
        if dialogue.turns[at].speaker == "shopper" and dialogue.turns[at + 1].speaker == "clerk"
    ]
    for i in np.random.default_rng((seed, 1)).permutation(len(places))[:DIALOGUE_LESSONS]:
        dialogue, at = places[i]
        last, reply = (clean_text(dialogue.turns[at + step].text) for step in (0, 1))
        if not last or not reply or max(len(last.split()), len(reply.split())) > LONGEST:
            continue
        turns = dialogue.turns[max(0, at - DIALOGUE_TURNS + 1) : at + 1]
        text = render_dialogue(Turn(turn.speaker, turn.text) for turn in turns)
        taught = ((lessons.read(last), 1.0), (lessons.read(reply), NEXT_REPLY))
        lessons.lessons.append(Lesson(text, taught))


def _add_unrelated(lessons: Lessons, sources: StarterSources, seed: int) -> None:
    """Some lone questions behind an exchange or two about something else: that changes nothing.

    Without these, a demo shop's questions lost eleven points behind another question and its reply:
    from follow-ups alone the encoder learns that what was said before always counts.
    """
    chance = np.random.default_rng((seed, 3))
    before = {True: list[str](), False: list[str]()}  # by whether it is Chinese
    for turns in _exchanges(sources):
        text = render_dialogue(
            Turn(who, PLACE.sub("", said)[:HISTORY_CHARS]) for who, said in turns
        )
        before[_is_chinese(text)].append(text)
    for lesson in list(lessons.lessons):
        lone = lesson.text.startswith(SHOPPER) and lesson.text.count(SHOPPER) == 1
        shown = before[_is_chinese(lesson.text)]
        if lone and shown and CLERK not in lesson.text and chance.random() < UNRELATED:
            earlier = [shown[i] for i in chance.integers(len(shown), size=chance.integers(1, 3))]
            lessons.lessons.append(lesson._replace(text="".join([*earlier, lesson.text])))


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def _exchanges(sources: StarterSources) -> Iterator[list[Turn]]:
    """A shopper's turn and the clerk's next one, of the dialogues and of the shop's book."""
    for dialogue in _dialogues(sources.data):
        for asked, said in pairwise(dialogue.turns):
            if (asked.speaker, said.speaker) == ("shopper", "clerk"):
                yield [Turn("shopper", asked.text), Turn("clerk", said.text)]
    if sources.shop is None:
        return
    replies = read_replies([sources.shop / "replies.jsonl"], [])
    text = {(line.reply_id, line.locale): line.text for line in replies if line.text}
    for line in read_questions(sorted(sources.shop.glob("questions.*.jsonl")), []):
        if reply := text.get((line.reply_id or "", line.locale)):
            yield [Turn("shopper", line.question), Turn("clerk", reply)]
