"""Stories of being shown and forgotten: everywhere a shopper's words can be."""

import json
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from feedback.db.jobs import Runs
from feedback.db.retrain_runs import Retraining
from feedback.db.tables.dialogues import Impression
from feedback.db.tables.people import Exposure
from feedback.desk.accounts import Accounts
from feedback.desk.audit import Audit, Deed
from feedback.desk.cards import wait_for_staff
from feedback.desk.inbox import Inbox, Incoming
from feedback.desk.outbox import Outbox
from feedback.dialogues.repository import DialogueThread
from feedback.knowledge.importers.records import QuestionLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.privacy.erasure import Erasure
from feedback.privacy.retention import Keep, forget_old
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

WORDS = "can the wobbly plinth be mended"
THREAD = DialogueThread("T1", "C1", "171.5")


def everything(database) -> str:
    """Every value of every table, as one text."""
    with database.reading() as session:
        rows = [
            str(row)
            for table in SQLModel.metadata.sorted_tables
            for row in session.connection().execute(table.select())
        ]
    return "\n".join(rows)


@pytest.fixture
def anna(database):
    """Anna's dialogue in a Slack thread, and all that may come of one."""
    store, orders = make_store(database), make_orders(database)
    dialogue = open_dialogue(store, shopper_id="anna", channel="slack", thread=THREAD)
    shown = answer(store, dialogue, question=WORDS)
    id_ = shown.impression.impression_id
    signals_of(store).rate(
        impression_id=id_, voter="anna", value="up", comment=f"but {WORDS}", now=NOW
    )
    signals_of(store).review(
        review_id="r1", impression_id=id_, staff="Mei", verdict="corrected", reply_id=None,
        text=f"about {WORDS}", now=NOW,
    )  # fmt: skip
    orders.record(
        make_purchase(order_id="7001", token_shopper_id="anna", email="anna@home.example"), NOW
    )
    with database.transaction() as session:
        wait_for_staff(
            session.connection(), dialogue.dialogue_id, "no_fitting_reply", NOW, comment=WORDS
        )
    ReplyBook(database).put_questions([QuestionLine(WORDS, "return_policy", "en")], NOW + hours(1))
    Inbox(database).put_all(
        [
            Incoming("e1", "message", "C1:171.5", "1", {"text": WORDS, "channel": "C1"}),
            Incoming("e2", "message", "D9:9", "2", {"text": WORDS, "team": "T1", "user": "U1"}),
            Incoming("e3", "message", "C2:1", "3", {"text": "of another", "team": "T1"}),
        ],
        NOW,
    )
    outbox = Outbox(database)
    outbox.put(key="o1", lane="C1", kind="words", now=NOW, payload={"text": WORDS},
               dialogue_id=dialogue.dialogue_id)  # fmt: skip
    outbox.put(key="o2", lane="C1", kind="whisper", now=NOW, payload={"text": WORDS},
               thread_ts="171.5")  # fmt: skip
    outbox.put(key="o3", lane="C3", kind="card", now=NOW, payload={"text": WORDS, "of": id_})
    outbox.put(key="o4", lane="C4", kind="words", now=NOW, payload={"text": "of another"})
    Runs(database).save_report("2026-W48", {"liked": [{"text": WORDS, "votes": 1}]}, NOW)
    return dialogue


def whose(team: str, user: str) -> str:
    return {("T1", "U1"): "anna"}.get((team, user), "nobody")


class TestErase:
    def test_nothing_that_was_said_is_left_anywhere(self, database, anna):
        """
        Not in Slack's inbox or outbox, the book, past reports or cards; others' words stay.
        """
        assert WORDS in everything(database)

        Erasure(database).erase_shopper("anna", NOW, whose)

        left = everything(database)
        assert WORDS not in left
        assert 2 == left.count("of another")
        assert "(erased)" in left

    def test_the_counts_stay_whole(self, database, anna):
        """
        A nameless exposure and the order's sum keep the arms honest.
        """
        Erasure(database).erase_shopper("anna", NOW, whose)

        with database.reading() as session:
            assert ["anna"] == [one.shopper_id for one in session.exec(select(Exposure))]
        assert make_orders(database).look_up("7001", "anna@home.example") is None

    def test_what_the_model_learned_waits_for_the_next_training(self, database, anna):
        """
        Said until a version trained since then is in charge.
        """
        erasure, turns = Erasure(database), Retraining(database)
        forgotten: Any = erasure.erase_shopper("anna", NOW, whose)
        before = erasure.awaits_training()
        run = turns.open("r1", "person", NOW + hours(1))
        turns.finish(run, "promoted", NOW + hours(2), version=2)

        assert (2, 2, 0) == (forgotten.examples, before, erasure.awaits_training())

    def test_slacks_copies_are_listed(self, database, anna):
        """
        What only Slack can forget is named, so that somebody can.
        """
        outbox = Outbox(database)
        for claimed in outbox.claim("me", NOW, hours(1), hours(0)):
            outbox.sent(claimed.number, "me", "180.1", NOW)

        forgotten: Any = Erasure(database).erase_shopper("anna", NOW, whose)
        listed = forgotten.slack

        assert ("thread", "C1", "171.5") in listed
        assert ("message", "C1", "180.1") in listed

    def test_nobody_is_not_forgotten(self, database):
        """
        An unknown id changes nothing and says so.
        """
        assert Erasure(database).erase_shopper("nobody", NOW) is None


class TestExport:
    def test_shows_all_that_erasing_takes(self, database, anna):
        """
        In- and outbox, questions learned and Slack's copies included.
        """
        kept: Any = Erasure(database).export("anna", whose)

        with_words = {name for name, rows in kept.items() if WORDS in json.dumps(rows)}
        assert {
            "turns", "ratings", "reviews", "desk_cards", "questions_learned", "slack_inbox",
            "slack_outbox",
        } == with_words  # fmt: skip
        assert ["e1", "e2"] == [one["event_key"] for one in kept["slack_inbox"]]
        assert {"o1", "o2", "o3"} <= {one["message_key"] for one in kept["slack_outbox"]}


class TestRetention:
    def test_old_words_and_names_go_and_counts_stay(self, database, anna):
        """
        Each kind after its own time.
        """
        Audit(database).note(Deed("a", "job", "x"), key="k", now=NOW)
        Accounts(database).log_in("Mei", "x", shared=lambda _: True, now=NOW, life=hours(12))

        young = forget_old(database, NOW + days(30), Keep())
        counts = forget_old(database, NOW + days(401), Keep())
        audit = forget_old(database, NOW + days(731), Keep())["audit"]

        assert (0, 0, 1) == (young["dialogues"], young["orders"], young["logins"])
        assert (1, 1, 0, 1) == (
            counts["dialogues"], counts["orders"], counts["audit"], audit
        )  # fmt: skip
        with database.reading() as session:
            shown = session.exec(select(Impression)).one()
        assert ("return_policy", "champion", "") == (shown.reply_id, shown.arm, shown.text)
