"""Stories of the desk: who has a dialogue, what reaches the shopper, what is learned."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select

from feedback.db.errors import DeskRefused
from feedback.db.tables.desk import DeskCard, OutboxMessage
from feedback.db.tables.dialogues import Impression
from feedback.db.tables.signals import Review
from feedback.desk.actions import LIVE_FOR, Desk
from feedback.desk.card_lock import AWAY_AFTER, Staff
from feedback.desk.card_outbox import CardDrawings
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.desk.outbox import Outbox
from feedback.dialogues.repository import DialogueThread, Store
from feedback.dialogues.state import HANDOVER_REASONS, AfterAnswer
from feedback.dialogues.write_answer import Shown
from tests import factories
from tests.factories import NOW, make_impression, signals_of

MIA, BOB = Staff("U1", "Mia"), Staff("U2", "Bob")
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=30)


@pytest.fixture
def store(database):
    return Store(database, "test", DeskHooks())


@pytest.fixture
def desk(database):
    return Desk(database)


def open_dialogue(store, dialogue_id="d1", *, slack=True):
    thread = DialogueThread("T1", "C1", "1.1") if slack else None
    return factories.open_dialogue(
        store,
        dialogue_id=dialogue_id,
        shopper_id="s1",
        channel="slack" if slack else "web",
        thread=thread,
        now=NOW,
    )


def answer(store, impression_id="i1", *, state="waiting", client_id="m1", dialogue_id="d1"):
    shown = make_impression(
        impression_id=impression_id,
        kind="handover" if state == "waiting" else "answer",
        reply_id=None if state == "waiting" else "return_how",
        candidates=[{"reply_id": "return_how", "score": 2.0}, {"reply_id": "warranty", "score": 1}],
    )
    return store.record_answer(
        dialogue_id=dialogue_id,
        shopper_text="gift wrap?",
        client_id=client_id,
        shown=Shown(shown),
        after=AfterAnswer(handover="unsure" if state == "waiting" else None),
        now=NOW,
    )


def card_of(store):
    with store.db.reading() as session:
        return session.exec(select(DeskCard)).one()


def messages(store):
    with store.db.reading() as session:
        rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.number))).all()
    return [(row.kind, row.state) for row in rows]


def said(store):
    return [(turn.speaker, turn.text) for turn in store.turns("d1")]


class TestCards:
    def test_a_hand_over_opens_one_card_with_its_typed_reason(self, store):
        """In the transaction that hands over; asked again, the same card says what is new."""
        open_dialogue(store)
        answer(store)
        answer(store, "i2", client_id="m2")
        card = card_of(store)

        assert ("unsure", "open", "i1") == (card.reason, card.state, card.impression_id)
        assert card.reason in HANDOVER_REASONS
        assert card.revision > 1

    def test_two_who_press_at_once_send_once(self, store, desk):
        """Whoever is first; the other one is told by whom."""
        open_dialogue(store)
        answer(store)
        card_id = card_of(store).card_id

        def press(staff):
            try:
                return desk.send(card_id, f"send:{staff.id}", staff, "Yes, for $3.", NOW)
            except DeskRefused as refused:
                return refused

        with ThreadPoolExecutor(2) as pool:
            came = list(pool.map(press, (MIA, BOB)))
        winner = card_of(store).staff_name

        assert 1 == came.count(True)
        (refused,) = [each for each in came if each is not True]
        assert f"{winner} has dealt with this already." == str(refused)
        assert 1 == said(store).count(("staff", "Yes, for $3."))

    @pytest.mark.parametrize("asked_before", [True, False])
    def test_who_asked_for_a_person_is_about_what_was_asked_before(self, store, desk, asked_before):
        """Nobody is taught to answer "a person please"; where that is all, nothing is learned."""
        open_dialogue(store)
        if asked_before:
            answer(store, "i1", state="clerk")
        store.record_answer(
            dialogue_id="d1",
            shopper_text="a person please",
            client_id="m2",
            shown=Shown(
                make_impression(
                    impression_id="i2",
                    kind="handover",
                    reply_id="talk_to_human",
                    candidates=[{"reply_id": "talk_to_human", "score": 4.0}],
                    shown_at=NOW + MINUTE,
                )
            ),
            after=AfterAnswer(handover="asked_for_person"),
            now=NOW + MINUTE,
        )
        card_id = card_of(store).card_id
        view = desk.view(card_id)

        desk.send(card_id, "k", MIA, "Yes, for $3.", NOW)

        assert ("i1" if asked_before else None) == (view.shown and view.shown.impression_id)
        assert ("gift wrap?" if asked_before else "a person please") == view.question
        with store.db.reading() as session:
            learned = [review.impression_id for review in session.exec(select(Review))]
        assert (["i1"] if asked_before else []) == learned

    def test_the_same_press_again_is_carried_out_once(self, store, desk):
        """As when the bot was killed before it noted that it was done."""
        open_dialogue(store)
        answer(store)
        card_id = card_of(store).card_id

        assert desk.send(card_id, "k", MIA, "Yes.", NOW, reply_id="warranty")
        assert not desk.send(card_id, "k", MIA, "Yes.", NOW, reply_id="warranty")
        with store.db.reading() as session:
            (review,) = session.exec(select(Review)).all()
        assert ("corrected", "warranty") == (review.verdict, review.reply_id)
        assert 1 == messages(store).count(("staff_turn", "waiting"))

    def test_the_page_s_buttons_move_the_card_too(self, store):
        """Taken over and closed at /desk, Slack's card says so."""
        open_dialogue(store)
        answer(store)
        store.hand_on("d1", "take_over", NOW)
        taken = card_of(store)
        store.hand_on("d1", "close", NOW)

        assert ("taken", "closed") == (taken.state, card_of(store).state)

    def test_what_the_page_sends_reaches_a_shopper_in_slack(self, store):
        """It was recorded and never sent."""
        open_dialogue(store)
        answer(store)
        store.record_staff_turn("d1", "Hello from the page", "Ann", NOW)

        assert ("staff_turn", "waiting") == messages(store)[-1]


