"""Starter book: small talk in each language, for a new shop whose own book has none.

Its replies are marked by the beginning of their id, so that the staff see what is not theirs yet.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from bot.knowledge import compared
from feedback.db import Database
from feedback.knowledge import BadLine, QuestionLine, ReplyBook, read_questions, read_replies

FOLDER: Final = Path(__file__).parent / "small_talk"
MARK: Final = "starter_"


def put_starter_book(database: Database, *, now: datetime) -> list[str]:
    """Put in what the book does not answer in the plainest words; returns the replies put in.

    What is there, replaced by the staff or not, and what their own replies answer stays as it is.
    """
    bad: list[BadLine] = []
    replies = list(read_replies([FOLDER / "replies.jsonl"], bad))
    questions = list(read_questions([FOLDER / "questions.jsonl"], bad))
    assert not bad, bad
    book = ReplyBook(database)
    asked = {(compared(each.question), each.locale) for each in book.questions()}
    known = {
        (each.reply_id, each.locale)
        for each in questions
        if (compared(each.question), each.locale) in asked or _there(book, each)
    }
    new = [each for each in replies if (each.reply_id, each.locale) not in known]
    names = {(each.reply_id, each.locale) for each in new}
    book.put_replies(new, now)
    book.put_questions([each for each in questions if (each.reply_id, each.locale) in names], now)
    return sorted({each.reply_id for each in new})


def _there(book: ReplyBook, question: QuestionLine) -> bool:
    reply = book.reply(question.reply_id or "", question.locale)
    return reply is not None and reply.locale == question.locale
