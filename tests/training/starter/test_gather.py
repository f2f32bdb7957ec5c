"""Gathering: data sets, a shop's own texts and our phrases become lessons."""

import gzip
import json
from collections import defaultdict

import pytest

from training.starter.gather import DIALOGUE_FILES, QUESTION_FILES, StarterSources, gather
from training.starter.page_lessons import ANSWERS_FILE


def write(path, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """All of ours, two messages and a dialogue of a data set each, and a shop with one reply."""
    data, shop = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("shop")
    for name in QUESTION_FILES:
        write(data / name, [{"question": f"what about {name[:4]}", "reply_id": None}])
    said = [("shopper", "is the pool open"), ("clerk", "until nine"), ("shopper", "and sundays")]
    turns = [{"speaker": who, "text": text} for who, text in said]
    for name in DIALOGUE_FILES:
        write(
            data / name, [{"id": name[:4], "turns": [*turns, {"speaker": "clerk", "text": "too"}]}]
        )
    answered = {"question": "is it loud", "answer": "no", "evidence": "it hums", "source": "review"}
    write(data / ANSWERS_FILE, [answered])
    for locale, question, reply in (
        ("en", "is the lamp warm", "Yes, {policy.warm} kelvin."),
        ("zh", "灯暖吗", "是的。"),
    ):
        asked = {"question": question, "reply_id": "warm", "locale": locale}
        write(shop / f"questions.{locale}.jsonl", [asked])
        with (shop / "replies.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"reply_id": "warm", "text": reply, "locale": locale}) + "\n")
    return gather(StarterSources(data, shop=shop), seed=1)


@pytest.fixture(scope="module")
def taught(lessons):
    """What each text is taught: the English sides of its meanings, for each of its lessons.

    A text may have several: with placeholders, two questions about two things are one text.
    """
    found = defaultdict(set)
    for lesson in lessons.lessons:
        sides = frozenset(lessons.meanings[number].english for number, _ in lesson.taught)
        found[lesson.text].add(sides)
    return found


class TestGather:
    def test_teaches_a_chinese_question_of_a_shop_beside_its_reply_s_english_ones(self, taught):
        """It has no English side of its own; one teacher reads it all the same."""
        assert {frozenset({"is the lamp warm"})} == taught["\x11灯暖吗"]

    def test_teaches_a_dialogue_its_last_turn_and_the_clerk_s_reply(self, taught):
        """What is said next tells what a turn was for."""
        history = "\x11is the pool open\x12until nine\x11and sundays"

        assert {frozenset({"and sundays", "too"})} == taught[history]

    def test_teaches_that_something_else_before_a_question_changes_nothing(self, taught):
        """Behind exchanges of its own language, whose blanks are left out."""
        pool, lamp = "\x11is the pool open\x12until nine", "\x11is the lamp warm\x12Yes, kelvin."
        behind = [text for text in taught if text.startswith((pool + pool, pool + lamp, lamp))]
        newest = ["\x11" + text.rpartition("\x11")[2] for text in behind]

        assert len(behind) > 100
        assert all(taught[text] <= taught[lone] for text, lone in zip(behind, newest, strict=True))
        assert not [text for text in behind if any("\u4e00" <= char <= "\u9fff" for char in text)]

    def test_teaches_sentences_of_pages_as_search_reads_them(self, taught):
        """Ours behind their headings, those of the sets as they stand; no list of attributes."""
        assert [text for text in taught if text.startswith("\x11Plans Free trial You can try the")]
        assert {frozenset({"it hums"})} == taught["\x11it hums"]

    def test_reads_each_meaning_once(self, lessons):
        """The teachers' time is what a build takes: lessons share what was read."""
        assert len(set(lessons.meanings)) == len(lessons.meanings)
        assert len(lessons.lessons) > 2 * len(lessons.meanings) > 60_000
