"""Tries a question on the clerk's knowledge: candidates with their scores, and what each says."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from bot.knowledge import (
    AskBack,
    Composed,
    Knowledge,
    KnowledgeQuery,
    NeedsPerson,
    passage_quoted,
    query_words,
)
from bot.languages import reply_locale
from bot.messages import Citation
from feedback.db import Question
from serving.contract import Turn, render_dialogue
from serving.ranker import Candidate

SHOWN: Final = 6


class TriedCandidate(NamedTuple):
    """A candidate as the staff see it."""

    title: str
    source: str
    score: float
    text: str
    passage_id: str = ""  # of a page's sentences
    citations: tuple[Citation, ...] = ()
    reply_id: str = ""  # of the reply book
    why: str = ""  # the question of the book that is nearest by its words


class Tried(NamedTuple):
    """What the clerk found for a question; `sure` is of the first candidate."""

    question: str
    sure: float
    served_by: str
    candidates: list[TriedCandidate]


def try_question(knowledge: Knowledge, question: str, asked: Iterable[Question] = ()) -> Tried:
    """Ask as a shopper would, in a dialogue of one turn; nothing is recorded.

    `asked`: the book's questions; the nearest one of each reply says why it is among them.
    """
    locale = reply_locale([question], session="en")
    query = KnowledgeQuery(
        texts=[question], dialogue=render_dialogue([Turn("shopper", question)]), locale=locale
    )
    ranking = knowledge.rank(query)
    found = ranking.candidates[:SHOWN]
    why = _nearest(question, {each.reply_id for each in found if each.reply_id}, asked)
    shown = [
        _shown(knowledge, each, query)._replace(
            reply_id=each.reply_id or "", why=why.get(each.reply_id or "", "")
        )
        for each in found
    ]
    return Tried(question, ranking.confidence, ranking.served_by, shown)


def _nearest(question: str, reply_ids: set[str], asked: Iterable[Question]) -> dict[str, str]:
    """Of each reply, the question of the book that shares most words with this one."""
    words = set(query_words(question))
    found: dict[str, tuple[float, str]] = {}
    for one in asked:
        if one.reply_id in reply_ids:
            theirs = set(query_words(one.question))
            share = len(words & theirs) / (len(words | theirs) or 1)
            found[one.reply_id] = max(found.get(one.reply_id, (0.0, "")), (share, one.question))
    return {
        reply_id: f"It answers “{near}”: {share:.0%} of the words are the same."
        for reply_id, (share, near) in found.items()
        if near
    }


def _shown(knowledge: Knowledge, candidate: Candidate, query: KnowledgeQuery) -> TriedCandidate:
    said = knowledge.compose(candidate, query)
    title = knowledge.title(candidate, query.locale)
    place = candidate.source, candidate.score
    passage_id = passage_quoted(candidate)
    if isinstance(said, Composed):
        return TriedCandidate(title, *place, said.text, passage_id, said.citations)
    if isinstance(said, AskBack):
        return TriedCandidate(title, *place, f"(asks first) {said.text}")
    if isinstance(said, NeedsPerson):
        return TriedCandidate(title, *place, "(a person goes on)")
    return TriedCandidate(title, *place, "(no longer there)")
