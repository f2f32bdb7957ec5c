"""Stories of visitors: shown the chat or none, counted once, found again in the chat."""

import pytest

from feedback.db.tables.people import Exposure
from feedback.dialogues.exposure_traits import UNKNOWN, ExposureTraits, traits_of
from feedback.dialogues.visits import VISITORS, Visits, visits_of
from feedback.privacy.erasure import Erasure
from tests.factories import NOW, days, hours, make_orders, make_purchase, make_store, open_dialogue

ANNA = "anna-0123456789abcdef"
PHONE = ExposureTraits(device="phone", page="product", source="search", language="en")


class Deal:
    """Says one arm to everybody."""

    def __init__(self, arm: str | None) -> None:
        self.arm = arm

    def __call__(self, shopper_id: str) -> str | None:
        return self.arm


@pytest.fixture
def deal() -> Deal:
    return Deal("none")


@pytest.fixture
def visits(sqlite_database, deal) -> Visits:
    return Visits(sqlite_database, deal, b"key")


def exposures(database) -> list[Exposure]:
    from sqlmodel import select

    with database.reading() as session:
        return list(session.exec(select(Exposure).where(Exposure.experiment == VISITORS)))


class TestMeeting:
    def test_the_first_page_view_is_the_exposure(self, sqlite_database, visits):
        """
        With what was known then; who is dealt no clerk is shown none.
        """
        met = visits.meet(ANNA, PHONE, NOW)

        (kept,) = exposures(sqlite_database)
        assert (met.shopper_id, False) == (kept.shopper_id, met.shown)
        assert ("none", "phone", "product", "search", "en", None, False, NOW) == (
            kept.arm, kept.device, kept.page, kept.source, kept.language, kept.been_before,
            kept.engaged, kept.exposed_at,
        )  # fmt: skip

    def test_a_visitor_stays_in_their_arm(self, sqlite_database, visits, deal):
        """
        Whatever the shares are by then, and without being counted again.
        """
        visits.meet(ANNA, UNKNOWN, NOW - days(2))
        deal.arm = "clerk"

        assert not visits.meet(ANNA, UNKNOWN, NOW).shown
        assert 1 == len(exposures(sqlite_database))

    def test_when_it_is_over_everybody_is_shown_the_chat(self, sqlite_database, visits, deal):
        """
        Those who were dealt none, too; nobody is counted any more.
        """
        visits.meet(ANNA, UNKNOWN, NOW - days(2))
        deal.arm = None

        assert visits.meet(ANNA, UNKNOWN, NOW) == (None, True)
        assert visits.meet("ben-0123456789abcdef", UNKNOWN, NOW) == (None, True)
        assert 1 == len(exposures(sqlite_database))

    def test_a_hand_is_noted(self, sqlite_database, visits):
        """
        Of this visitor alone.
        """
        visits.meet(ANNA, UNKNOWN, NOW)
        visits.meet("ben-0123456789abcdef", UNKNOWN, NOW)
        visits.moved_a_hand(ANNA)

        engaged = {each.shopper_id: each.engaged for each in exposures(sqlite_database)}
        assert {visits.id_of(ANNA): True, visits.id_of("ben-0123456789abcdef"): False} == engaged


class TestChatting:
    def test_the_shopper_of_the_chat_is_the_visitor(self, sqlite_database, visits, deal):
        """
        Dealt when the visit was, in its arm; whoever was no visitor is none.
        """
        deal.arm = "clerk"
        met = visits.meet(ANNA, PHONE, NOW - days(1))
        open_dialogue(make_store(sqlite_database), shopper_id="anna", now=NOW)
        visits.chats(ANNA, "anna")
        visits.chats("nobody-0123456789ab", "ben")

        linked = {each.shopper_id: each for each in exposures(sqlite_database)}
        assert {met.shopper_id, "anna"} == set(linked)
        assert (met.shopper_id, "clerk", NOW - days(1)) == (
            linked["anna"].person_id, linked["anna"].arm, linked["anna"].exposed_at,
        )  # fmt: skip

    def test_their_data_are_one_persons(self, sqlite_database, visits, deal):
        """
        What was bought before the chat is exported and made nameless with the shopper.
        """
        deal.arm = "clerk"
        met = visits.meet(ANNA, UNKNOWN, NOW - days(1))
        open_dialogue(make_store(sqlite_database), shopper_id="anna", now=NOW)
        visits.chats(ANNA, "anna")
        orders = make_orders(sqlite_database)
        orders.record(
            make_purchase(
                order_id="o1",
                token_shopper_id=met.shopper_id,
                placed_at=NOW - hours(3),
                email="a@b.example",
            ),
            NOW,
        )
        erasure = Erasure(sqlite_database)

        told = erasure.export("anna") or {}
        erasure.erase_shopper("anna", NOW)

        assert (["o1"], 3) == (
            [each["order_id"] for each in told["orders"]], len(told["exposures"]),
        )  # fmt: skip
        assert [None] == [
            each["email_hash"] for each in (erasure.export(met.shopper_id) or {})["orders"]
        ]
        with sqlite_database.reading() as session:
            assert [met.shopper_id] == visits_of(session, "anna")


class TestTraits:
    @pytest.mark.parametrize(
        ("page", "referrer", "kind", "source"),
        [
            ("https://shop.example/", "", "home", "direct"),
            ("https://shop.example/products/mug?utm_medium=cpc", "", "product", "paid"),
            ("https://shop.example/cart", "https://shop.example/", "basket", "shop"),
            ("https://shop.example/collections/new", "https://www.google.com/", "list", "search"),
            ("https://shop.example/about?utm_medium=email", None, "other", "mail"),
            ("https://shop.example/about", "https://l.instagram.com/x", "other", "social"),
            ("https://[shop/", "https://blog.example/", "home", "other"),
            ("https://shop.example/about", None, "other", None),
            (None, None, None, None),
        ],
    )
    def test_where_somebody_is_and_came_from(self, page, referrer, kind, source):
        """
        A few kinds each; an address itself is not kept.
        """
        found = traits_of(user_agent=None, page=page, referrer=referrer)

        assert (kind, source) == (found.page, found.source)
