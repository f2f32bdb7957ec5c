"""Who is signed in at the shop, through HTTP: forged, replayed, signed out on a shared machine."""

from datetime import timedelta

import pytest

from bot.signed_in import sign
from bot.tokens import SessionToken
from feedback.db.database import Database
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop

SECRET = "shared with the shop"


class SignedInVisitor:
    """A browser on pages of the shop, which sign who is signed in there."""

    def __init__(self, shop: Shop, web: Visitor) -> None:
        self._shop, self._web = shop, web

    def load(self, customer: str | None, *, hours: float = 1, secret: str = SECRET) -> SessionToken:
        """Load a page: its chat begins or goes on."""
        until = self._shop.clock() + timedelta(hours=hours)
        return self.load_with(sign(customer, until, secret) if customer else None)

    def load_with(self, token: str | None) -> SessionToken:
        """The same with a token at hand."""
        body = {"customer": token} if token else {}
        begun = self._web.post("/api/chat/sessions", json=body).json()
        self._web.headers["Authorization"] = f"Bearer {begun['token']}"
        return self._shop.tokens.read_session(begun["token"])


@pytest.fixture
def shop(one_database: Database) -> Shop:
    """A shop that signs who is signed in."""
    return open_shop(one_database, customer_secret=SECRET)


@pytest.fixture
def browser(shop: Shop, web: Visitor) -> SignedInVisitor:
    return SignedInVisitor(shop, web)


class TestSigningIn:
    def test_the_session_knows_who_is_signed_in(self, browser: SignedInVisitor):
        """And until when."""
        signed_in = browser.load("ann@example.com").signed_in

        assert signed_in is not None
        assert "ann@example.com" == signed_in.customer

    def test_who_signs_in_midway_keeps_the_chat(self, browser: SignedInVisitor):
        """What was said as a guest goes on."""
        guest, signed = browser.load(None), browser.load("ann@example.com")

        assert (guest.dialogue_id, None) == (signed.dialogue_id, guest.signed_in)

    def test_a_page_that_was_kept_too_long_keeps_the_chat_and_vouches_for_nobody(
        self, shop: Shop, browser: SignedInVisitor
    ):
        """Its token has ended: a replay of it opens nothing."""
        first = browser.load("ann@example.com")
        shop.clock.pass_by(hours=2)
        late = browser.load("ann@example.com", hours=-1)

        assert late.signed_in is not None
        assert (first.dialogue_id, False) == (
            late.dialogue_id,
            late.signed_in.holds(shop.clock()),
        )

    def test_a_session_outlives_what_was_signed_and_does_not_lengthen_it(
        self, shop: Shop, browser: SignedInVisitor
    ):
        """The chat's own token holds for a day, the shop's for an hour."""
        session = browser.load("ann@example.com").signed_in
        shop.clock.pass_by(hours=2)

        assert session is not None
        assert not session.holds(shop.clock())


class TestSigningOut:
    def test_the_next_at_a_shared_machine_finds_another_chat(self, browser: SignedInVisitor):
        """And is another shopper: nothing of the first is shown or known."""
        ann, guest = browser.load("ann@example.com"), browser.load(None)

        assert guest.signed_in is None
        assert ann.dialogue_id != guest.dialogue_id
        assert ann.shopper_id != guest.shopper_id

    def test_so_does_who_signs_in_as_somebody_else(self, browser: SignedInVisitor):
        """Two of a family, one tablet."""
        ann, bob = browser.load("ann@example.com"), browser.load("bob@example.com")

        assert ann.dialogue_id != bob.dialogue_id


class TestForged:
    def test_another_secret_signs_nobody_in(self, browser: SignedInVisitor):
        """Nor does it keep anybody from chatting."""
        assert browser.load("ann@example.com", secret="guessed").signed_in is None

    @pytest.mark.parametrize("token", ["ann@example.com", "ann|1|2", "|||", "x" * 400])
    def test_what_is_no_token_signs_nobody_in(self, browser: SignedInVisitor, token: str):
        """Whatever stands there."""
        assert browser.load_with(token).signed_in is None

    def test_one_that_would_hold_for_years_is_not_believed(
        self, shop: Shop, browser: SignedInVisitor
    ):
        """Somebody who saw it once would be that customer for years."""
        signed_in = browser.load("ann@example.com", hours=24 * 365).signed_in

        assert signed_in is not None
        assert not signed_in.holds(shop.clock())

    def test_a_shop_that_shares_no_secret_signs_nobody_in(
        self, one_database: Database, browser: SignedInVisitor
    ):
        """Whatever a page says."""
        shop = open_shop(one_database)
        with shop.visitor() as web:
            assert SignedInVisitor(shop, web).load("ann@example.com").signed_in is None
