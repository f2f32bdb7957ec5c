"""The desk's accounts and audit log, through its pages."""

import re
from typing import Any

import pytest

from tests.bot.desk.test_pages import csrf, handed_over, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import PASSWORD, Shop, open_shop

GOOD = "correct horse battery"


def put(web: Visitor, name: str, role: str, password: str = GOOD) -> Any:
    form = {"name": name, "password": password, "role": role, "csrf": csrf(web)}
    return web.post("/desk/staff", data=form)


def enter(web: Visitor, name: str, password: str = GOOD) -> Any:
    web.cookies.clear()
    return web.post("/desk/login", data={"name": name, "password": password})


@pytest.fixture
def owner(one_database: Any) -> Any:
    """Ana, an owner with an account, logged in; Ben is staff."""
    shop = open_shop(one_database, logins_per_minute=100, address_per_minute=500)
    with shop.visitor() as web:
        log_in(web)
        put(web, "Ana", "owner")
        enter(web, "Ana")
        put(web, "Ben", "staff")
        web.shop = shop  # type: ignore[attr-defined]
        yield web


class TestAccounts:
    def test_the_first_owner_ends_the_shops_password(self, owner: Visitor) -> None:
        """From then on everybody comes as themselves."""
        page = owner.get("/desk/staff").text

        assert all(name in page for name in ("Ana", "Ben"))
        assert 401 == log_in(owner, PASSWORD).status_code

    def test_owners_pages_are_for_owners(self, owner: Visitor) -> None:
        """Staff see neither the pages nor the way there, and their forms are refused."""
        assert 303 == enter(owner, "ben").status_code

        pages = [owner.get(path).status_code for path in ("/desk/staff", "/desk/audit")]
        form = {"name": "Cy", "password": GOOD, "role": "owner", "csrf": csrf_of_staff(owner)}

        assert [403, 403] == pages
        assert 403 == owner.post("/desk/staff", data=form).status_code
        assert "/desk/audit" not in owner.get("/desk/replies").text

    def test_a_closed_account_is_out_at_once(self, owner: Visitor) -> None:
        """Though its cookie is good for hours."""
        enter(owner, "Ben")
        bens = dict(owner.cookies)
        enter(owner, "Ana")
        owner.post("/desk/staff/close", data={"login": "ben", "csrf": csrf(owner)})
        owner.cookies.clear()
        owner.cookies.update(bens)

        assert 303 == owner.get("/desk").status_code

    def test_a_copied_cookie_is_worth_nothing_after_logging_out(self, owner: Visitor) -> None:
        """The login ends in the store, not only in the browser."""
        kept = dict(owner.cookies)
        owner.post("/desk/logout", data={"csrf": csrf(owner)})
        owner.cookies.update(kept)

        assert 303 == owner.get("/desk").status_code

    def test_the_last_owner_can_not_be_closed(self, owner: Visitor) -> None:
        """Nor can a short password be taken."""
        form = {"login": "ana", "csrf": csrf(owner)}

        assert 422 == owner.post("/desk/staff/close", data=form).status_code
        assert 422 == put(owner, "Cy", "staff", "short").status_code

    def test_guessing_at_one_name_is_limited_from_everywhere(self, one_database: Any) -> None:
        """Twenty a minute, though each address may try five."""
        shop = open_shop(one_database, logins_per_minute=5)
        limits = shop.app.state.parts.limits
        with shop.visitor() as web:
            for number in range(20):
                limits.check("login name", "ana")
                assert number < 20
            answer = web.post("/desk/login", data={"name": "ANA", "password": "guess"})

        assert 429 == answer.status_code


class TestAudit:
    def test_notes_who_did_what_to_which_dialogue(self, owner: Visitor) -> None:
        """Refused attempts and failed logins, too; never what was written."""
        dialogue_id = handed_over(owner)
        token = csrf(owner)
        owner.post(
            f"/desk/dialogues/{dialogue_id}/send", data={"text": "we open at nine", "csrf": token}
        )
        owner.post("/desk/dialogues/none/state", data={"state": "done", "csrf": token})
        enter(owner, "Ben", "guess")
        enter(owner, "Ana")

        shop: Shop = owner.shop  # type: ignore[attr-defined]
        lines = shop.app.state.parts.audit.newest()
        told = [(line.actor, line.action, line.outcome) for line in lines]
        assert ("desk:ana", "desk.send", "done") in told
        assert ("desk:ana", "desk.change_state", "refused") in told
        assert ("desk:unknown", "desk.log_in", "refused") in told
        assert ("desk:Mei", "desk.put_account", "done") in told
        assert dialogue_id in {line.subject for line in lines}
        page = owner.get("/desk/audit").text
        assert "desk.send" in page
        assert "we open at nine" not in str(lines) + page


def csrf_of_staff(web: Visitor) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', web.get("/desk/replies").text)
    assert found
    return found[1]
