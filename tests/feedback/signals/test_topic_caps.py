"""What one topic may take in from shoppers whom nobody vouches for."""

from collections import Counter
from dataclasses import replace
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

    def test_the_numbers(self):
        """Half of what is vouched for, at least three, at most twenty new ones a retraining."""
        assert [3, 3, 3, 4, 5, 100] == [places(vouched) for vouched in (0, 6, 7, 8, 10, 200)]
        assert (0.5, 20, 3) == (SHARE, MOST_NEW, LEAST)

    def test_each_address_gets_a_turn_before_any_gets_two(self):
        """Of four places two addresses get two each, their oldest; however many one sends first."""
        farm = examples(9, origin="farm")
        home = examples(2, at=NOW + days(1), origin="home")

        found = admit([*examples(8, signal="question"), *reversed(farm), *reversed(home)])

        assert [*reversed(farm[:2]), *reversed(home)] == [
            one for one in found.kept if one.signal == "thumb"
        ]

    def test_without_an_address_a_shopper_is_one(self):
        """Slack names people."""
        loud = [replace(one, shoppers=("loud",)) for one in examples(9)]
        quiet = [replace(one, shoppers=("quiet",)) for one in examples(1, at=NOW + days(1))]

        assert quiet[0] in admit([*loud, *quiet]).kept

    def test_what_has_no_time_is_the_oldest(self):
        """Imported before times were kept: first in turn, and known to every retraining."""
        timeless = [replace(one, at=None, origin="one") for one in examples(1, at=NOW + days(9))]
        later = examples(8, origin="one")

        assert timeless[0] in admit([*later, *timeless]).kept
        assert 4 == len(admit([*timeless, *later], [NOW - days(1)]).kept) + 1

    def test_what_was_vouched_for_later_made_no_place_before(self):
        """A retraining took what it then could; each keeps its place in those that follow."""
        labelled = examples(40, signal="question", at=NOW + days(5))
        early = examples(30)

        kept = admit([*labelled, *early], [NOW + days(1)]).kept

        assert early[:20] == [one for one in kept if one.signal == "thumb"]
        assert 3 == counted(admit([*labelled, *early][40:], [NOW + days(1)]).kept)

    def test_an_example_of_a_retraining_s_own_moment_was_read(self):
        """Up to and including."""
        liked = examples(30)
        labelled = examples(200, signal="question", at=NOW - days(1))

        assert 21 == counted(admit([*labelled, *liked], [NOW]).kept)

    def test_what_is_left_out_is_counted_where_it_wanted_to_go(self):
        """In the topic that would have taken the words in, not in the one that would lose them."""
        found = admit(examples(5, "gift_wrap", believed="shipping"))

        assert {"gift_wrap": 2} == found.left_out

    def test_words_that_fit_no_reply_are_held_by_the_topic_that_loses_them(self):
        """ "None of these" names no topic of its own."""
        none_fits = [replace(one, reply_id=None) for one in examples(5, believed="shipping")]

        assert ("shipping",) == topics_of(none_fits[0])
        assert {"shipping": 2} == admit(none_fits).left_out

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
