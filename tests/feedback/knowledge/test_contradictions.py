"""Contradictions between pages: found, ended when the pages agree, or let stand by the staff."""

import numpy as np
import pytest

from feedback.db.tables.pages import Source
from feedback.knowledge.conflicting_rules import prevailing, stating
from feedback.knowledge.contradictions import Contradictions, UnknownContradiction
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.passages import Passages
from tests.factories import NOW, days, hours
from tests.feedback.knowledge.test_passages import page

FAQ = "Send unworn items back within 14 days and we refund you."
POLICY = "You may send back unworn items within 30 days for a full refund."


class Shop:
    """Pages in a store, each of one sentence; all sentences have the same vector."""

    def __init__(self, database) -> None:
        with database.transaction() as session:
            session.add(Source(source_id="site", kind="site", address="https://shop.example",
                               added_at=NOW))  # fmt: skip
        self.passages = Passages(database)
        self.contradictions = Contradictions(database)

    def say(self, name, text, *, title="Help", version=1, **more):
        written = page(name, title=title, version=version, **more)
        self.passages.put(written, cut([Block("text", text)]), NOW + hours(version))
        alike = np.array([1, 0], np.float16).tobytes()
        missing = self.passages.without_vector(1, 100)
        self.passages.put_vectors({one.passage_id: alike for one in missing}, 1, NOW)

    def look(self):
        """What is open, each side's words."""
        self.contradictions.look(NOW)
        return [{one.said, one.said_by_other} for one in self.contradictions.open()]


@pytest.fixture
def shop(database):
    return Shop(database)


class TestContradiction:
    @pytest.mark.parametrize(("one", "other"), [
        (FAQ, POLICY),
        (FAQ, "Unworn items may be sent back within thirty days."),
        ("Orders over $50 ship free of charge.", "Free of charge: orders over $75 ship so."),
        ("Gift cards last 12 months.", "Our gift cards last 3 years."),
        ("七天内可以无理由退货。", "收到商品后十五天内可以无理由退货。"),
    ])  # fmt: skip
    def test_states_another_value_for_the_same(self, shop, one, other):
        """In days or money, digits or words, English or Chinese."""
        shop.say("a", one)
        shop.say("b", other)

        assert [{one, other}] == shop.look()

    @pytest.mark.parametrize(("one", "other"), [
        (FAQ, FAQ),
        (FAQ, "Send unworn items back within two weeks and we refund you."),
        ("Express shipping takes 2 days.", "Standard shipping takes 5 days."),
        ("We ship to Norway within 9 days.", "We ship to Spain within 4 days."),
        (FAQ, "Money reaches your card 5 days later."),
        (FAQ, "Send unworn items back for a fee of $5 and we refund you."),
        ("国内订单三天内发货送达。", "国际订单九天内发货送达。"),
    ])  # fmt: skip
    def test_is_none_for_the_same_value_or_another_case(self, shop, one, other):
        """Two weeks are 14 days; another country, way of shipping or kind of value is no rival."""
        shop.say("a", one)
        shop.say("b", other)

        assert [] == shop.look()

    def test_ends_when_the_pages_agree(self, shop):
        """Or when one of them is taken away."""
        shop.say("a", FAQ)
        shop.say("b", POLICY)
        assert 1 == len(shop.look())

        shop.say("a", POLICY, version=2)

        assert [] == shop.contradictions.open()
        assert [] == shop.look()

    def test_is_let_stand_by_the_staff(self, shop):
        """And is not shown again, as long as both say so."""
        shop.say("a", FAQ)
        shop.say("b", POLICY)
        shop.look()
        (found,) = shop.contradictions.open()
        stamp = shop.passages.stamp()

        shop.contradictions.dismiss(found.contradiction_id, staff="mei", now=NOW + hours(1))

        assert [] == shop.look()
        assert stamp != shop.passages.stamp()
        with pytest.raises(UnknownContradiction, match="see the list"):
            shop.contradictions.dismiss("none", staff="mei", now=NOW)

    def test_is_found_under_a_title_of_more_subjects(self, shop):
        """A page of "Returns and exchanges" speaks of returns, too."""
        shop.say("a", FAQ)
        shop.say("b", POLICY, title="Returns and exchanges")

        assert [{FAQ, POLICY}] == shop.look()

    def test_rows_of_a_table_are_no_rivals(self, shop):
        """They state values for cases that stand in their other cells."""
        shop.say("a", "Small parcel | 2 days")

        assert [] == list(stating(shop.passages.changed_since(None)[0]))


class TestPrevailing:
    def test_is_the_policy_page(self, shop):
        """Whatever the dates say."""
        shop.say("a", FAQ, dated_at=NOW)
        shop.say("b", POLICY, title="Returns policy", dated_at=NOW - days(500))
        shop.look()

        (found,) = shop.contradictions.open()
        assert found.holds is not None
        assert POLICY == found.holds.text
        assert 1 == len(shop.contradictions.overruled())

    def test_is_the_newer_page_of_two(self, shop):
        """By the dates that they say of themselves; without these neither holds."""
        shop.say("a", FAQ, dated_at=NOW)
        shop.say("b", POLICY, dated_at=NOW - days(500))
        shop.say("c", POLICY, dated_at=None)
        by_page = {one.page_id: one for one in shop.passages.changed_since(None)}

        assert by_page["a"] == prevailing(by_page["b"], by_page["a"])
        assert prevailing(by_page["a"], by_page["c"]) is None
