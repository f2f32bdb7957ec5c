"""Drafts for the staff from help pages: the page's words, and where they stand."""

import pytest

from bot.knowledge import page_drafts
from feedback.knowledge import KnownPassage
from tests.factories import NOW, make_impression


def passage(**changed):
    return KnownPassage(
        **{
            "passage_id": "p1", "page_id": "help", "source_id": "site", "title": "Returns",
            "url": "https://shop.example/returns", "headings": ["Returns"], "question": "",
            "text": "", "sentences": ["Within 14 days.", "You pay the postage."], "leads": [],
            "language": "en", "dated_at": None, "version": 1, "active": True, "vector": None,
            "vector_version": None, "updated_at": NOW, **changed,
        }
    )  # fmt: skip


def shown(*candidates, confidence=0.5):
    return make_impression(candidates=list(candidates), confidence=confidence, kind="handover")


def quoting(place="p1#0-1", score=-1.0):
    return {"id": place, "score": score, "source": "pages"}


@pytest.fixture
def known():
    held = {"p1": passage(), "gone": passage(passage_id="gone", active=False)}
    return lambda ids: [held[each] for each in ids if each in held]


class TestPageDrafts:
    def test_are_the_page_s_words_with_their_source(self, known):
        """What the clerk was not sure enough to say; replies of the book are another list."""
        (draft,) = page_drafts(shown({"reply_id": "hours", "score": -0.9}, quoting()), known)

        assert (
            "Within 14 days. You pay the postage.\nReturns: https://shop.example/returns"
            == draft.text
        )
        assert "45 % sure" == draft.sure_words

    def test_are_none_of_what_a_page_says_no_more(self, known):
        """Taken away, reworded, or no page's at all; nor what is a guess."""
        gone = [quoting("gone#0-0"), quoting("p1#0-7"), quoting("lost#0-0"), quoting(score=-9.0)]

        assert [] == page_drafts(shown({"reply_id": "hours", "score": -0.5}, *gone), known)
        assert [] == page_drafts(None, known)
