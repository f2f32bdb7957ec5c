"""The card of a dialogue: what a colleague reads on it, and where what to press stands."""

from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select, update

from bot.channels.slack.card_facts import CardLinks
from bot.channels.slack.cards import CardOffers, CardTimes, card_post
from bot.channels.slack.desk import GONE, StaffDesk
from bot.channels.slack.messages import Press
from bot.channels.slack.reminder import reminder_post
from bot.messages import Place
from feedback.db.tables.desk import DeskCard
from feedback.db.tables.dialogues import Impression
from feedback.db.tables.pages import Page, Source
from feedback.desk.actions import Desk
from feedback.desk.assignments import Assignments
from feedback.desk.card_lock import Staff
from feedback.desk.targets import USUAL_TARGETS, standing
from feedback.files.repository import Files
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.passages import Passages
from feedback.sales.purchase import Purchase
from tests.bot.shop import NOON
from tests.slack_peer import text_of

MIA = Staff("U03MIA", "Mia")


def order_page(source, order_id):
    return f"https://admin.example/{source}/{order_id}"


class Cards:
    """The shop's desk in Slack, drawn without one."""

    def __init__(self, shop):
        self.shop = shop
        self.desk = Desk(shop.store.db)
        self.staff = StaffDesk(
            desk=self.desk,
            book=shop.book,
            files=Files(shop.store.db),
            targets=USUAL_TARGETS,
            zone=UTC,
            clock=shop.clock,
            wake=lambda _: None,
        )

    @property
    def row(self):
        with self.shop.store.db.reading() as session:
            return session.exec(select(DeskCard).where(DeskCard.state != "closed")).one()

    def view(self):
        return self.desk.view(self.row.card_id)

    def post(self, now=NOON):
        view = self.view()
        turn = standing(view.card, now, USUAL_TARGETS)
        links = CardLinks("https://shop.slack.com", "https://clerk.example/desk", order_page)
        times = CardTimes(now, UTC)
        offers = CardOffers(self.staff.suggestions(view), "", self.staff.page_drafts(view))
        return card_post(view, offers, turn, times, links)

    def text(self, now=NOON):
        post = self.post(now)
        return text_of({"text": post.text, "blocks": post.blocks})


@pytest.fixture
def cards(shop):
    return Cards(shop)


def asks(shop, dialogue_id, text, *reply_ids, confidence=0.2, client_id="m1", place=None):
    shop.ranker.says(text, *(reply_ids or ("return_how", "shipping_cost")), confidence=confidence)
    shop.clerk.reply(dialogue_id, text, client_id=client_id, place=place)


WRAPS = "We wrap presents in brown paper."
ADDRESS = "https://shop.example/wrapping"


def publish(shop, text, version=1):
    """The shop's page about wrapping says `text`."""
    page = Page(
        page_id="wrap", source_id="site", url=ADDRESS, title="Wrapping", language="en",
        state="read", version=version,
    )  # fmt: skip
    Passages(shop.store.db).put(page, cut([Block("text", text)]), NOON)


@pytest.fixture
def unsure(shop):
    """A question that a page may answer, and the clerk was not sure enough to say so."""
    with shop.store.db.transaction() as session:
        session.add(
            Source(source_id="site", kind="site", address="https://shop.example", added_at=NOON)
        )
    publish(shop, WRAPS)
    (passage,) = Passages(shop.store.db).changed_since(None)
    dialogue_id = shop.open()
    asks(shop, dialogue_id, "gift wrap?")
    with shop.store.db.transaction() as session:
        quoted = {"id": f"{passage.passage_id}#0-0", "source": "pages", "score": 0.0}
        session.exec(update(Impression).values(candidates=[quoted], confidence=0.41))
    return dialogue_id


