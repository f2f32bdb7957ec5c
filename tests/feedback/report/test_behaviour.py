"""What shoppers wanted: buttons and abuse are no questions."""

from decimal import Decimal

from feedback.db.period import Period
from feedback.dialogues.state import AfterAnswer
from feedback.report.behaviour import behaviour_of
from feedback.sales import conversions as sold
from tests.factories import (
    NOW,
    answer,
    days,
    hours,
    make_orders,
    make_purchase,
    make_store,
    open_dialogue,
    signals_of,
)
from tests.feedback.world import refund_order

WAITS = AfterAnswer(handover="no_fitting_reply")


def behaviour(database):
    with database.reading() as session:
        week = Period(NOW - days(7), NOW + hours(1))
        return behaviour_of(session, week, [], "USD", None)[0]


class TestUnanswered:
    def test_what_the_ranker_handed_over_is_a_question_without_a_reply(self, one_database):
        """Twice the same words count twice."""
        store = make_store(one_database)
        for _ in range(2):
            answer(store, open_dialogue(store), question="Do you engrave?", kind="handover",
                   reply_id=None, after=WAITS)  # fmt: skip

        assert [("Do you engrave?", 2)] == [
            (each.text, each.times) for each in behaviour(one_database).unanswered
        ]

    def test_a_pressed_button_and_abuse_are_none(self, one_database):
        """Both are handed over by rule, before any ranker is asked."""
        store = make_store(one_database)
        for said in ("Talk to a person", "you idiots"):
            answer(store, open_dialogue(store), question=said, kind="handover", reply_id=None,
                   served_by="policy", candidates=[], after=WAITS)  # fmt: skip

        found = behaviour(one_database)
        assert ((), ()) == (found.unanswered, found.topics)


class TestByTopic:
    def test_each_arms_shoppers_count_where_they_asked_first(self, database):
        """Two arms ask about parcels; one shopper of the champion's buys for 60, 10 of it back."""
        store, orders = make_store(database), make_orders(database)
        for arm in ("holdout", "champion"):
            for number in range(2):
                name = f"{arm}-{number}"
                dialogue = open_dialogue(store, shopper_id=name, arm=arm)
                shown = answer(store, dialogue, question="Where is my parcel?").impression
                if (arm, number) == ("champion", 0):
                    signals_of(store).record_click(click_id="c", impression_id=shown.impression_id,
                                       kind="link", target="x", now=NOW)  # fmt: skip
        bought = make_purchase(order_id="o", total=Decimal("60"), token_shopper_id="champion-0",
                               placed_at=NOW + hours(0.5))  # fmt: skip
        orders.record(bought, NOW)
        refund_order(database, "o", "10.00")
        with database.reading() as session:
            week = Period(NOW - days(7), NOW + hours(1))
            _, rows = behaviour_of(session, week, [], "USD", None, sold.bought(session, week))

        assert [
            ("champion", 2, 1, 25.0, 0.5, 50.0, 0.5),
            ("holdout", 2, 0, 0.0, 0.0, None, 0.0),
        ] == [tuple(vars(row).values())[1:] for row in rows]
        assert {"parcel"} == {row.value for row in rows}

    def test_an_order_before_the_question_is_not_the_topics(self, one_database):
        """Who bought first and asked then where the parcel is."""
        store, orders = make_store(one_database), make_orders(one_database)
        dialogue = open_dialogue(store, shopper_id="s")
        answer(store, dialogue, question="Where is my parcel?")
        orders.record(make_purchase(token_shopper_id="s", placed_at=NOW - hours(2)), NOW)
        with one_database.reading() as session:
            week = Period(NOW - days(7), NOW + hours(1))
            _, rows = behaviour_of(session, week, [], "USD", None, sold.bought(session, week))

        assert [(1, 0)] == [(row.shoppers, row.orders) for row in rows]