class TestNeverOverEachOther:
    def test_an_answer_that_has_not_left_is_withheld_when_a_person_takes_over(self, store, desk):
        """Checked in the transaction that sends; what was never shown is no impression."""
        open_dialogue(store)
        answer(store, state="clerk")
        signals_of(store).rate(impression_id="i1", voter="s1", value="down", now=NOW)
        signals_of(store).rate(impression_id="i1", voter="s1", value=None, now=NOW)
        answer(store, "i2", client_id="m2")
        desk.take_over(card_of_open(store), MIA, "Hello", NOW)
        outbox = Outbox(store.db)
        claimed = []
        for second in range(4):
            now = NOW + timedelta(seconds=2 * second)
            for message in outbox.claim("me", now, LEASE, timedelta(seconds=1)):
                claimed.append(message.kind)
                outbox.sent(message.number, "me", "1.9", now)

        assert ["staff_turn"] == claimed
        assert ["gift wrap?", "gift wrap?", "Hello"] == [text for _, text in said(store)]
        with store.db.reading() as session:
            assert [] == session.exec(select(Impression)).all()

    def test_an_answer_on_its_way_is_not_taken_back(self, store, desk):
        """It may be there already: it is looked up instead."""
        open_dialogue(store)
        answer(store)
        outbox = Outbox(store.db)
        (first,) = outbox.claim("me", NOW, LEASE, timedelta(0))
        outbox.again(first.number, "me", NOW, "http_503", arrived=None)
        desk.take_over(card_of(store).card_id, MIA, "Hello", NOW)
        (again,) = outbox.claim("me", NOW + MINUTE, LEASE, timedelta(0))

        assert ("answer", True) == (again.kind, again.unsure)

    def test_a_colleague_s_dialogue_is_theirs_until_they_are_away(self, store, desk):
        """After a quarter of an hour of silence another may go on."""
        open_dialogue(store)
        answer(store)
        card_id = card_of(store).card_id
        desk.take_over(card_id, MIA, "Hello", NOW)
        with pytest.raises(DeskRefused, match="Mia has this dialogue"):
            desk.take_over(card_id, BOB, "Hello", NOW + MINUTE)
        with pytest.raises(DeskRefused, match="Mia has this dialogue"):
            desk.send(card_id, "k", BOB, "Yes", NOW + MINUTE)

        assert desk.take_over(card_id, BOB, "Hello again", NOW + AWAY_AFTER)
        assert "Bob" == card_of(store).staff_name


class TestLive:
    def test_only_its_owner_speaks_and_only_while_it_lasts(self, store, desk):
        """Each word said keeps it open; then it ends by itself."""
        open_dialogue(store)
        answer(store)
        card_id = card_of(store).card_id
        desk.take_over(card_id, MIA, "Hello", NOW)
        assert not desk.relay(card_id, "m:0", MIA, "inside", NOW)
        desk.go_live(card_id, MIA, NOW)

        assert desk.relay(card_id, "m:1", MIA, "said", NOW + 10 * MINUTE)
        assert not desk.relay(card_id, "m:2", BOB, "inside", NOW + 11 * MINUTE)
        late = NOW + 10 * MINUTE + LIVE_FOR
        assert not desk.relay(card_id, "m:3", MIA, "inside", late)
        before = card_of(store).revision
        CardDrawings(desk.db).end_of_live(late)
        assert card_of(store).live_until is None
        assert card_of(store).revision > before
        assert "inside" not in [text for _, text in said(store)]


def card_of_open(store):
    with store.db.reading() as session:
        return session.exec(select(DeskCard).where(DeskCard.state != "closed")).one().card_id