class TestFromPages:
    def test_the_page_s_words_stand_with_their_source(self, cards, unsure):
        """And how sure the clerk was of them."""
        text = cards.text()

        assert "*From your pages:* Wrapping · 41 % sure" in text
        assert WRAPS in text
        assert ADDRESS in text

    def test_one_press_sends_them_with_their_source(self, shop, cards, unsure):
        """A second one tells that the shopper has them."""
        send, edit = (
            one
            for block in cards.post().blocks
            if block["type"] == "actions"
            for one in block["elements"]
            if "page0" in one["action_id"]
        )
        card_id, _, argument = send["value"].partition(" ")

        assert "Edit and send" == edit["text"]["text"]
        assert WRAPS in cards.staff.edit_draft(card_id, argument).text
        pressed = Press("T", "C", "1.1", MIA.id, card_id, argument, send["action_id"])
        assert cards.staff.press(pressed, MIA) is None
        assert f"{WRAPS}\nWrapping: {ADDRESS}" == shop.store.turns(unsure)[-1].text

    def test_nothing_is_sent_that_the_page_says_no_more(self, shop, cards, unsure):
        """It was edited between the drawing of the card and the press."""
        (send, _) = (
            one
            for block in cards.post().blocks
            if block["type"] == "actions"
            for one in block["elements"]
            if "page0" in one["action_id"]
        )
        card_id, _, argument = send["value"].partition(" ")
        publish(shop, "We wrap nothing.", version=2)

        pressed = Press("T", "C", "1.1", MIA.id, card_id, argument, send["action_id"])
        assert GONE == cards.staff.press(pressed, MIA)


class TestFacts:
    def test_what_they_look_at_and_have_in_the_basket(self, shop, cards):
        """By title, from where they wrote last."""
        place = Place("https://shop.example/products/ridge-backpack", ("wool-sweater", "no-title"))
        asks(shop, shop.open(), "gift wrap?", place=place)
        text = cards.text()

        assert "looks at _Ridge Backpack_" in text
        assert "*Basket:* _Wool Sweater_, _no-title_" in text

    def test_their_orders_lead_to_the_shops_admin(self, shop, cards):
        """With number, status and money."""
        dialogue_id = shop.open()
        shopper = shop.dialogue(dialogue_id).shopper_id
        bought = Purchase(
            "o-9", "1009", "shopify", NOON, "USD", Decimal("20.00"), token_shopper_id=shopper
        )
        shop.orders.record(bought, NOON)
        asks(shop, dialogue_id, "gift wrap?")

        assert "*Orders:* <https://admin.example/shopify/o-9|1009> paid, $20.00" in cards.text()

    def test_what_was_promised(self, shop, cards):
        """The sentence, so that it is kept."""
        dialogue_id = shop.open()
        asks(shop, dialogue_id, "gift wrap?")
        shop.store.record_staff_turn(
            dialogue_id, "Thank you. A colleague will check this and write to you.", "Mia", NOON
        )

        expected = "*Promised:* A colleague will check this and write to you."
        assert expected in cards.text()

    def test_whose_turn_it_is_and_until_when(self, shop, cards):
        """Half an hour in office time, as it is usual; later it is overdue."""
        asks(shop, shop.open(), "gift wrap?")
        opened = cards.row.opened_at

        assert "Nobody has it yet. Waits for us since 12:00, answer by 12:30." in cards.text()
        assert "⏰ Overdue since 12:30" in cards.text(opened + timedelta(minutes=31))
        cards.desk.take_over(cards.row.card_id, MIA, "Mia here.", opened)
        cards.desk.send(cards.row.card_id, "k", MIA, "Yes.", opened)
        assert "It is the shopper's turn." in cards.text()


