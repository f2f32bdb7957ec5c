"""Logging in at the desk with the company's own account, against a provider we did not write."""

import socket
import sys
from collections.abc import Iterator
from subprocess import DEVNULL, Popen
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.desk.single_sign_on import SingleSignOn
from feedback.db.database import Database
from feedback.desk.audit import Audit
from shopclerk.commands.checks.check_sso import look_at_sso
from shopclerk.commands.checks.finding import Finding
from shopclerk.settings import Settings
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import PASSWORD, PUBLIC_URL, Shop, open_shop
from tests.slack_peer import eventually, free_port

MEI, BEN, EVE = "mei@shop.example", "ben@shop.example", "eve@elsewhere.example"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider with three people; Eve is another company's, and one says that she is Mei."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    with Popen(command, stdout=DEVNULL, stderr=DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        with eventually(lambda: socket.create_connection(("127.0.0.1", port))):
            pass
        for sub, name, claims in (
            (MEI, "Mei Ling", {"email": MEI, "email_verified": True}),
            (BEN, "Ben", {"email": BEN}),
            (EVE, "Eve", {"email": EVE, "email_verified": True}),
            ("fake", "Mei Ling", {"email": MEI, "email_verified": False}),
        ):
            told = httpx.put(f"{address}/users/{sub}", json={"name": name, **claims})
            assert 204 == told.status_code
        yield address
        server.terminate()


@pytest.fixture
def shop(one_database: Database, issuer: str) -> Shop:
    """A shop whose desk is opened by the provider."""
    return shop_with(one_database, issuer)


@pytest.fixture
def web(shop: Shop) -> Iterator[Visitor]:
    """A browser."""
    with shop.visitor() as client:
        yield client


def shop_with(database: Database, issuer: str, **changes: Any) -> Shop:
    provider = SingleSignOn(
        issuer, "desk", "secret", "key-of-the-cookie",
        owners=(MEI,), staff=("@shop.example",),
    )  # fmt: skip
    given = {"check_password": None, "logins_per_minute": 500, **changes}
    return open_shop(database, sso=provider, sso_name="the office", **given)


def leave(web: Visitor) -> str:
    """Where the desk sends the browser."""
    answer = web.get("/desk/sso/")
    assert 302 == answer.status_code
    return answer.headers["location"]


def say_who(address: str, sub: str) -> str:
    """Log in over there; where the provider sends the browser back to."""
    answer = httpx.post(address, data={"sub": sub})
    assert 302 == answer.status_code
    return answer.headers["location"]


def enter(web: Visitor, sub: str) -> httpx.Response:
    """The whole way."""
    return web.get(say_who(leave(web), sub))


class TestEntering:
    def test_an_owner_comes_in_with_name_and_role(self, web: Visitor, shop: Shop) -> None:
        """The page links on, since a redirect from abroad would not carry the cookie."""
        assert "Log in with the office" in web.get("/desk/login").text

        answer = enter(web, MEI)

        assert 200 == answer.status_code
        assert '<a href="/desk">' in answer.text
        assert "samesite=strict" in answer.headers["set-cookie"].lower()
        desk = web.get("/desk")
        assert "Mei Ling" in desk.text
        assert 200 == web.get("/desk/staff").status_code  # an owner's page
        told = [(entry.actor, entry.action) for entry in Audit(shop.orders.db).newest(5)]
        assert (f"desk:{MEI}", "desk.log_in") in told

    def test_a_colleague_is_staff_and_logs_out(self, web: Visitor) -> None:
        """By the company's domain; a provider that does not speak of proof is believed."""
        assert 200 == enter(web, BEN).status_code
        assert 403 == web.get("/desk/staff").status_code

        web.post("/desk/logout", data={"csrf": csrf(web)})

        assert "/desk/login" == web.get("/desk").headers["location"]

    def test_leaving_carries_all_that_keeps_a_login_ours(self, web: Visitor) -> None:
        """PKCE, state and nonce; back to one address of ours."""
        asked = parse_qs(urlsplit(leave(web)).query)

        assert ["S256"] == asked["code_challenge_method"]
        assert {"state", "nonce", "code_challenge"} <= set(asked)
        assert [f"{PUBLIC_URL}/desk/sso/back"] == asked["redirect_uri"]


