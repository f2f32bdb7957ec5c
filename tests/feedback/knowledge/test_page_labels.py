"""Page labels: the staff's word on which passage should have answered."""

import pytest

from feedback.db.tables.pages import Source
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.page_labels import PageLabels, UnknownPassage
from feedback.knowledge.passages import Passages
from feedback.privacy.erasure import Erasure
from tests.factories import NOW, answer, hours, make_store, open_dialogue
from tests.feedback.knowledge.test_passages import page

GIFTS = [Block("heading", "Gifts", 2), Block("text", "Ribbons cost 2 EUR.")]


@pytest.fixture
def passages(database):
    with database.transaction() as session:
        session.add(Source(source_id="site", kind="site", address="https://shop.example",
                           added_at=NOW))  # fmt: skip
    passages = Passages(database)
    passages.put(page(), cut(GIFTS), NOW)
    (one,) = passages.changed_since(None)
    passages.put_vectors({one.passage_id: b"\x00\x3c"}, 1, NOW)
    return passages


@pytest.fixture
def labelled(database, passages):
    """Anna asked for wrapping in vain; Mei knows where it stands."""
    store = make_store(database)
    shown = answer(store, open_dialogue(store, shopper_id="anna"), kind="handover").impression
    (one,) = passages.changed_since(None)
    PageLabels(database).put(
        one.passage_id, {shown.impression_id: "do you wrap gifts"}, staff="mei", now=NOW + hours(1)
    )
    return one.passage_id


def above(passages):
    return [one.above for one in passages.changed_since(None)]


class TestPageLabel:
    def test_stands_above_its_passage(self, passages, labelled):
        """What is searched and read holds it; the vector waits to be made anew."""
        assert [["Help", "Gifts", "do you wrap gifts"]] == above(passages)
        assert [labelled] == [one.passage_id for one in passages.without_vector(1, 10)]

    def test_goes_along_when_the_passage_is_reworded(self, passages, labelled):
        """It stands above what is under the same headings now."""
        reworded = cut([GIFTS[0], Block("text", "Ribbons cost 3 EUR.")])
        passages.put(page(version=2), reworded, NOW + hours(2))

        (now,) = passages.changed_since(None)
        assert ("Ribbons cost 3 EUR.", ("do you wrap gifts",)) == (now.text, now.asked)

    def test_is_taken_back(self, database, passages, labelled):
        """By the staff, at once."""
        stamp = passages.stamp()
        PageLabels(database).take_back(labelled, NOW + hours(2))

        assert [["Help", "Gifts"]] == above(passages)
        assert stamp != passages.stamp()

    def test_is_exported_and_erased_with_who_asked(self, database, passages, labelled):
        """It is a signal: what Anna asked is hers."""
        stamp = passages.stamp()
        exported = Erasure(database).export("anna")
        assert exported is not None
        assert ["do you wrap gifts"] == [one["question"] for one in exported["page_labels"]]

        Erasure(database).erase_shopper("anna", NOW + hours(2))

        assert [["Help", "Gifts"]] == above(passages)
        assert stamp != passages.stamp()

    def test_needs_a_passage_that_is_there(self, database, passages):
        """Its page has changed meanwhile: the staff are told so."""
        with pytest.raises(UnknownPassage, match="its page has changed"):
            PageLabels(database).put("gone", {}, staff="mei", now=NOW)
