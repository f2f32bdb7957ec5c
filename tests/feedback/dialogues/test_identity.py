"""Stories of who is counted: one person on two channels, bots and staff."""

import pytest

from feedback.db.errors import BadChoice
from feedback.db.tables.people import Exposure
from feedback.dialogues.identity import leave_out
from tests.factories import (
    EXPERIMENT,
    NOW,
    days,
    hours,
    make_orders,
    make_purchase,
    make_store,
    open_dialogue,
)


def exposure_of(database, shopper_id):
    with database.reading() as session:
        return session.get(Exposure, (EXPERIMENT, shopper_id))


@pytest.fixture
def two_channels(database):
    """Anna on the web, held out; a day later on Slack, where chance gave her the champion."""
    store = make_store(database)
    open_dialogue(store, shopper_id="anna-web", arm="holdout", now=NOW - days(3))
    open_dialogue(store, shopper_id="anna-slack", channel="slack", now=NOW - days(2))
    orders = make_orders(database)
    orders.remember_email("anna-web", "anna@home.example", NOW - days(2))
    orders.remember_email("anna-slack", " Anna@home.example", NOW - days(1))
    return database


class TestOnePerson:
    def test_stays_in_the_arm_of_the_first_contact(self, two_channels):
        """
        Once the same address is known on both channels, Slack goes on in the web's arm.
        """
        later = exposure_of(two_channels, "anna-slack")
        assert ("holdout", NOW - days(3), "anna-web") == (
            later.arm,
            later.exposed_at,
            later.person_id,
        )
        assert make_store(two_channels).arm_of("anna-slack") == "holdout"
        assert exposure_of(two_channels, "anna-web").person_id is None

    def test_her_order_is_matched_by_the_address(self, two_channels):
        """
        An address of two shoppers used to match nobody; these two are one person.
        """
        recorded = make_orders(two_channels).record(
            make_purchase(email="anna@home.example", placed_at=NOW - hours(5)), NOW
        )
        assert ("anna-web", "email") == (recorded.shopper_id, recorded.bridge)

    def test_household_on_one_channel_stays_apart(self, database):
        """
        Two shoppers on the web with one address may be two people: nobody is moved.
        """
        store, orders = make_store(database), make_orders(database)
        for name, arm in (("eve", "holdout"), ("adam", "champion")):
            open_dialogue(store, shopper_id=name, arm=arm)
            orders.remember_email(name, "us@home.example", NOW)
        assert exposure_of(database, "adam").arm == "champion"
        recorded = orders.record(make_purchase(email="us@home.example"), NOW)
        assert recorded.shopper_id is None


class TestLeaveOut:
    def test_counts_who_is_new_and_knows_its_reasons(self, database):
        """
        A repeat changes nothing, and a reason that is none is refused.
        """
        assert leave_out(database, ["robin", "robin", "crawler"], "bot", NOW) == 2
        assert leave_out(database, ["robin"], "staff", NOW) == 0
        with pytest.raises(BadChoice, match="bot, staff"):
            leave_out(database, ["robin"], "boring", NOW)
