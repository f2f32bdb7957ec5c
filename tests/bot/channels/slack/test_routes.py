"""How messages to Slack travel: words first, each method within its own budget."""

from datetime import timedelta

import pytest

from bot.channels.slack.routes import ALL, slack_route
from feedback.desk.outbox import Outbox
from tests.bot.shop import NOON

SECOND = timedelta(seconds=1)
LEASE = 25 * SECOND
NEVER = timedelta(0)


@pytest.fixture
def outbox(shop):
    """An outbox whose messages travel as Slack's do."""
    return Outbox(shop.store.db, router=slack_route)


def put(outbox, key, *, kind="words", lane="C1", thread="1.1", now=NOON, **options):
    outbox.put(key=key, lane=lane, kind=kind, thread_ts=thread, now=now, **options)


def leave(outbox, now=NOON):
    """The keys of what may leave now; it arrives."""
    claimed = outbox.claim("me", now, LEASE, SECOND)
    for each in claimed:
        outbox.sent(each.number, "me", "9.9", now)
    return [each.key for each in claimed]


class TestBudgets:
    def test_posts_to_a_channel_leave_a_second_apart_after_a_short_burst(self, outbox):
        """Four at once, then one a second."""
        for number in range(20):
            put(outbox, f"k{number:02}", thread=f"{number}.1")
        left = [leave(outbox, NOON + second * SECOND) for second in range(12)]

        assert ["k00", "k01", "k02", "k03"] == left[0]
        assert {1} == {len(each) for each in left[1:]}

    def test_another_channel_has_a_budget_of_its_own(self, outbox):
        """Nobody waits for others' talk."""
        for number in range(6):
            put(outbox, f"k{number}", thread=f"{number}.1")
        put(outbox, "other", lane="C2")

        assert "other" in leave(outbox)

    def test_updates_ticks_and_whispers_take_nothing_from_words(self, outbox):
        """They are other methods, each with so many a minute."""
        for number in range(30):
            put(outbox, f"u{number}", kind="card", thread=None, payload={"ts": "1.1"})
            put(outbox, f"w{number}", kind="whisper")
            put(outbox, f"m{number}", kind="mark")
        put(outbox, "words")
        left = leave(outbox)

        assert "words" in left
        assert {"u": 10, "m": 10, "w": 26} == {
            kind: sum(key.startswith(kind) for key in left) for kind in "umw"
        }

    def test_no_minute_has_more_than_fifty_updates(self, outbox):
        """Slack's third tier."""
        for number in range(70):
            put(outbox, f"u{number}", kind="card", thread=None, payload={"ts": "1.1"})
        left = [len(leave(outbox, NOON + second * SECOND)) for second in range(0, 90, 3)]

        assert max(sum(left[at : at + 20]) for at in range(len(left) - 20)) <= 50


class TestOrder:
    def test_words_go_before_a_card_that_was_there_first(self, outbox):
        """Who talks with a person waits for words; the drawing can wait."""
        for number in range(4):
            put(outbox, f"c{number}", kind="card", thread=None)
            put(outbox, f"w{number}", thread=f"{number}.1", now=NOON + SECOND)

        assert ["w0", "w1", "w2", "w3"] == leave(outbox, NOON + SECOND)

    def test_a_card_does_not_wait_for_ever(self, outbox):
        """It is somebody who waits: after two seconds it goes before newer words."""
        put(outbox, "card", kind="card", thread=None)
        for number in range(4):
            put(outbox, f"w{number}", thread=f"{number}.1", now=NOON + 3 * SECOND)

        assert "card" == leave(outbox, NOON + 3 * SECOND)[0]

    def test_a_thread_is_told_one_after_another(self, outbox):
        """However much its budget would allow."""
        for number in range(3):
            put(outbox, f"k{number}")
        (first,) = outbox.claim("me", NOON, LEASE, SECOND)
        assert [] == outbox.claim("me", NOON, LEASE, SECOND)
        outbox.sent(first.number, "me", "1.2", NOON)

        assert ["k1"] == leave(outbox)

    def test_a_message_that_is_tried_again_keeps_its_thread_waiting_and_no_other(self, outbox):
        """The order of a talk is kept; the channel's other talks go on."""
        put(outbox, "k0")
        put(outbox, "k1")
        (first,) = outbox.claim("me", NOON, LEASE, SECOND)
        put(outbox, "other", thread="2.1")
        outbox.again(first.number, "me", NOON + 9 * SECOND, "odd", arrived=False)

        assert ["other"] == leave(outbox, NOON + SECOND)
        assert ["k0"] == leave(outbox, NOON + 9 * SECOND)


class TestClosing:
    @pytest.mark.parametrize(
        ("closes", "left"),
        [
            (None, ["same", "other", "update"]),
            ("post C1", ["other", "update"]),
            ("chat_postMessage", ["update"]),
            (ALL, []),
        ],
    )
    def test_no_more_is_closed_than_was_refused(self, outbox, closes, left):
        """The message's thread, its channel, its method, or everything."""
        put(outbox, "k0")
        (first,) = outbox.claim("me", NOON, LEASE, SECOND)
        put(outbox, "same", thread="2.1")
        put(outbox, "other", lane="C2")
        put(outbox, "update", kind="card", thread=None, payload={"ts": "1.1"})
        due = NOON + 15 * SECOND
        outbox.again(first.number, "me", due, "refused", arrived=False, closes=closes)

        assert left == leave(outbox, NOON + SECOND)
        assert "k0" in leave(outbox, due + SECOND)


class TestOvertaken:
    def test_a_tick_that_waits_is_dropped_for_a_later_one_of_its_thread(self, outbox):
        """Reactions are counted; what stands above a tick was sent too."""
        for ts in ("1.2", "1.3", "1.4"):
            put(outbox, f"mark:{ts}", kind="mark", payload={"ts": ts}, overtakes=True)
        put(outbox, "mark:2.2", kind="mark", thread="2.1", payload={"ts": "2.2"}, overtakes=True)

        assert ["mark:1.4", "mark:2.2"] == leave(outbox)

    def test_what_may_have_arrived_is_not_dropped(self, outbox):
        """It is looked up instead."""
        put(outbox, "k0", kind="mark")
        (first,) = outbox.claim("me", NOON, LEASE, SECOND)
        outbox.again(first.number, "me", NOON, "stalled", arrived=None)
        put(outbox, "k1", kind="mark", overtakes=True)

        assert ["k0", "k1"] == leave(outbox)
