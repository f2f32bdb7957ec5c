"""Help pages as a knowledge source: sentences of the shop's pages, found, read and quoted.

Only the shop's own sentences are said, verbatim and in their order, with where they stand. What a
page says to a machine is a sentence like any other: it is quoted to who asks for it, and obeyed by
nobody.
"""

import math
from collections.abc import Collection, Sequence
from typing import Final

import structlog

from bot.knowledge.page_index import IndexedPages, PageIndex
from bot.knowledge.page_order import taught_first, winners_first
from bot.knowledge.search_terms import indexed_words, query_words
from bot.knowledge.source import Composed, KnowledgeQuery
from bot.languages import phrases_in
from bot.messages import Citation
from feedback.knowledge import KnownPassage
from serving.chinese import simplified
from serving.client import CircuitBreaker
from serving.contract import Turn, clean_text, render_dialogue
from serving.page_answers import (
    AskedPages,
    SentenceFacts,
    is_unspaced,
    judged_quotations,
    read_scale,
)
from serving.passage_search import Found
from serving.quoting import Quotation
from serving.ranker import (
    Candidate,
    FoundSentence,
    RankerUnavailable,
    Ranking,
    SentenceReader,
)
from serving.stated_values import fit

NOTHING_FOUND: Final = Ranking((), 0.0, "model")
MOST_CANDIDATES: Final = 5
STEM: Final = 4  # letters
FEW_WORDS: Final = 4  # a turn as short as this goes on with the one before
MAX_TITLE: Final = 60
LEAST: Final = 1e-6

log = structlog.get_logger()


class HelpPages:
    """Answers with what the shop has published."""

    name = "pages"

    def __init__(self, pages: PageIndex, reader: SentenceReader) -> None:
        """`reader` is the model; while it is away, or where it can not read, pages say nothing."""
        self._pages = pages
        self._reader = reader
        self._breaker = CircuitBreaker()

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """The likeliest quotations; nothing in the holdout."""
        pages = self._pages.current()
        if query.label is None or not pages.passages or not self._breaker.allows():
            return NOTHING_FOUND
        try:
            quotations = find_quotations(pages, query, self._reader, label=query.label)
        except RankerUnavailable as error:
            self._breaker.failed()
            log.warning("pages.not_read", reason=str(error))
            return NOTHING_FOUND
        self._breaker.succeeded()
        if not quotations:
            return NOTHING_FOUND
        candidates = tuple(
            Candidate(_id(each, pages), math.log(max(each.probability, LEAST)), self.name)
            for each in one_a_section(quotations, pages)[:MOST_CANDIDATES]
        )
        return Ranking(candidates, quotations[0].probability, "model")

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed | None:
        """The quotation with its source; None where the page says it no more."""
        passage_id, first, last = _parts(id_)
        passage = self._pages.passage(passage_id)
        if passage is None or last >= len(passage.sentences):
            return None
        text = Quotation(0, first, last, 1.0).text(passage.sentences, passage.leads)
        citation = Citation(self.name, id_, title_of(passage), passage.link, text)
        return Composed(_announced(text, passage.language, query.locale), citations=(citation,))

    def title(self, id_: str, locale: str) -> str:
        """The page's title with the heading nearest to the quotation."""
        passage = self._pages.passage(_parts(id_)[0])
        return "" if passage is None else section_of(passage)


def find_quotations(
    pages: IndexedPages, query: KnowledgeQuery, reader: SentenceReader, *, label: str
) -> list[Quotation]:
    """What answers a shopper's turn, likeliest first.

    A short turn is looked for alone and behind the one before: "and to Norway?" says not what of,
    "where are you" says all.

    Raises:
        RankerUnavailable: the model is away, or can not read.
    """
    newest, joined = query.texts[0], asked_in(query.texts)
    alone = _quotations(pages, newest, query, reader, label=label)
    if joined == newest:
        return alone
    behind = _quotations(pages, joined, query, reader, label=label)
    return behind if _goes_on(behind, alone, pages, query) else alone


def asked_in(texts: Sequence[str]) -> str:
    """The newest turn, behind the one before where it is short and may ask only together with it.

    >>> asked_in(["and to Norway?", "how much is delivery to Sweden"])
    'how much is delivery to Sweden and to Norway?'
    """
    newest, *before = texts
    short = before and len(newest) < 8 * FEW_WORDS and len(newest.split()) <= FEW_WORDS
    return f"{before[0]} {newest}" if short else newest


