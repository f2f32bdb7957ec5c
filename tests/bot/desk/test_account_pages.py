"""The desk's accounts and audit log, through its pages."""

import re
from typing import Any

import pytest

from feedback.desk.accounts import Accounts
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

    @pytest.mark.parametrize("easy", ["1234567890", "qwertyuiop", "Password2026", "anaanaana2026"])
    def test_an_easy_password_is_refused(self, owner: Visitor, easy: str) -> None:
        """Ten characters are not enough where they follow from one another."""
        answer = put(owner, "Ana", "owner", easy)

        assert 422 == answer.status_code
        assert "guessed" in answer.text
        assert easy not in answer.text


class TestGuessing:
    """Wrong passwords cost whoever sent them."""

    @pytest.fixture
    def desk(self, one_database: Any) -> Shop:
        """Ana has an account."""
        shop = open_shop(one_database, logins_per_minute=1_000)
        Accounts(one_database).put("Ana", GOOD, "owner", shop.clock())
        return shop

    def test_strangers_do_not_shut_the_owner_out(self, desk: Shop) -> None:
        """Sixteen wrong passwords from elsewhere, or two hundred from as many addresses."""
        for number in range(200):
            desk.app.state.context.login_guesses.failed(["ana"], f"10.0.0.{number}", desk.clock())
        with desk.visitor(peer="203.0.113.7") as guesser:
            wrong = [enter(guesser, "ANA", f"guess {n}").status_code for n in range(16)]
        with desk.visitor(peer="198.51.100.9") as ana:
            assert 303 == enter(ana, "Ana").status_code

        assert [401, 401] + [429] * 14 == wrong

    def test_an_address_waits_longer_after_each_failure(self, desk: Shop) -> None:
        """Five typing mistakes cost nothing; the right password has to wait as well."""
        with desk.visitor() as web:
            first = [enter(web, "Ana", f"guess {n}").status_code for n in range(6)]
            early = enter(web, "Ana")
            desk.clock.pass_by(seconds=int(early.headers["retry-after"]))
            wrong_again = enter(web, "Ana", "guess").status_code
            doubled = enter(web, "Ana").headers["retry-after"]
            desk.clock.pass_by(seconds=int(doubled))

            assert 303 == enter(web, "Ana").status_code

        assert [401] * 5 + [429] == first
        assert ("60", 401, "120") == (early.headers["retry-after"], wrong_again, doubled)

    def test_the_shops_one_password_is_guessed_at_under_any_name(self, one_database: Any) -> None:
        """Twenty names from one address, and it waits, while another comes in."""
        shop = open_shop(one_database, logins_per_minute=1_000)
        with shop.visitor(peer="203.0.113.7") as guesser:
            wrong = [enter(guesser, f"name {n}", "guess").status_code for n in range(21)]
        with shop.visitor(peer="198.51.100.9") as owner:
            assert 303 == enter(owner, "Mei", PASSWORD).status_code

        assert [401] * 20 + [429] == wrong


class TestAudit:
    def test_notes_who_did_what_to_which_dialogue(self, owner: Visitor) -> None:
        """Refused attempts and failed logins, too; never what was written."""
        dialogue_id = handed_over(owner)
        token = csrf(owner)
        owner.post(
            f"/desk/dialogues/{dialogue_id}/send", data={"text": "we open at nine", "csrf": token}
        )
        owner.post("/desk/dialogues/none/state", data={"act": "close", "csrf": token})
        enter(owner, "Ben", "guess")
        enter(owner, "Ana")

        shop: Shop = owner.shop  # type: ignore[attr-defined]
        lines = shop.app.state.context.audit.newest()
        told = [(line.actor, line.action, line.outcome) for line in lines]
        assert ("desk:ana", "desk.send", "done") in told
        assert ("desk:ana", "desk.change_state", "refused") in told
        assert ("desk:ben", "desk.log_in", "refused") in told
        assert ("desk:Mei", "desk.put_account", "done") in told
        assert dialogue_id in {line.subject for line in lines}
        page = owner.get("/desk/audit").text
        assert "desk.send" in page
        assert "we open at nine" not in str(lines) + page

    def test_notes_what_is_refused_with_person_and_address(self, owner: Visitor) -> None:
        """Staff at an owner's page and form, a form from elsewhere, a wrong value."""
        enter(owner, "Ben")
        token = csrf_of_staff(owner)
        owner.get("/desk/audit")
        owner.post("/desk/staff/close", data={"login": "ana", "csrf": token})
        owner.post("/desk/dialogues/d1/state", data={"act": "close", "csrf": "guess"})
        owner.post("/desk/dialogues/d1/state", data={"act": "eat", "csrf": token})

        assert [
            ("desk:ben", "desk.change_state", "refused", "127.0.0.1"),
            ("desk:ben", "desk.change_state", "refused", "127.0.0.1"),
            ("desk:ben", "desk.close_account", "refused", "127.0.0.1"),
            ("desk:ben", "desk.audit", "refused", "127.0.0.1"),
        ] == [(line.actor, line.action, line.outcome, line.address) for line in noted(owner, 4)]

    def test_notes_failed_logins_without_a_name_that_is_none(self, owner: Visitor) -> None:
        """Some type their password into the wrong field."""
        enter(owner, "my secret phrase", "x")
        (line,) = noted(owner, 1)

        assert ("desk:unknown", "refused", "127.0.0.1") == (line.actor, line.outcome, line.address)
        assert "secret" not in str(line)

    def test_notes_whose_words_were_read_once_a_day(self, owner: Visitor) -> None:
        """By whom: a chosen conversation is shown whole."""
        dialogue_id = handed_over(owner)
        for _ in range(3):
            owner.get("/desk", params={"dialogue": dialogue_id})
        enter(owner, "Ben")
        owner.get("/desk", params={"dialogue": dialogue_id})

        shop: Shop = owner.shop  # type: ignore[attr-defined]
        read = shop.app.state.context.audit.newest(action="desk.read")
        assert [("desk:ben", dialogue_id), ("desk:ana", dialogue_id)] == [
            (line.actor, line.subject) for line in read
        ]


def noted(web: Visitor, count: int) -> Any:
    """The newest lines of the audit log."""
    shop: Shop = web.shop  # type: ignore[attr-defined]
    return shop.app.state.context.audit.newest(count)


def csrf_of_staff(web: Visitor) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', web.get("/desk/replies").text)
    assert found
    return found[1]