class TestSuggestions:
    def test_follow_the_newest_question_that_is_open(self, shop, cards):
        """One that the clerk answered meanwhile is not suggested an answer to."""
        dialogue_id = shop.open()
        asks(shop, dialogue_id, "gift wrap?", "return_how")
        asks(shop, dialogue_id, "do you repair", "warranty", "return_how", client_id="m2")
        assert "&gt;do you repair" in cards.text() or ">do you repair" in cards.text()
        asks(shop, dialogue_id, "delivery?", "shipping_cost", confidence=0.99, client_id="m3")

        assert "do you repair" == cards.view().question
        assert "warranty" == cards.staff.suggestions(cards.view())[0].reply_id

    def test_have_the_slots_of_the_shoppers_order_filled(self, shop, cards):
        """So that they can be sent as they are."""
        dialogue_id = shop.open()
        shopper = shop.dialogue(dialogue_id).shopper_id
        shop.orders.record(
            Purchase("o-9", "1009", "test", NOON, "USD", Decimal("20.00"), status="shipped",
                     tracking="T1", token_shopper_id=shopper),
            NOON,
        )  # fmt: skip
        asks(shop, dialogue_id, "where is it", "order_status", "return_how")
        first = cards.staff.suggestions(cards.view())[0]

        assert ("Order 1009: on its way. Tracking: T1.", True) == (first.text, first.ready)

    def test_stay_open_where_no_order_of_theirs_is_known(self, shop, cards):
        """Nobody else's order is told."""
        asks(shop, shop.open(), "where is it", "order_status", "return_how")

        assert not cards.staff.suggestions(cards.view())[0].ready


class TestPhone:
    def test_the_main_buttons_stand_above_the_fold(self, shop, cards):
        """Send, Take over, Done and a menu; what is looked up stands below them."""
        asks(shop, shop.open(), "gift wrap?")
        blocks = cards.post().blocks
        row = next(block for block in blocks if block["type"] == "actions")

        names = ["desk_send_0", "desk_take_over", "desk_done", "desk_more_card"]
        assert names == [each["action_id"] for each in row["elements"]]
        kinds = [block["type"] for block in blocks[: blocks.index(row)]]
        assert ["section", "context", "section", "section"] == kinds  # who, question, best reply
        assert len(row["elements"][-1]["options"]) <= 5


class TestReminder:
    @pytest.mark.parametrize("kind", ["half_time", "overdue", "snooze_over"])
    def test_is_not_said_of_what_was_answered_meanwhile(self, shop, cards, kind):
        """It is drawn when it leaves."""
        asks(shop, shop.open(), "gift wrap?")
        card_id = cards.row.card_id
        cards.desk.done(card_id, MIA, NOON)
        view = cards.desk.view(card_id)
        turn = standing(view.card, NOON, USUAL_TARGETS)

        times = CardTimes(NOON, UTC)
        assert reminder_post(kind, view.card, view.question, turn, times, "") is None

    def test_of_an_overdue_card_names_who_has_it(self, shop, cards):
        """Or that nobody has, with the question."""
        asks(shop, shop.open(), "gift <!here> wrap?")
        late = cards.row.opened_at + timedelta(minutes=42)

        def said():
            turn = standing(cards.row, late, USUAL_TARGETS)
            times = CardTimes(late, UTC)
            return str(reminder_post("overdue", cards.row, cards.view().question, turn, times, ""))

        assert "waiting for 42 min; nobody has it. “gift &lt;!here&gt; wrap?”" in said()
        Assignments(shop.store.db).assign(cards.row.card_id, MIA, MIA, late)
        assert "<@U03MIA> has it" in said()


class TestSecondPress:
    @pytest.mark.parametrize(
        ("before", "action_id", "told"),
        [
            ((), "desk_take_over", "You have this dialogue already."),
            (("desk_take_over",), "desk_live", "The thread is live already"),
            (("desk_take_over", "desk_live"), "desk_end_live", "The thread is internal already."),
            ((), "desk_done", "You closed this already."),
            ((), "desk_wake", "The snooze is over already."),
            ((), "desk_reject_0", "Somebody said so already."),
        ],
    )
    def test_is_told_that_nothing_changed(self, shop, cards, before, action_id, told):
        """Once more than silence: somebody waits for something to happen."""
        asks(shop, shop.open(), "gift wrap?")
        card_id = cards.row.card_id

        def press(name):
            pressed = Press("T", "C", "1.1", MIA.id, card_id, "return_how", name)
            return cards.staff.press(pressed, MIA)

        for name in (*before, action_id):
            press(name)

        assert press(action_id).startswith(told)