class TestRefusing:
    def test_a_stranger_is_told_by_name(self, web: Visitor) -> None:
        """And how an owner lets them in."""
        answer = enter(web, EVE)

        assert 403 == answer.status_code
        assert EVE in answer.text
        assert "SHOPCLERK_OIDC_STAFF" in answer.text
        assert "/desk/login" == web.get("/desk").headers["location"]

    def test_an_address_nobody_proved_is_nobodys(self, web: Visitor) -> None:
        """Whoever claims the owner's address does not become the owner."""
        assert 401 == enter(web, "fake").status_code

    def test_an_answer_to_another_browser_is_refused(self, web: Visitor, shop: Shop) -> None:
        """A link with somebody else's code logs nobody in."""
        back = say_who(leave(web), MEI)

        with shop.visitor() as other:
            assert 401 == other.get(back).status_code
        assert 200 == web.get(back).status_code
        assert 401 == web.get(back).status_code  # and once only

    @pytest.mark.parametrize(
        "query", ["", "?error=access_denied", "?code=x", "?code=x&state=y", "?state=%00"]
    )
    def test_what_comes_back_broken_is_refused(self, web: Visitor, query: str) -> None:
        """With a page that says so."""
        leave(web)

        answer = web.get(f"/desk/sso/back{query}")

        assert 401 == answer.status_code
        assert "did not vouch" in answer.text

    def test_a_provider_that_is_away_is_named(self, one_database: Database) -> None:
        """The desk stays up."""
        with shop_with(one_database, "http://localhost:9").visitor() as web:
            answer = web.get("/desk/sso/")

        assert 503 == answer.status_code
        assert "cannot be reached" in answer.text

    def test_another_issuer_at_the_address_is_refused(
        self, one_database: Database, issuer: str
    ) -> None:
        """The document there names who answers."""
        with shop_with(one_database, f"{issuer}/.").visitor() as web:
            assert 401 == enter(web, MEI).status_code

    def test_guessing_is_slowed_down(self, one_database: Database, issuer: str) -> None:
        """Like at the other door."""
        with shop_with(one_database, issuer, logins_per_minute=3).visitor() as web:
            statuses = [web.get("/desk/sso/back").status_code for _ in range(4)]

        assert [401, 401, 401, 429] == statuses

    def test_a_closed_account_stays_closed(self, web: Visitor, shop: Shop) -> None:
        """The desk's word is the last."""
        accounts, now = shop.app.state.context.accounts, shop.clock()
        accounts.put("Owner", "a long password", "owner", now)
        accounts.put(BEN, "a long password", "staff", now)
        accounts.close(BEN, now)

        assert 403 == enter(web, BEN).status_code

    def test_the_shops_password_counts_where_it_was_set(
        self, web: Visitor, one_database: Database, issuer: str
    ) -> None:
        """With a provider and no password set, only the provider opens."""
        assert 401 == log_in(web).status_code
        by_both = shop_with(one_database, issuer, check_password=PASSWORD.__eq__)
        with by_both.visitor() as other:
            assert 303 == log_in(other).status_code


class TestChecking:
    def test_the_provider_is_looked_at(self, issuer: str) -> None:
        """Well, another's, away, no provider, and with nobody named."""
        found = {
            "well": look(issuer),
            "another": look(f"{issuer}/."),
            "away": look("http://127.0.0.1:9"),
            "none": look(f"{issuer}/users"),
            "nobody": look(issuer, oidc_staff=()),
        }

        assert {"well": True} == {name: True for name, one in found.items() if one.well}
        assert "/desk/sso/back" in found["well"].text
        assert "set SHOPCLERK_OIDC_ISSUER to that" in found["another"].text
        assert "SHOPCLERK_OIDC_OWNERS" in found["nobody"].text


def look(issuer: str, **changes: Any) -> Finding:
    given = {"oidc_issuer": issuer, "oidc_staff": ("@shop.example",), **changes}
    (finding,) = look_at_sso(Settings(_env_file=None, **given))
    return finding
