"""A page of a shop that compares the chat with none: what a visitor of either arm sees."""

from collections.abc import Iterator
from typing import Any

import pytest

from feedback.db.database import Database
from feedback.db.tables.people import Exposure
from feedback.dialogues.visits import VISITORS, Visits
from tests.browser.conftest import NewPage
from tests.browser.shop import OpenShop, opened
from tests.browser.test_embedding import CHECKOUT, shown
from tests.browser.test_journey import open_chat

pytestmark = pytest.mark.slow

ASKED = "**/api/chat/visit?*"


class Deal:
    """Deals every visitor this arm."""

    arm = "none"

    def __call__(self, shopper_id: str) -> str:
        return self.arm


@pytest.fixture(scope="module")
def deal() -> Deal:
    return Deal()


@pytest.fixture(scope="module")
def open_shop(tmp_path_factory: pytest.TempPathFactory, deal: Deal) -> Iterator[OpenShop]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('shop') / 'shopclerk.db'}")
    database.migrate()
    with opened(database, visits=Visits(database, deal, b"key")) as shop:
        yield shop
    database.close()


def visit_of(shop: OpenShop, page: Any) -> Exposure | None:
    name = page.evaluate("JSON.parse(localStorage.getItem('shopclerk_visitor')).id")
    visitor = Visits(shop.shop.store.db, Deal(), b"key").id_of(name)
    with shop.shop.store.db.reading() as session:
        return session.get(Exposure, (VISITORS, visitor))


class TestNoClerk:
    def test_shows_no_chat_and_leads_from_the_order_to_the_visit(
        self, new_page: NewPage, open_shop: OpenShop, deal: Deal
    ) -> None:
        """One question a browser and day; no cookie; a hand is told once."""
        deal.arm = "none"
        page = new_page()
        with page.expect_response(ASKED):
            shown(page, "/pay", CHECKOUT)
        page.wait_for_function("localStorage.getItem('shopclerk_shopper')")

        assert page.evaluate("document.querySelector('shopclerk-chat').shadowRoot === null")
        assert page.evaluate("document.querySelector('shopclerk-chat').hidden")
        assert [] == page.context.cookies()
        token = page.evaluate("document.forms[0].elements[0].value")
        visit = visit_of(open_shop, page)
        assert visit is not None
        assert ("none", False) == (visit.arm, visit.engaged)
        assert visit.shopper_id == open_shop.shop.tokens.read_shopper(token)

        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.mouse.move(100, 100)
        again = visit_of(open_shop, page)
        assert again is not None
        assert again.engaged

    def test_a_button_of_the_pages_own_opens_it_all_the_same(
        self, new_page: NewPage, deal: Deal
    ) -> None:
        """Nothing that a shop built itself is broken."""
        deal.arm = "none"
        page = new_page()
        with page.expect_response(ASKED):
            shown(page, "/pay", CHECKOUT)
        page.evaluate("document.querySelector('shopclerk-chat').open()")

        page.get_by_role("textbox").wait_for()

    def test_the_other_arm_is_shown_it_and_counts_once(
        self, new_page: NewPage, open_shop: OpenShop, deal: Deal
    ) -> None:
        """The shopper of the chat is the visitor of the page."""
        deal.arm = "clerk"
        page = new_page()
        page.goto("/")
        with page.expect_response("**/api/chat/sessions") as begun:
            open_chat(page)

        visit = visit_of(open_shop, page)
        assert visit is not None
        with open_shop.shop.store.db.reading() as session:
            linked = session.get(Exposure, (VISITORS, begun.value.json()["shopper_id"]))
        assert linked is not None
        assert ("clerk", visit.shopper_id) == (linked.arm, linked.person_id)
