"""What one topic may take in from shoppers whom nobody vouches for."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, strategies as st

from feedback.signals.topic_caps import (
    LEAST,
    MOST_NEW,
    SHARE,
    admit,
    places,
    topics_of,
    vouched_for,
)
from feedback.signals.weights import Example
from tests.factories import NOW, days


def examples(count, reply_id="gift_wrap", *, signal="thumb", believed=None, at=NOW, **changes):
    return [
        Example(
            turns=(("shopper", f"{signal} {number} of {reply_id} at {at}"),),
            reply_id=reply_id,
            weight=1.0,
            signal=signal,
            believed=believed or reply_id,
            at=at + number * timedelta(seconds=1),
            shoppers=(f"shopper {number}",),
            **changes,
        )
        for number in range(count)
    ]


def counted(kept, signal="thumb"):
    return sum(one.signal == signal for one in kept)


class TestAdmit:
    def test_a_topic_takes_in_half_of_what_is_vouched_for_in_it(self):
        """Of four hundred thumbs for a reply with thirty labelled questions fifteen are learned."""
        found = admit([*examples(30, signal="question"), *examples(400)])
        assert (15, {"gift_wrap": 385}) == (counted(found.kept), found.left_out)

    def test_a_large_topic_takes_in_twenty_a_retraining(self):
        """However much is vouched for; the rest waits, and comes in turn."""
        labelled, liked = examples(1_000, signal="question"), examples(100, at=NOW + days(1))
        runs = [NOW + days(2), NOW + days(9)]
        learned = [counted(admit([*labelled, *liked], runs[:n]).kept) for n in range(3)]
        assert learned == [20, 40, 60]

    def test_words_taken_from_a_topic_need_a_place_there_too(self):
        """Many replies that each take a little of one topic are together held to its own share."""
        labelled = [
            one
            for reply_id in ("shipping", "r0", "r1", "r2", "r3")
            for one in examples(20, reply_id, signal="question")
        ]
        taken = [
            one
            for n in range(4)
            for one in examples(50, f"r{n}", signal="choice", believed="shipping")
        ]
        assert 10 == counted(admit([*labelled, *taken]).kept, "choice")

    def test_who_bought_and_the_staff_are_never_left_out(self):
        """Orders cost money, and verdicts come from the staff."""
        proven = [
            *examples(50, signal="sale"),
            *examples(50, signal="approved"),
            *examples(50, bought=True),
        ]
        assert (proven, {}) == admit(proven)

    def test_a_reply_nobody_labelled_may_begin_to_learn(self):
        """With three."""
        assert LEAST == counted(admit(examples(50)).kept)

    def test_addresses_take_turns(self):
        """Who came late from an address of their own gets a place beside a farm's hundred."""
        farm = examples(100, origin="farm")
        late = examples(1, at=NOW + days(1), origin="home")
        labelled = examples(8, signal="question")
        assert late[0] in admit([*labelled, *farm, *late]).kept

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("abc"),
                st.sampled_from("abc"),
                st.sampled_from(["thumb", "choice", "question", "sale"]),
                st.integers(0, 30),
            ),
            max_size=120,
        ),
        st.lists(st.integers(0, 30), max_size=4),
    )
    def test_no_topic_ever_holds_more_than_its_places(self, said, runs):
        """Nor loses more; what is vouched for is all learned, and nothing is lost uncounted."""
        given_all = [
            Example((("shopper", str(n)),), reply, 1.0, signal=signal, believed=first,
                    at=NOW + days(day), shoppers=(f"s{n}",))
            for n, (reply, first, signal, day) in enumerate(said)
        ]  # fmt: skip
        found = admit(given_all, [NOW + days(day) for day in runs])
        vouched = Counter(one.reply_id for one in given_all if vouched_for(one))
        held = Counter(
            topic for one in found.kept if not vouched_for(one) for topic in topics_of(one)
        )
        assert all(held[topic] <= places(vouched[topic]) for topic in held)
        assert all(held[topic] <= MOST_NEW * (len(runs) + 1) for topic in held)
        assert [one for one in found.kept if vouched_for(one)] == list(
            filter(vouched_for, given_all)
        )
        assert len(found.kept) + sum(found.left_out.values()) == len(given_all)
        assert SHARE < 1
