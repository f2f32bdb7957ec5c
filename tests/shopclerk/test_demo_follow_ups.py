"""The demo shop's follow-ups: each has its history and its reply, and none is measured by."""

import pytest

from feedback.knowledge.importers.files import BadLine, read_questions, read_replies
from shopclerk.demo_shop import (
    HELDOUT_FILES,
    HELDOUT_FOLLOW_UPS,
    QUESTION_FILES,
    REPLY_FILE,
)


def lines(paths):
    bad: list[BadLine] = []
    found = list(read_questions(paths, bad))
    assert [] == bad
    return found


@pytest.fixture(scope="module")
def learned():
    return [line for line in lines(QUESTION_FILES) if line.history]


@pytest.fixture(scope="module")
def held():
    return lines(HELDOUT_FOLLOW_UPS)


class TestFollowUps:
    def test_each_is_behind_a_question_and_its_answer(self, learned, held):
        """In both languages."""
        speakers = {tuple(turn.speaker for turn in each.history) for each in [*learned, *held]}

        assert {("shopper", "clerk")} == speakers
        assert {"en", "zh"} == {each.locale for each in learned}
        assert len(learned) > 300

    def test_each_has_a_reply_of_the_book(self, learned, held):
        """In its language."""
        book = {(reply.reply_id, reply.locale) for reply in read_replies([REPLY_FILE], [])}

        assert {(each.reply_id, each.locale) for each in [*learned, *held]} <= book

    def test_the_same_words_mean_other_things_elsewhere(self, learned):
        """Else a lone question would do, and nothing of dialogues were taught."""
        meant: dict[str, set[str | None]] = {}
        for each in learned:
            meant.setdefault(each.question.lower(), set()).add(each.reply_id)

        assert any(len(replies) > 1 for replies in meant.values())

    def test_none_stands_among_what_is_measured_by(self, learned, held):
        """Neither a lone question nor a follow-up."""
        asked = {(each.question, each.history) for each in learned}

        assert asked.isdisjoint((each.question, each.history) for each in held)
        assert asked.isdisjoint((each.question, each.history) for each in lines(HELDOUT_FILES))
