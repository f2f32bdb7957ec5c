"""A knowledge source beside the reply book: a help page of two sentences."""

from typing import Final

from bot.knowledge.source import Composed, KnowledgeQuery
from bot.messages import Citation
from serving.ranker import Candidate, Ranking

URL: Final = "/pages/gift-cards"
SENTENCES: Final = ("Gift cards are valid for three years.", "They cannot be paid out.")


class HelpPage:
    """One page: sure of the sentence that shares a word with the question."""

    name = "pages"

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """The sentences, the one that shares more words first; nothing in the holdout."""
        asked = _words(query.texts[0])
        shared = [len(asked & _words(text)) for text in SENTENCES]
        if query.label is None or not any(shared):
            return Ranking((), 0.0, "model")
        best = sorted(range(len(SENTENCES)), key=lambda number: -shared[number])
        found = [Candidate(f"gift-cards#{n}", float(shared[n]), self.name) for n in best]
        return Ranking(tuple(found), 0.5 if "maybe" in query.texts[0] else 0.9, "model")

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed | None:
        """The sentence, word for word."""
        text = SENTENCES[int(id_.rpartition("#")[2])]
        return Composed(text, citations=(Citation(self.name, id_, "Gift cards", URL, text),))

    def title(self, id_: str, locale: str) -> str:
        """The page and the sentence's place."""
        return f"Gift cards, {id_.rpartition('#')[2]}"


def _words(text: str) -> set[str]:
    return {word for word in text.lower().rstrip(".").split() if len(word) > 4}
