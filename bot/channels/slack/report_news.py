"""The weekly report's news: what changed in the model, what was asked, what had no answer. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import Block, button, section
from bot.channels.slack.text import cut, escape_within
from bot.languages import reply_locale
from bot.turn_words import duration_words
from feedback.desk import StaffAnswers
from feedback.report import (
    Report,
    ReportStrings,
    Unanswered,
    model_change_lines,
    topic_trend,
    words_in,
)

TOP: Final = 3  # topics; the thread has them all
MAX_LINE: Final = 300  # characters of a question or a line


class NewsQuestion(NamedTuple):
    """A question as a shopper asked it, and what is told of it."""

    text: str
    locale: str
    told: str  # how often, and where it goes


class ReportNews(NamedTuple):
    """What a week brought."""

    model: tuple[str, ...]
    asked: tuple[NewsQuestion, ...]
    unanswered: tuple[NewsQuestion, ...]
    staff: tuple[str, ...] = ()  # how soon the staff answered


def news_of(
    report: Report | None,
    unanswered: Sequence[Unanswered],
    locale: str,
    staff: StaffAnswers | None = None,
) -> ReportNews:
    """The news of a report in its language; without one only the unanswered questions."""
    words = words_in(locale)
    open_ones = tuple(
        NewsQuestion(
            one.question,
            one.locale,
            words["times" if one.times > 1 else "once"].format(times=one.times),
        )
        for one in unanswered
    )
    if report is None:
        return ReportNews((), (), open_ones, staff_lines(staff, words))
    known = {one.text.casefold() for one in open_ones}
    topics = [
        topic
        for topic in report.behaviour.topics
        if topic.questions and topic.asked_in(words.locale).casefold() not in known
    ]
    asked = tuple(
        NewsQuestion(
            topic.asked_in(words.locale),
            reply_locale([topic.asked_in(words.locale)], session="en"),
            f"{topic.name}: {words['times'].format(times=f'{topic.questions:,}')},"
            f" {topic_trend(topic, words)}",
        )
        for topic in topics[:TOP]
    )
    changes = tuple(model_change_lines(report, words))
    return ReportNews(changes, asked, open_ones, staff_lines(staff, words))


def staff_lines(staff: StaffAnswers | None, words: ReportStrings) -> tuple[str, ...]:
    """How soon the staff answered, against their targets; () where nobody waited for them."""
    if staff is None:
        return ()
    lines = [
        words[name].format(
            count=f"{times.answers:,}",
            median=duration_words(times.median),
            share=f"{times.in_time / times.answers:.0%}",
            target=duration_words(times.target),
        )
        for name, times in (("staff_first", staff.first), ("staff_next", staff.next))
        if times is not None
    ]
    if staff.unanswered:
        lines.append(words["staff_unanswered"].format(count=staff.unanswered))
    if staff.reminders or staff.escalations:
        lines.append(words["staff_reminded"].format(**staff._asdict()))
    return tuple(lines)


def news_blocks(news: ReportNews, locale: str) -> list[Block]:
    """The news as blocks; each question has a button to write its reply."""
    words = words_in(locale)
    blocks: list[Block] = []
    if news.model:
        lines = "\n".join(f"• {escape_within(line, MAX_LINE)}" for line in news.model)
        blocks.append(section(f"*{words['model_changes']}*\n{lines}"))
    if news.staff:
        lines = "\n".join(f"• {escape_within(line, MAX_LINE)}" for line in news.staff)
        blocks.append(section(f"*{words['staff_answers']}*\n{lines}"))
    place = 0
    for title, questions in (("asked_most", news.asked), ("unanswered", news.unanswered)):
        if questions:
            blocks.append(section(f"*{words[title]}*"))
        for one in questions:
            asked = section(
                f"“{escape_within(one.text, MAX_LINE)}”\n{escape_within(one.told, MAX_LINE)}"
            )
            value = f"{one.locale} {cut(one.text, MAX_LINE)}"
            asked["accessory"] = button(
                f"{action_ids.WRITE_REPLY}{place}", words["write_reply"], value
            )
            blocks.append(asked)
            place += 1
    return blocks


def news_text(news: ReportNews, locale: str) -> str:
    """The same as text."""
    words = words_in(locale)
    parts = [
        ("model_changes", news.model),
        ("staff_answers", news.staff),
        ("asked_most", [f"“{one.text}” ({one.told})" for one in news.asked]),
        ("unanswered", [f"“{one.text}” ({one.told})" for one in news.unanswered]),
    ]
    return "\n\n".join(
        "\n".join([words[title], *(f"- {line}" for line in lines)])
        for title, lines in parts
        if lines
    )
