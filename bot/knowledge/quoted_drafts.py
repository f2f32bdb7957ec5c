"""Drafts from help pages for the staff: what the clerk was not sure enough to say, and where."""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bot.knowledge.help_pages import quotation_of, title_of
from feedback.db import Impression
from feedback.knowledge import KnownPassage
from serving.ranker import Candidate

BEST: Final = 2
LEAST: Final = 0.05  # less is a guess, and costs the staff the reading


class PageDraft(NamedTuple):
    """A page's own sentences, and what they are sent as."""

    text: str  # the sentences, then the title and the address
    title: str
    sure: float
    id: str = ""  # the quotation's, as the candidate is called

    @property
    def sure_words(self) -> str:
        """How sure the clerk is, in words.

        >>> PageDraft("Within 14 days.", "Returns", 0.412).sure_words
        '41 % sure'
        """
        return f"{self.sure:.0%} sure".replace("%", " %")


def page_drafts(
    shown: Impression | None, known: Callable[[Sequence[str]], Sequence[KnownPassage]]
) -> list[PageDraft]:
    """The likeliest quotations among what the clerk chose from, as the pages say them now.

    Args:
        shown: what was shown to the shopper, with its candidates.
        known: gives passages by their ids.
    """
    if shown is None or not shown.candidates:
        return []
    best = float(shown.candidates[0].get("score") or 0.0)
    drafts = []
    for each in shown.candidates:
        candidate = Candidate(
            each.get("id", ""), float(each.get("score") or 0.0), each.get("source", "")
        )
        quotation = quotation_of(candidate)
        sure = shown.confidence * math.exp(min(0.0, candidate.score - best))
        if quotation is None or sure < LEAST:
            continue
        passage_id, quoted = quotation
        passage = next((one for one in known([passage_id]) if one.active), None)
        if passage is not None and quoted.last < len(passage.sentences):
            title = title_of(passage)
            source = f"{title}: {passage.link}" if passage.link else title
            text = quoted.text(passage.sentences, passage.leads)
            drafts.append(PageDraft(f"{text}\n{source}", title, sure, candidate.id))
    return drafts[:BEST]
