"""Pages of our own: what a fact's lines become, and that every file that ships can be read."""

import numpy as np
import pytest

from training.starter import PageFact, filled, our_page_facts, read_page_facts
from training.starter.lessons import Lessons
from training.starter.page_lessons import add_fact
from training.starter.phrases import BadPhrase

SMALL = """\
# a bakery
@days: 2 = 2; 3 = 3; 5 = 5
@cake: tart = 果挞

## Orders / Ordering ahead = 订购 / 提前预订
* Order (in the shop | online) {days} days before. = 请提前{days}天预订。
* We need {days} days. = 需要{days}天。
? too late for saturday = 周六还来得及吗
? notice for a {cake} = {cake}要提前几天说

## About us = 关于我们
* We love what we do. = 我们热爱这一行。
"""


def facts_of(tmp_path, text):
    path = tmp_path / "bakery.txt"
    path.write_text(text, encoding="utf-8")
    return list(read_page_facts(path))


def taught_of(lessons):
    """The English sides of what each text is taught, with their weights."""
    return {
        lesson.text[1:]: {lessons.meanings[n].english: weight for n, weight in lesson.taught}
        for lesson in lessons.lessons
    }


class TestPageFacts:
    def test_keep_headings_statements_and_questions_of_both_languages(self, tmp_path):
        """Of the slots only those that its lines use."""
        orders, about = facts_of(tmp_path, SMALL)

        assert (("Orders", "订购"), ("Ordering ahead", "提前预订")) == orders.headings
        assert (2, 2) == (len(orders.statements), len(orders.questions))
        assert {"days", "cake"} == set(orders.slots)
        assert about == PageFact(
            "bakery", (("About us", "关于我们"),), (("We love what we do.", "我们热爱这一行。"),)
        )

    def test_say_the_same_value_in_all_their_lines(self, tmp_path):
        """Two pages with other values state other things; a sentence's own marks stay."""
        orders, _ = facts_of(tmp_path, SMALL)
        said = filled(orders, np.random.default_rng(1))
        (days,) = {int(word) for word in said.statements[1][0].split() if word.isdigit()}

        assert (
            f"Order (in the shop | online) {days} days before.",
            f"请提前{days}天预订。",
        ) == said.statements[0]
        assert ("notice for a tart", "果挞要提前几天说") == said.questions[1]

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("* no headings = 没有标题", "no headings above it"),
            ("## A / B = 甲", "unequal numbers of headings"),
            ("## A = 甲\n* {when} = {when}", "unknown slots"),
            ("## A = 甲\n- dash = 破折号", "has no mark"),
        ],
    )
    def test_that_break_their_form_say_where(self, tmp_path, line, reason):
        """The line is named, as in a phrase file."""
        with pytest.raises(BadPhrase, match=reason):
            facts_of(tmp_path, line)

    def test_that_ship_are_read(self):
        """Every file; most facts are asked for, the others answer nothing."""
        facts = our_page_facts()

        assert len({fact.trade for fact in facts}) >= 1
        assert all(fact.statements for fact in facts)
        assert all(fact.questions or len(fact.statements) > 1 for fact in facts)


class TestLessonsOfPages:
    def test_teach_a_statement_as_search_reads_it_and_bare(self, tmp_path):
        """Behind its headings it is another text, and the teachers are asked for both."""
        orders, _ = facts_of(tmp_path, SMALL)
        lessons = Lessons()
        add_fact(lessons, filled(orders, np.random.default_rng(1)))
        taught = taught_of(lessons)

        for text in ("Orders Ordering ahead We need", "We need"):
            (found,) = (each for each in taught if each.startswith(text) and each.isascii())
            assert {found: 1.0} == taught[found]
        assert 2 * (2 * 2 + 2) == len(lessons.lessons)

    def test_teach_a_question_what_it_says_once(self, tmp_path):
        """What no slot changes is the same in the next drawing; its answer is another text."""
        orders, _ = facts_of(tmp_path, SMALL)
        lessons = Lessons()
        for seed in (1, 2, 3):
            add_fact(lessons, filled(orders, np.random.default_rng(seed)))

        assert {"too late for saturday": 1.0} == taught_of(lessons)["周六还来得及吗"]
        assert 1 == [lesson.text for lesson in lessons.lessons].count("\x11周六还来得及吗")