def _goes_on(
    behind: Sequence[Quotation],
    alone: Sequence[Quotation],
    pages: IndexedPages,
    query: KnowledgeQuery,
) -> bool:
    """Whether a turn is answered behind the one before: surer so, and not by what was said to that.

    The turn before has its words in what is looked for, and would be answered once more.
    """
    if not behind or (alone and alone[0].probability >= behind[0].probability):
        return False
    first = pages.passages[behind[0].passage].sentences[behind[0].first]
    return not alone or clean_text(first) not in query.dialogue


def _quotations(
    pages: IndexedPages, text: str, query: KnowledgeQuery, reader: SentenceReader, *, label: str
) -> list[Quotation]:
    """What answers a question, likeliest first."""
    asked = simplified(text)
    (vector,) = reader.embed([asked], label=label)
    found = pages.lookup.search(asked, vector)
    if not found:
        return []
    sentences = [_sentence(pages, each) for each in found]
    # Its lessons are lone questions: of what was said before it knows only that words stand there.
    read = reader.read(render_dialogue([Turn("shopper", asked)]), sentences, label=label)
    words = frozenset(query_words(asked, query.locale))
    facts = [
        SentenceFacts(
            fit(asked, each.text, each.above),
            is_unspaced(each.text) != is_unspaced(asked) or _names(words, each),
        )
        for each in sentences
    ]
    asked_pages = AskedPages(asked, pages.lookup.passages)
    judged = judged_quotations(asked_pages, found, facts, read, read_scale())
    return winners_first(taught_first(judged, query.texts[0], pages), pages)


def one_a_section(quotations: Sequence[Quotation], pages: IndexedPages) -> list[Quotation]:
    """The likeliest quotation of each section: two buttons that say the same are no choice."""
    best: dict[str, Quotation] = {}
    for each in quotations:
        best.setdefault(section_of(pages.passages[each.passage]), each)
    return list(best.values())


def section_of(passage: KnownPassage) -> str:
    """A page's title and the heading nearest to a passage, as a button says it.

    The title gives way where both are too long.
    """
    title, near = title_of(passage), next(reversed(passage.headings), "")
    if not near or near.casefold() == title.casefold():
        return title[:MAX_TITLE]
    both = f"{title}: {near}"
    return both if len(both) <= MAX_TITLE else near[:MAX_TITLE]


def title_of(passage: KnownPassage) -> str:
    """How a shopper is told where it stands."""
    return passage.title or next(iter(passage.headings), passage.url)


def passage_quoted(candidate: Candidate) -> str:
    """The passage that a candidate quotes; "" where it quotes none.

    >>> passage_quoted(Candidate("1f#0-1", 0.5, "pages")), passage_quoted(Candidate("hours", 0.5))
    ('1f', '')
    """
    return candidate.id.rpartition("#")[0] if candidate.source == HelpPages.name else ""


def quotation_of(candidate: Candidate) -> tuple[str, Quotation] | None:
    """The passage that a candidate quotes, and which sentences; None where it quotes none."""
    if candidate.source != HelpPages.name:
        return None
    passage_id, first, last = _parts(candidate.id)
    return passage_id, Quotation(0, first, last, 1.0)


def _announced(text: str, language: str, locale: str) -> str:
    """A page's words, behind a word that they are in another language than the shopper's."""
    if language in ("", locale):
        return text
    words = phrases_in(locale)
    named = words.page_languages.get(language, words.page_languages[""])
    return f"{words.page_is_in.format(language=named)}\n{text}"


def _sentence(pages: IndexedPages, found: Found) -> FoundSentence:
    passage = pages.lookup.passages[found.passage]
    above, said = passage.above(found.sentence), passage.sentences[found.sentence]
    return FoundSentence(simplified(above), simplified(said), found.hints)


def _names(words: Collection[str], sentence: FoundSentence) -> bool:
    """Whether a sentence or its headings have one of the words that say what is asked for.

    A word without its ending is enough: "returns" are "returned". Where no word says what for,
    nothing is missing.
    """
    said = {*indexed_words(f"{sentence.above} {sentence.text}")}
    stems = {word[:STEM] for word in said if word.isascii()}
    return not words or any(
        word in said or (word.isascii() and len(word) >= STEM and word[:STEM] in stems)
        for word in words
    )


def _id(quotation: Quotation, pages: IndexedPages) -> str:
    passage_id = pages.passages[quotation.passage].passage_id
    return f"{passage_id}#{quotation.first}-{quotation.last}"


def _parts(id_: str) -> tuple[str, int, int]:
    passage_id, _, places = id_.rpartition("#")
    first, _, last = places.partition("-")
    return passage_id, int(first), int(last)
