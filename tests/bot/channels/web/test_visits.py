"""The visit of a page: is the chat shown, where the shop compares it with none."""

from typing import Any

import pytest

from bot.http.assets import widget
from feedback.dialogues.visits import VISITORS, Visits
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop

NAME = "0123456789abcdef0123"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36"}


@pytest.fixture(params=["none"])
def compared(request: Any, sqlite_database) -> Shop:
    """A shop that shows this visitor no chat."""
    visits = Visits(sqlite_database, lambda _: request.param, b"key")
    return open_shop(sqlite_database, visits=visits, public_url="https://clerk.shop.example")


def ask(shop: Shop, **asked: Any) -> Any:
    return shop.visitor().get("/api/chat/visit", params={"id": NAME, **asked}, headers=BROWSER)


def arms(shop: Shop) -> list[tuple[str, bool | None]]:
    from sqlmodel import select

    from feedback.db.tables.people import Exposure

    with shop.store.db.reading() as session:
        found = session.exec(select(Exposure).where(Exposure.experiment == VISITORS))
        return [(each.arm, each.engaged) for each in found]


class TestNoClerk:
    def test_is_told_once_a_day_and_counted_once(self, compared: Shop) -> None:
        """The browser keeps the answer; the order finds the visitor by the token in it."""
        first, again = ask(compared, page="https://shop.example/"), ask(compared)

        assert (False, "private, max-age=86400", None) == (
            first.json()["shown"], first.headers["cache-control"], first.headers.get("set-cookie"),
        )  # fmt: skip
        visitor = compared.tokens.read_shopper(first.json()["shopper_token"])
        assert visitor == compared.tokens.read_shopper(again.json()["shopper_token"])
        assert [("none", False)] == arms(compared)

    def test_a_hand_is_told(self, compared: Shop) -> None:
        """By a beacon without a body."""
        ask(compared)
        told = compared.visitor().post("/api/chat/visit", params={"id": NAME}, headers=BROWSER)

        assert 204 == told.status_code
        assert [("none", True)] == arms(compared)

    @pytest.mark.parametrize("browser", ["Googlebot/2.1", "Mozilla/5.0 HeadlessChrome/126.0"])
    def test_robots_are_shown_the_chat_and_not_counted(self, compared: Shop, browser: str) -> None:
        """By the rules of the chat, in either arm alike."""
        answer = compared.visitor().get(
            "/api/chat/visit", params={"id": NAME}, headers={"User-Agent": browser}
        )

        assert (True, "no-store") == (answer.json()["shown"], answer.headers["cache-control"])
        assert [] == arms(compared)

    def test_what_is_no_name_is_refused(self, compared: Shop) -> None:
        """A name is 16 letters and digits at least."""
        assert 422 == ask(compared, id="short").status_code


class TestTheChat:
    @pytest.mark.parametrize("compared", ["clerk"], indirect=True)
    def test_joins_the_visit(self, compared: Shop) -> None:
        """The shopper of the chat counts as the visitor; the visit opens no chat."""
        ask(compared)
        begun = (
            compared.visitor()
            .post("/api/chat/sessions", json={"visitor": NAME}, headers=BROWSER)
            .json()
        )

        assert [("clerk", False), ("clerk", None)] == sorted(arms(compared), key=str)
        assert begun["shopper_id"] != compared.tokens.read_shopper(
            ask(compared).json()["shopper_token"]
        )

    def test_is_shown_to_everybody_where_nothing_is_compared(self, web: Visitor) -> None:
        """The launcher then asks nothing; a page that has an old one is answered all the same."""
        assert "/api/chat/visit" not in web.get("/widget.js").text
        assert {"shown": True, "shopper_token": None} == web.get(
            "/api/chat/visit", params={"id": NAME}, headers=BROWSER
        ).json()

    def test_asks_where_it_is(self, compared: Shop) -> None:
        """Its script is another one, a little larger."""
        assert widget(visits=True).content == compared.visitor().get("/widget.js").content
