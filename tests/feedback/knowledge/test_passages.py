"""Passages in the store: what is said, what is no longer said, and the model's vectors."""

import pytest

from feedback.db.tables.pages import Page, Source
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.passages import Passages
from tests.factories import NOW, days, hours

RETURNS = [Block("heading", "Returns", 2), Block("text", "Send it back within 14 days.")]
SHIPPING = [Block("heading", "Shipping", 2), Block("text", "We ship on weekdays.")]


def page(page_id: str = "help", **changed) -> Page:
    given = {"source_id": "site", "url": f"https://shop.example/{page_id}", "title": "Help",
             "language": "en", "state": "read", "version": 1, **changed}  # fmt: skip
    return Page(page_id=page_id, **given)


@pytest.fixture
def passages(database):
    with database.transaction() as session:
        session.add(Source(source_id="site", kind="site", address="https://shop.example",
                           added_at=NOW))  # fmt: skip
    return Passages(database)


def said(passages, after=None):
    return [(one.text, one.active) for one in passages.changed_since(after)]


class TestPassages:
    def test_are_read_with_their_page(self, passages):
        """Title, address, headings and sentences travel with each."""
        passages.put(page(dated_at=NOW), cut([*RETURNS]), NOW)

        (one,) = passages.changed_since(None)
        assert ("Help", "https://shop.example/help", ["Returns"]) == (
            one.title, one.link, one.headings,
        )  # fmt: skip
        assert (["Send it back within 14 days."], [""], "en", NOW, True) == (
            one.sentences, one.leads, one.language, one.dated_at, one.active,
        )  # fmt: skip

    def test_a_sentence_that_left_its_page_is_no_longer_said(self, passages):
        """A reader that asks for what changed is told so; the rest keeps its id."""
        passages.put(page(), cut([*RETURNS, *SHIPPING]), NOW)
        before = {one.text: one.passage_id for one in passages.changed_since(None)}

        counted = passages.put(page(version=2), cut([*SHIPPING]), NOW + hours(1))

        assert (0, 1, 1) == counted
        assert [("Send it back within 14 days.", False), ("We ship on weekdays.", True)] == sorted(
            said(passages, NOW)
        )
        (left,) = passages.changed_since(None)
        assert before["We ship on weekdays."] == left.passage_id

    def test_a_page_taken_away_is_silent_at_once(self, passages, database):
        """And says all of it again when it comes back, with the vectors it had."""
        passages.put(page(), cut([*RETURNS]), NOW)
        (one,) = passages.changed_since(None)
        passages.put_vectors({one.passage_id: b"\x00\x3c"}, 3, NOW)

        for is_there in (False, True):
            with database.transaction() as session:
                session.get(Page, "help").active = is_there
            passages.settle(NOW + hours(1))
            assert [is_there] == [active for _, active in said(passages, NOW)]

        (back,) = passages.changed_since(None)
        assert (b"\x00\x3c", 3) == (back.vector, back.vector_version)

    def test_the_same_words_on_two_pages_are_said_once(self, passages, database):
        """By the page with the shorter address; by the other one when that is gone."""
        for name in ("help", "help-again"):
            passages.put(page(name), cut([*RETURNS]), NOW)
        folded = passages.settle(NOW)
        assert (1, ["help"]) == (folded, [one.page_id for one in passages.changed_since(None)])

        with database.transaction() as session:
            session.get(Page, "help").active = False
        passages.settle(NOW)

        assert ["help-again"] == [one.page_id for one in passages.changed_since(None)]

    def test_lack_a_vector_of_another_version(self, passages):
        """Until the model that answers has made theirs; the stamp tells each change."""
        passages.put(page(), cut([*RETURNS, *SHIPPING]), NOW)
        stamps = {passages.stamp()}
        lacking = passages.without_vector(1, limit=10)
        passages.put_vectors({one.passage_id: b"1" for one in lacking}, 1, NOW)
        stamps.add(passages.stamp())

        assert (2, 0, 1) == (
            len(lacking),
            len(passages.without_vector(1, limit=10)),
            len(passages.without_vector(2, limit=1)),
        )
        assert 2 == len(stamps)

    def test_a_later_write_is_never_older(self, passages):
        """Though the clock went back: who reads what changed since misses nothing."""
        passages.put(page(), cut([*RETURNS]), NOW)
        seen = passages.changed_since(None)[-1].updated_at

        passages.put(page(version=2), cut([*SHIPPING]), NOW - days(1))

        assert 2 == len(passages.changed_since(seen))
