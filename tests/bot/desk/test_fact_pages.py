"""The desk's page of facts: what fills the slots of replies."""

from collections.abc import Iterator
from typing import Any

import pytest

from feedback.knowledge.importers.records import ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop


@pytest.fixture
def shop(one_database: Any) -> Shop:
    """A shop where one may log in often."""
    return open_shop(one_database, logins_per_minute=100, address_per_minute=500)


@pytest.fixture
def desk(shop: Shop) -> Iterator[Visitor]:
    """Mei, logged in."""
    with shop.visitor() as web:
        log_in(web)
        yield web


class TestFacts:
    def test_each_stands_with_the_replies_that_say_it(self, shop: Shop, desk: Visitor) -> None:
        """Those that lack a value come first, with a word."""
        line = ReplyLine("repairs", "A repair takes {policy.repair_days} days.")
        ReplyBook(shop.store.db).put_replies([line], shop.clock())
        page = desk.get("/desk/facts").text

        assert 'href="/desk/replies#return_policy"' in page
        assert page.index('id="repair_days"') < page.index('id="return_days"')
        assert "no value" in page

    def test_changed_it_is_said_at_once(self, shop: Shop, desk: Visitor) -> None:
        """In one language, the other keeps its own."""
        form = {"name": "return_days", "value": "60", "locale": "en", "csrf": csrf(desk)}
        answer = desk.post("/desk/facts", data=form)
        book = ReplyBook(shop.store.db)

        assert 303 == answer.status_code
        assert "60" == book.facts("en")["return_days"]
        assert "60" != book.facts("zh").get("return_days")

    @pytest.mark.parametrize(("name", "locale"), [("Return days", ""), ("return_days", "xx")])
    def test_what_cannot_be_is_refused_with_the_remedy(
        self, desk: Visitor, name: str, locale: str
    ) -> None:
        """The field is named, so that the page says it there."""
        form = {"name": name, "value": "60", "locale": locale, "csrf": csrf(desk)}
        answer = desk.post("/desk/facts", data=form, headers={"Accept": "application/json"})

        assert 422 == answer.status_code
        assert answer.json()["detail"].startswith(("name is", "locale is"))
