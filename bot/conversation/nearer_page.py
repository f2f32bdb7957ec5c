"""Help pages that answer nearer than a reply: named by a word of the turn, or quoted just now."""

from math import exp
from typing import Final

from bot.conversation.follow_ups import is_bare
from bot.conversation.incoming import IncomingMessage
from bot.knowledge import (
    Composed,
    Knowledge,
    KnowledgeQuery,
    ReplyBookCache,
    indexed_words,
    passage_quoted,
    query_words,
)
from serving.ranker import Candidate, Ranking

PAGE_AT: Final = 0.7  # from this probability on a page answers where no reply does
GOES_ON_AT: Final = 0.5  # the same of the page that was quoted just now


def page_that_names(
    message: IncomingMessage, ranking: Ranking, knowledge: Knowledge, book: ReplyBookCache
) -> Candidate | None:
    """The page that holds a word of the turn which neither the reply nor any question has.

    "How much is postage to Japan" gets the book's reply on postage from a model that has never read
    of Japan; the table of the page on sending abroad has a row for it.
    """
    best, page = ranking.candidates[0], _page_in(ranking)
    reply = best.reply_id and book.reply(best.reply_id, message.query.locale)
    if page is None or not reply:
        return None
    known = book.words().union(indexed_words(reply.text))
    named = set(query_words(message.query.texts[0], message.query.locale)) - known
    said = knowledge.compose(page, message.query) if named else None
    holds = isinstance(said, Composed) and named.intersection(indexed_words(said.text))
    return page if holds else None


def page_gone_on_with(
    message: IncomingMessage, behind: KnowledgeQuery, knowledge: Knowledge
) -> Candidate | None:
    """The page quoted just now, where a turn without a topic of its own goes on with it.

    `behind` asks the turn behind the one before it.
    """
    quoted = passage_quoted(knowledge.named(message.memory.focus.topic or ""))
    if not quoted or not is_bare(message.plain):
        return None
    page = _page_in(knowledge.rank(behind), GOES_ON_AT)
    return page if page is not None and passage_quoted(page) == quoted else None


def _page_in(ranking: Ranking, at: float = PAGE_AT) -> Candidate | None:
    """The likeliest page among the candidates, where it is sure enough to answer."""
    pages = (each for each in ranking.candidates if passage_quoted(each))
    return next((each for each in pages if exp(each.score) >= at), None)
