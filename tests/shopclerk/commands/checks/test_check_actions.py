"""What `shopclerk check` says of order actions: who carries them out, whose facts rule them."""

import pytest

from bot.actions.signed_back_office import SignedBackOffice
from feedback.knowledge.importers.records import FactLine
from feedback.knowledge.reply_book import ReplyBook
from shopclerk.commands.checks.check_actions import look_at_actions
from shopclerk.demo_shop import put_demo_shop
from tests.bot.actions.back_office import SmallBackOffice
from tests.factories import NOW


@pytest.fixture
def look(one_database):
    def looked(office):
        return {each.subject: each for each in look_at_actions(office, one_database)}

    return looked


class TestBackOffice:
    def test_nothing_is_said_where_none_is_connected(self, look):
        """Then nothing is done to orders."""
        assert {} == look(None)

    def test_one_that_answers_is_well_and_one_of_another_secret_is_not(self, look):
        """The remedy is a page."""
        office = SmallBackOffice(lambda: NOW)
        other = SignedBackOffice("http://127.0.0.1:9", "another", clock=lambda: NOW)

        assert look(office.client())["back office"].well
        assert "cancel_order" in look(office.client())["back office"].text
        assert not look(other)["back office"].well
        assert "docs/actions.md" in look(other)["back office"].text


class TestRules:
    def test_the_demo_shops_facts_are_named_as_ruling_nothing(self, one_database, look):
        """Until the owner tells their own, of which each counts at once."""
        office = SmallBackOffice(lambda: NOW).client()
        empty = look(office)["order actions"].text
        put_demo_shop(one_database, now=NOW, currency="USD")
        demos = look(office)["order actions"].text
        ReplyBook(one_database).put_facts([FactLine("cancel_minutes", "90")], NOW)
        own = look(office)["order actions"].text

        assert "The demo shop's" not in empty
        assert "no fact of yours rules them" in demos
        assert "The demo shop's return_days, cancel_minutes, return_fee rule nothing" in demos
        assert "your facts rule them: cancel_minutes 90" in own
        assert "The demo shop's return_days, return_fee rule nothing" in own
