"""Tries a question on the clerk's knowledge: candidates with their scores, and what each says."""

from typing import Final, NamedTuple

from bot.knowledge import (
    AskBack,
    Composed,
    Knowledge,
    KnowledgeQuery,
    NeedsPerson,
    passage_quoted,
)
from bot.languages import reply_locale
from bot.messages import Citation
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


class Tried(NamedTuple):
    """What the clerk found for a question; `sure` is of the first candidate."""

    question: str
    sure: float
    served_by: str
    candidates: list[TriedCandidate]


def try_question(knowledge: Knowledge, question: str) -> Tried:
    """Ask as a shopper would, in a dialogue of one turn; nothing is recorded."""
    locale = reply_locale([question], session="en")
    query = KnowledgeQuery(
        texts=[question], dialogue=render_dialogue([Turn("shopper", question)]), locale=locale
    )
    ranking = knowledge.rank(query)
    found = [_shown(knowledge, each, query) for each in ranking.candidates[:SHOWN]]
    return Tried(question, ranking.confidence, ranking.served_by, found)


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
