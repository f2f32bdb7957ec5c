"""What people said of quotations, for the reader to learn."""

import pytest

from feedback.db.tables.pages import Page, Source
from feedback.db.tables.signals import PageLabel, Review
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.passages import Passages
from feedback.signals.page_lessons import (
    MOST_OF_SHOPPERS,
    OPENED,
    PER_SHOPPER,
    SAID_BY_STAFF,
    THUMB,
    read_page_lessons,
)
from tests.factories import NOW, answer, make_store, open_dialogue, signals_of


class Shop:
    """A store with a page of two sentences, and answers that quote its first."""

    def __init__(self, database):
        self.database = database
        self.store = make_store(database)
        with database.transaction() as session:
            session.add(
                Source(source_id="site", kind="site", address="https://a.shop", added_at=NOW)
            )
        page = Page(
            page_id="gifts", source_id="site", url="https://a.shop/gifts", title="Gifts",
            language="en", state="read", version=1,
        )  # fmt: skip
        said = [Block("heading", "Wrapping", 2), Block("text", "We wrap it. It costs 2 euros.")]
        Passages(database).put(page, cut(said), NOW)
        (self.passage,) = Passages(database).changed_since(None)

    def quoted(self, question, dialogue=None, times=1):
        """The impression of an answer that quotes the page."""
        id_ = f"{self.passage.passage_id}#0-0"
        citation = {
            "source": "pages",
            "id": id_,
            "title": "Gifts",
            "url": "",
            "text": "We wrap it.",
        }
        shown = answer(
            self.store,
            dialogue or open_dialogue(self.store),
            question=question,
            citations=[citation] * times,
        )
        return shown.impression

    def thumb(self, shown, value):
        signals_of(self.store).rate(
            impression_id=shown.impression_id, voter=shown.shopper_id, value=value, now=NOW
        )

    def say(self, row):
        with self.database.transaction() as session:
            session.add(row)

    def review(self, shown, verdict):
        self.say(
            Review(review_id=f"r{shown.impression_id}", impression_id=shown.impression_id,
                   staff="ann", verdict=verdict, reviewed_at=NOW)
        )  # fmt: skip

    def lessons(self):
        return read_page_lessons(self.database).lessons


@pytest.fixture
def shop(one_database):
    return Shop(one_database)


class TestPageLessons:
    def test_of_a_store_where_nobody_judged_are_none(self, shop):
        """Then no passage is read either."""
        shop.quoted("do you wrap")

        assert ((), ()) == tuple(map(tuple, read_page_lessons(shop.database)))

    @pytest.mark.parametrize(("value", "right"), [("up", True), ("down", False)])
    def test_are_thumbs_on_the_sentences_that_were_quoted(self, shop, value, right):
        """With whose they are, so that they are erased with them."""
        shown = shop.quoted("do you wrap")
        shop.thumb(shown, value)

        (lesson,) = shop.lessons()
        assert ("do you wrap", shop.passage.passage_id, 0, 0, right, THUMB) == lesson[:6]
        assert shown.shopper_id == lesson.shopper_id

    def test_are_questions_that_a_page_should_have_answered(self, shop):
        """All of the passage, by the staff's word."""
        shown = shop.quoted("make it look nice")
        shop.say(
            PageLabel(impression_id=shown.impression_id, passage_id=shop.passage.passage_id,
                      question="make it look nice", staff="ann", updated_at=NOW)
        )  # fmt: skip

        (lesson,) = shop.lessons()
        assert (0, -1, True, SAID_BY_STAFF) == lesson[2:6]

    def test_follow_the_staff_where_a_shopper_says_otherwise(self, shop):
        """A thumb up on what a colleague corrected teaches nothing."""
        shown = shop.quoted("do you wrap")
        shop.thumb(shown, "up")
        shop.review(shown, "corrected")

        assert [(False, SAID_BY_STAFF)] == [each[4:6] for each in shop.lessons()]

    def test_of_one_shopper_are_few_and_of_all_weigh_little(self, shop):
        """Nobody teaches the reader alone, and thumbs never outweigh the staff's word."""
        dialogue = open_dialogue(shop.store)
        for number in range(PER_SHOPPER + 3):
            shop.thumb(shop.quoted(f"do you wrap {'x' * number}", dialogue), "up")
        for number in range(8):
            shop.thumb(shop.quoted(f"and a ribbon {'y' * number}"), "up")

        found = shop.lessons()
        assert PER_SHOPPER >= sum(each.shopper_id == dialogue.shopper_id for each in found)
        assert pytest.approx(MOST_OF_SHOPPERS) == sum(each.weight for each in found)

    def test_are_sources_that_were_opened(self, shop):
        """Little, since a link is pressed for many reasons."""
        shown = shop.quoted("do you wrap")
        signals_of(shop.store).record_click(
            click_id="c", impression_id=shown.impression_id, kind="link", target="pages:x", now=NOW
        )

        assert [(True, OPENED)] == [each[4:6] for each in shop.lessons()]

    def test_of_answers_in_several_parts_are_none(self, shop):
        """Nobody said which part was meant."""
        shop.thumb(shop.quoted("do you wrap, and what is it", times=2), "down")

        assert not shop.lessons()

    def test_of_a_page_that_is_gone_are_none(self, shop):
        """There is nothing to learn them on."""
        shop.thumb(shop.quoted("do you wrap"), "up")
        page = Page(
            page_id="gifts", source_id="site", url="https://a.shop/gifts", title="Gifts",
            language="en", state="read", version=2,
        )  # fmt: skip
        Passages(shop.database).put(page, cut([Block("text", "Closed.")]), NOW)

        assert not shop.lessons()

    def test_hold_no_personal_data(self, shop):
        """Addresses leave the question."""
        shop.thumb(shop.quoted("do you wrap for ann.lee@mail.example"), "up")

        assert "ann.lee" not in shop.lessons()[0].question
