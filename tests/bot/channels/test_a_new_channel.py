"""Adding a channel: e-mail, in one class, reaches the same clerk and the same staff."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import select

from bot.channels.channel import (
    ChannelLimits,
    NotDelivered,
    OutgoingMessage,
    ReceivedMessage,
    ShopperIds,
)
from bot.channels.worker import ChannelWorker, TooManyMessages
from feedback.db.rate_windows import RateWindows
from feedback.db.tables.desk import DeskCard, OutboxMessage
from feedback.db.tables.dialogues import Dialogue
from feedback.desk.actions import Desk
from feedback.desk.card_lock import Staff
from feedback.dialogues.rows import DialogueThread

MAILBOX = "help@shop.example"
ANA = "ana@example.org"
MIA = Staff("U1", "Mia")


class EmailChannel:
    """E-mail: a thread is named by its first mail's id."""

    name = "email"
    limits = ChannelLimits(text=300, per_minute=4)

    def __init__(self, ids: ShopperIds) -> None:
        self.identity = lambda sender: ids(*sender)
        self.sent: list[OutgoingMessage] = []
        self.away = False

    def receive(self, raw: EmailMessage) -> ReceivedMessage | None:
        """A mail's plain text; automatic answers are nobody's question."""
        if raw["Auto-Submitted"]:
            return None
        first = raw["References"] or raw["Message-ID"]
        thread = DialogueThread(MAILBOX, raw["From"], first)
        return ReceivedMessage(raw["Message-ID"], (raw["From"],), thread, raw.get_content().strip())

    def deliver(self, message: OutgoingMessage) -> str | None:
        """Keep it where the test looks, unless the mail server is away."""
        if self.away:
            raise NotDelivered("the mail server is away", retry_s=30)
        self.sent.append(message)
        return f"<{message.key}@shop.example>"


def mail(text: str, *, id_: str = "<1@example.org>", thread: str = "", **more: str) -> EmailMessage:
    """A mail from Ana."""
    message = EmailMessage()
    message["From"], message["Message-ID"] = ANA, id_
    if thread:
        message["References"] = thread
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


@pytest.fixture
def channel(shop):
    return EmailChannel(ShopperIds("email", [b"new key", b"old key"], is_known(shop)))


@pytest.fixture
def worker(shop, channel):
    return ChannelWorker(
        channel,
        clerk=shop.clerk,
        store=shop.store,
        windows=RateWindows(shop.store.db, b"key"),
        clock=shop.clock,
        owner="me",
    )


def is_known(shop):
    return lambda shopper_id: shop.store.arm_of(shopper_id) is not None


def rows(shop, table):
    with shop.store.db.reading() as session:
        return list(session.exec(select(table)))


class TestANewChannel:
    def test_a_mail_is_answered_in_its_thread_once(self, shop, channel, worker):
        """Though it comes twice; its answer carries what the clerk said, and a key of its own."""
        shop.ranker.says("how do i return it", "return_how")

        for _ in range(2):
            worker.receive(mail("how do i return it"))
        tried = [worker.send_due(), worker.send_due()]

        (sent,) = channel.sent
        assert [1, 0] == tried
        assert DialogueThread(MAILBOX, ANA, "<1@example.org>") == sent.thread
        assert (None, "answer") == (sent.author, sent.answer.kind)
        assert sent.text == sent.answer.text

    def test_a_reply_to_it_goes_on_in_the_same_dialogue(self, shop, worker):
        """And another mail opens another one."""
        worker.receive(mail("hello"))
        worker.receive(mail("and how long", id_="<2@example.org>", thread="<1@example.org>"))
        worker.receive(mail("something else", id_="<3@example.org>"))

        assert 2 == len(rows(shop, Dialogue))

    def test_a_handover_opens_a_card_and_a_colleagues_words_are_delivered(
        self, shop, channel, worker
    ):
        """No channel has to be known to the desk for that; the clerk is silent meanwhile."""
        worker.receive(mail("zzz qqq"))
        (card,) = rows(shop, DeskCard)
        worker.send_due()
        channel.sent.clear()

        Desk(shop.store.db).take_over(card.card_id, MIA, "Mia here.", shop.clock())
        worker.receive(mail("anyone?", id_="<2@example.org>", thread="<1@example.org>"))
        worker.send_due()

        assert "email" == rows(shop, Dialogue)[0].channel
        assert [("Mia here.", "Mia")] == [(one.text, one.author) for one in channel.sent]

    def test_what_the_mail_server_does_not_take_is_sent_later(self, shop, channel, worker):
        """When the channel says; under the same key."""
        worker.receive(mail("hello"))
        channel.away = True
        tried = [worker.send_due(), worker.send_due()]
        channel.away = False
        shop.now += timedelta(seconds=31)
        tried.append(worker.send_due())

        assert [1, 0, 1] == tried
        assert 1 == len(channel.sent)
        assert ["sent"] == [row.state for row in rows(shop, OutboxMessage)]

    def test_a_shopper_is_a_keyed_hash_and_keeps_it_when_the_key_rotates(self, shop, worker):
        """The address names nobody in figures and training; an older key's shopper stays."""
        old = ShopperIds("email", [b"old key"], is_known(shop))
        shop.clerk.open(shopper_id=old(ANA), channel="email", locale="en")

        worker.receive(mail("hello"))

        assert {old(ANA)} == {one.shopper_id for one in rows(shop, Dialogue)}
        assert "ana" not in old(ANA)
        assert old(ANA) != old("ben@example.org")

    def test_limits_hold(self, shop, channel, worker):
        """A text too long is told so, an empty one greeted; too many are refused, nothing lost."""
        worker.receive(mail("x" * 400))
        worker.receive(mail(" ", id_="<2@example.org>", thread="<1@example.org>"))
        shop.now += timedelta(seconds=1)
        while worker.send_due():
            shop.now += timedelta(seconds=1)
        for number in (3, 4):
            worker.receive(mail("hello", id_=f"<{number}@example.org>", thread="<1@example.org>"))
        before = len(shop.store.turns(rows(shop, Dialogue)[0].dialogue_id))

        with pytest.raises(TooManyMessages) as refused:
            worker.receive(mail("hello", id_="<5@example.org>", thread="<1@example.org>"))

        assert "300" in channel.sent[0].text
        assert 2 == len(channel.sent)
        assert 0 < refused.value.wait_s <= 120
        assert before == len(shop.store.turns(rows(shop, Dialogue)[0].dialogue_id))

    def test_an_automatic_answer_is_left_alone(self, shop, worker):
        """Two robots would write to each other for ever."""
        worker.receive(mail("I am on holiday", Auto_Submitted="auto-replied"))

        assert [] == rows(shop, Dialogue)

    def test_it_runs_beside_the_bot_until_it_is_stopped(self, shop, channel, worker):
        """As the bot's process runs it."""
        worker.receive(mail("hello"))

        async def run_until_sent() -> None:
            task = asyncio.create_task(worker.run())
            while not channel.sent:
                await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        asyncio.run(run_until_sent())

        assert 1 == len(channel.sent)
