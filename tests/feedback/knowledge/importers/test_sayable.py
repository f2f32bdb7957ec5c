"""Stories of replies and questions brought to be said: slots, languages, names that stand twice."""

import json
from pathlib import Path

import pytest

from feedback.knowledge.importers.files import (
    BadLine,
    read_labelled_questions,
    read_replies,
    read_sayable_replies,
)


def write(path: Path, *lines: object) -> Path:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def reply(reply_id: str = "a", text: str = "Hello", locale: str = "en") -> dict[str, str]:
    return {"reply_id": reply_id, "text": text, "locale": locale}


class TestReplies:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (reply("b", "It is {order.foo}."), "nothing fills {order.foo}; take one of {order."),
            (reply("b", locale="fr"), "\"locale\" is 'fr'; the clerk speaks en and zh"),
            (reply("a", "Goodbye"), "the reply 'a' (en) stands here before, with something else"),
        ],
    )
    def test_what_could_not_be_said_is_named_and_the_rest_kept(self, tmp_path, line, reason):
        """
        A slot that nothing fills, a language nobody speaks here, a second text under one name.
        """
        bad: list[BadLine] = []
        path = write(tmp_path / "replies.jsonl", reply(), line, reply("c"))

        assert ["a", "c"] == [one.reply_id for one in read_sayable_replies([path], bad)]
        assert [2] == [one.line for one in bad]
        assert bad[0].reason.startswith(reason)

    def test_facts_may_come_later_and_languages_may_name_their_country(self, tmp_path):
        """
        `{policy.…}` is filled by an import to come; `zh-CN` is Chinese. A repeat is no harm.
        """
        bad: list[BadLine] = []
        lines = reply("b", "{policy.days} days"), reply("b", "{policy.days} days")
        path = write(tmp_path / "replies.jsonl", *lines, reply("c", "你好", "zh-CN"))

        found = [(one.reply_id, one.locale) for one in read_sayable_replies([path], bad)]
        assert [("b", "en"), ("b", "en"), ("c", "zh")] == found
        assert [] == bad

    def test_a_book_to_train_on_may_hold_any_slot(self, tmp_path):
        """
        It is another shop's, and is not said.
        """
        bad: list[BadLine] = []
        path = write(tmp_path / "replies.jsonl", reply("b", "It is {order.foo}."))

        assert ["b"] == [one.reply_id for one in read_replies([path], bad)]


class TestQuestions:
    def test_a_question_has_one_right_reply(self, tmp_path):
        """
        With another one below, the first holds, and the other is named.
        """
        bad: list[BadLine] = []
        lines = [{"question": "Open?", "reply_id": name} for name in ("hours", "hours", "days")]
        path = write(tmp_path / "questions.jsonl", *lines)

        assert 2 == len(list(read_labelled_questions([path], bad)))
        assert [3] == [one.line for one in bad]
