"""Stories of Slack's inbox and outbox: once, in order, whoever dies."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from feedback.desk.inbox import MAX_ATTEMPTS, Inbox, Incoming
from feedback.desk.outbox import Outbox
from feedback.desk.review_sheets import Reviewable, choose
from tests.factories import NOW

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def event(key, lane="a", sort="1"):
    return Incoming(key, "message", lane, sort, {"text": "hi"})


class TestInbox:
    @pytest.fixture
    def inbox(self, database):
        return Inbox(database)

    def test_the_same_event_again_is_a_repeat(self, inbox):
        """Also within one commit."""
        assert 2 == inbox.put_all([event("e1"), event("e2"), event("e1")], NOW)
        assert not inbox.put(event("e2"), NOW)

    def test_one_lane_is_worked_off_in_slack_s_order(self, inbox):
        """The next is handed out when the one before is done; other lanes do not wait."""
        inbox.put_all([event("late", sort="2"), event("early"), event("other", "b")], NOW)
        first = inbox.claim("me", NOW, LEASE)
        assert ["early", "other"] == sorted(each.event_key for each in first)
        assert [] == inbox.claim("you", NOW, LEASE)
        inbox.done("early", "me")

        assert ["late"] == [each.event_key for each in inbox.claim("you", NOW, LEASE)]

    def test_a_dead_owner_s_event_is_taken_again_and_it_can_not_close_it(self, inbox):
        """After its lease; what six attempts died of is given up."""
        inbox.put(event("e1"), NOW)
        inbox.claim("dead", NOW, LEASE)
        later = NOW + LEASE + SECOND
        (again,) = inbox.claim("me", later, LEASE)

        assert not inbox.done("e1", "dead")
        assert 2 == again.attempts
        for attempt in range(MAX_ATTEMPTS):
            inbox.claim("dead", later + (attempt + 1) * (LEASE + SECOND), LEASE)
        assert {"failed": 1} == inbox.counts()

    def test_many_processes_take_each_event_once(self, inbox):
        """At the same moment."""
        inbox.put_all([event(f"e{n}", f"lane {n}") for n in range(24)], NOW)
        with ThreadPoolExecutor(4) as pool:
            taken = list(pool.map(lambda n: inbox.claim(f"p{n}", NOW, LEASE, most=6), range(4)))
        keys = [each.event_key for batch in taken for each in batch]

        assert 24 == len(keys) == len(set(keys))


class TestOutbox:
    @pytest.fixture
    def outbox(self, database):
        return Outbox(database)

    def test_a_channel_is_told_one_thing_at_a_time_and_at_its_pace(self, outbox):
        """In the order in which things were decided."""
        for key in ("first", "second"):
            assert outbox.put(key=key, lane="C1", kind="words", now=NOW)
        assert not outbox.put(key="first", lane="C1", kind="words", now=NOW)
        (first,) = outbox.claim("me", NOW, LEASE, SECOND)
        assert [] == outbox.claim("me", NOW, LEASE, SECOND)
        outbox.sent(first.number, "me", "1.1", NOW)
        assert [] == outbox.claim("me", NOW + SECOND / 2, LEASE, SECOND)
        (second,) = outbox.claim("me", NOW + SECOND, LEASE, SECOND)

        assert ("first", "second") == (first.key, second.key)

    @pytest.mark.parametrize(("arrived", "unsure"), [(False, False), (None, True)])
    def test_what_may_have_arrived_is_looked_up(self, outbox, arrived, unsure):
        """A 429 surely did not arrive, a 503 may have."""
        outbox.put(key="k", lane="C1", kind="words", now=NOW)
        (claimed,) = outbox.claim("me", NOW, LEASE, SECOND)
        due = NOW + 5 * SECOND
        outbox.again(claimed.number, "me", due, "ratelimited", arrived=arrived)
        assert not outbox.is_due(NOW + 4 * SECOND)
        (again,) = outbox.claim("me", due, LEASE, SECOND)

        assert (unsure, 2) == (again.unsure, again.attempts)

    def test_a_killed_sender_s_message_is_unsure(self, outbox):
        """Its lease runs out; its own late word no longer counts."""
        outbox.put(key="k", lane="C1", kind="words", now=NOW)
        (claimed,) = outbox.claim("dead", NOW, LEASE, SECOND)
        (again,) = outbox.claim("me", NOW + LEASE + SECOND, LEASE, SECOND)

        assert again.unsure
        assert not outbox.sent(claimed.number, "dead", "1.1", NOW)
        assert outbox.sent(again.number, "me", "1.1", NOW)
        assert 0 == outbox.waiting().messages


answers = st.lists(
    st.builds(
        Reviewable,
        impression_id=st.uuids().map(str),
        reply_id=st.sampled_from("abcdef"),
        confidence=st.floats(0, 1),
        served_by=st.sampled_from(["model", "keywords"]),
        liked=st.booleans(),
        disliked=st.booleans(),
        times_shown=st.integers(1, 50),
    ),
    unique_by=lambda one: one.impression_id,
)


class TestChoose:
    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(answers, st.integers(1, 12))
    def test_a_sheet_is_full_when_it_can_be_and_repeats_nothing(self, pool, size):
        """At most two of one reply, whatever there is to choose from."""
        chosen = choose(pool, sold=[one.impression_id for one in pool[::2]], size=size)
        ids = [impression_id for impression_id, _ in chosen]
        reply_of = {one.impression_id: one.reply_id for one in pool}
        most = sum(min(2, n) for n in Counter(one.reply_id for one in pool).values())

        assert len(ids) == len(set(ids)) == min(size, most)
        assert all(n <= 2 for n in Counter(reply_of[i] for i in ids).values())
