"""What came of the pages that were quoted."""

import pytest

from feedback.db.period import Period
from feedback.db.tables.signals import Click, Rating
from feedback.report.parts import PageRow
from feedback.report.quoted_pages import page_rows, passage_rows
from feedback.sales.attribution import Conversion
from tests.factories import NOW, hours, make_impression, make_store, open_dialogue

RETURNS = {"source": "pages", "id": "a", "title": "Returns", "url": "/returns", "text": "Send it."}
WEEK = Period(NOW - hours(168), NOW + hours(24))


@pytest.fixture
def quoted(one_database):
    """Two answers from one page: one liked, opened and paid for, one given to a person after."""
    store = make_store(one_database)
    first, second = open_dialogue(store), open_dialogue(store)
    with one_database.transaction() as session:
        for dialogue, name in ((first, "liked"), (second, "lost")):
            about = {"dialogue_id": dialogue.dialogue_id, "shopper_id": dialogue.shopper_id}
            session.add(
                make_impression(
                    **about, impression_id=name, citations=[RETURNS, RETURNS], shown_at=NOW
                )
            )
        about = {"dialogue_id": second.dialogue_id, "shopper_id": second.shopper_id}
        session.add(
            make_impression(**about, impression_id="h", kind="handover", shown_at=NOW + hours(1))
        )
        session.flush()
        session.add(Rating(impression_id="liked", voter="v", value="up", rated_at=NOW))
        session.add(
            Click(
                click_id="c",
                impression_id="liked",
                shopper_id=first.shopper_id,
                kind="link",
                target="pages:a",
                clicked_at=NOW,
            )
        )
    return one_database


class TestPageRows:
    def test_count_what_came_of_an_answer(self, quoted):
        """A page quoted twice in one answer was quoted once."""
        bought = [Conversion("o1", "liked", "assisted", 1, "USD")]  # type: ignore[arg-type]
        with quoted.reading() as session:
            rows = page_rows(session, WEEK, bought)

        assert (PageRow("Returns", "/returns", 2, 1, 1, 0, handed_over=1, orders=1),) == rows

    def test_count_by_passage_too(self, quoted):
        """Whichever of its sentences were said; with the chance that they were chosen with."""
        with quoted.reading() as session:
            rows = passage_rows(session, WEEK)

        assert 2 == sum(row.shown for row in rows)
        assert {1.0} == {row.propensity for row in rows}

    def test_are_of_their_time(self, quoted):
        """The week before knew nothing of it."""
        with quoted.reading() as session:
            rows = page_rows(session, Period(NOW - hours(300), NOW - hours(168)))

        assert () == rows
