"""Stories of what is believed: no burst, no contradiction, never against the staff."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from feedback.signals.trust_rules import balanced, clipped, settle
from feedback.signals.votes import Vote, bursts
from feedback.signals.weights import MOST_OF_SHOPPERS, Example
from tests.factories import NOW, hours


def example(reply_id, *, signal="thumb", shopper="anna", text="send it back?", **changes):
    fields = {
        "turns": (("shopper", text),),
        "reply_id": reply_id,
        "weight": 1.0,
        "signal": signal,
        "shoppers": (shopper,),
        "impression_id": f"shown-to-{shopper}",
        "at": NOW,
    }
    return Example(**{**fields, **changes})


def settled(*examples, vetoed=(), disliked=()):
    found = settle(examples, vetoed=vetoed, disliked=disliked)
    return [each.reply_id for each in found.kept], found.torn


class TestBursts:
    def votes(self, count, *, apart=timedelta(minutes=1), origin="farm"):
        return [Vote(f"i{n}", f"v{n}", "up", origin, NOW + n * apart) for n in range(count)]

    def test_a_farm_is_set_aside_whole(self):
        """Eleven votes of one address in an hour: none of them counts, under whatever name."""
        assert len(bursts(self.votes(11))) == 11

    def test_an_office_is_not(self):
        """Ten an hour are colleagues behind one address."""
        assert bursts(self.votes(10)) == set()
        assert bursts(self.votes(50, apart=hours(0.2))) == set()

    def test_votes_without_an_address_are_no_burst(self):
        """Slack names people, not addresses."""
        assert bursts(self.votes(50, origin=None)) == set()

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 300)), max_size=60))
    def test_what_is_spread_thin_is_never_set_aside(self, seen):
        """A vote is set aside only among more than ten of its own address within the hour."""
        votes = [
            Vote(f"i{n}", "v", "up", origin, NOW + timedelta(minutes=minute))
            for n, (origin, minute) in enumerate(seen)
        ]
        left_out = {impression_id for impression_id, _ in bursts(votes)}
        for vote in votes:
            near = [
                each
                for each in votes
                if each.origin == vote.origin and abs(each.at - vote.at) <= hours(1)
            ]
            if vote.impression_id in left_out:
                assert len(near) > 10


class TestClipped:
    @given(st.floats(0.5, 1.5), st.floats(0.001, 1.0))
    def test_a_shopper_never_counts_more_than_the_staff(self, weight, propensity):
        """However seldom a reply was said."""
        assert weight <= clipped(weight, propensity) <= max(weight, MOST_OF_SHOPPERS)

    @pytest.mark.parametrize(
        ("weight", "propensity", "expected"), [(1.0, 1.0, 1.0), (1.0, 0.8, 1.25), (1.5, 0.05, 2.0)]
    )
    def test_what_was_seldom_said_counts_more(self, weight, propensity, expected):
        """Divided by how often, and no more than an approval."""
        assert expected == clipped(weight, propensity)


class TestSettle:
    def test_the_staff_s_newest_word_holds(self):
        """Whatever shoppers say, and whatever the staff said before."""
        old = example("return_policy", signal="question", at=NOW - hours(9))
        new = example("return_how", signal="corrected", at=NOW)
        crowd = [example("return_policy", shopper=f"s{n}") for n in range(9)]
        assert settled(old, new, *crowd) == (["return_how"], ())

    def test_what_the_staff_refused_stays_refused(self):
        """A veto is final: no number of thumbs brings the reply back."""
        crowd = [example("return_policy", shopper=f"s{n}") for n in range(9)]
        veto = (("send it back?", "en"), "return_policy")
        assert settled(*crowd, vetoed=[veto]) == ([], ())

    def test_shoppers_who_contradict_each_other_are_the_staff_s_to_judge(self):
        """Neither reply is learned, and both impressions are torn."""
        both = example("return_policy"), example("return_how", shopper="ben")
        assert settled(*both) == ([], ("shown-to-anna", "shown-to-ben"))

    def test_a_thumb_down_elsewhere_is_a_contradiction_too(self):
        """The same words, the same reply, liked by one and disliked by another."""
        down = (("send it back?", "en"), "return_policy", "shown-to-ben", "ben")
        assert settled(example("return_policy"), disliked=[down]) == (
            [],
            ("shown-to-anna", "shown-to-ben"),
        )

    def test_three_times_as_many_outvote_the_rest(self):
        """A single contrary thumb does not silence a reply that three others liked."""
        crowd = [example("return_policy", shopper=f"s{n}") for n in range(3)]
        assert settled(*crowd, example("jobs", shopper="ben")) == (["return_policy"] * 3, ())

    def test_one_shopper_is_one_voice_however_often(self):
        """Pressing three thumbs outvotes nobody."""
        loud = [example("jobs", shopper="ben", impression_id=f"b{n}") for n in range(3)]
        kept, torn = settled(*loud, example("return_policy"))
        assert (kept, len(torn)) == ([], 4)

    def test_just_less_than_three_times_as_many_is_a_contradiction(self):
        """Five against two, thumbs down and other replies counted together."""
        crowd = [example("return_policy", shopper=f"s{n}") for n in range(5)]
        down = (("send it back?", "en"), "return_policy", "shown-to-zoe", "zoe")

        kept, torn = settled(*crowd, example("jobs", shopper="ben"), disliked=[down])

        assert ([], 7) == (kept, len(torn))
        assert "shown-to-zoe" in torn

    def test_one_more_and_they_outvote_both(self):
        """Six against a thumb down and another reply."""
        crowd = [example("return_policy", shopper=f"s{n}") for n in range(6)]
        down = (("send it back?", "en"), "return_policy", "shown-to-zoe", "zoe")

        found = settled(*crowd, example("jobs", shopper="ben"), disliked=[down])

        assert (["return_policy"] * 6, ()) == found

    def test_thumbs_down_of_one_shopper_are_one_doubt(self):
        """However many impressions they pressed it on; all of those may be torn."""
        words = ("send it back?", "en")
        downs = [(words, "return_policy", f"seen-{n}", "zoe") for n in range(3)]
        crowd = [example("return_policy", shopper=f"s{n}") for n in range(3)]

        assert (["return_policy"] * 3, ()) == settled(*crowd, disliked=downs)
        assert ([], ("shown-to-s0", "seen-0", "seen-1", "seen-2")) == settled(
            crowd[0], disliked=downs
        )

    def test_a_thumb_down_on_a_reply_that_nobody_liked_is_no_doubt(self):
        """It speaks against that reply alone, and nothing of it is to be judged."""
        down = (("send it back?", "en"), "jobs", "shown-to-ben", "ben")

        assert (["return_policy"], ()) == settled(example("return_policy"), disliked=[down])

    def test_other_words_do_not_contradict(self):
        """Nor the same in another language; case and spaces make no others."""
        apart = [example("a", text="one"), example("b", text="two"), example("c", locale="zh")]
        same = [example("a", text="Send it  BACK?"), example("b", text=" send it back? ")]

        assert (["a", "b", "c"], ()) == settled(*apart)
        assert ([], ("shown-to-anna",)) == settled(*same)

    def test_the_last_words_are_what_was_asked(self):
        """What was said before them may differ."""
        before = (("shopper", "hi"), ("clerk", "hello"), ("shopper", "send it back?"))
        other = example("jobs", shopper="ben", turns=before)

        assert ([], 2) == (settled(example("a"), other)[0], len(settled(example("a"), other)[1]))

    def test_a_veto_is_for_its_reply_and_words(self):
        """Other replies to them are learned; and the staff may say again what they refused."""
        veto = (("send it back?", "en"), "jobs")
        again = example("jobs", signal="corrected")

        assert (["return_policy"], ()) == settled(example("return_policy"), vetoed=[veto])
        assert (["jobs"], ()) == settled(again, vetoed=[veto])

    def test_a_word_of_the_staff_without_a_time_is_the_oldest(self):
        """Imported questions have none; what shoppers say with the staff's word is kept."""
        old, new = example("a", signal="question", at=None), example("b", signal="corrected")

        assert (["b", "b"], ()) == settled(new, old, example("b", shopper="ben"))
        assert (["b", "b"], ()) == settled(old, new, example("b", shopper="ben"))

    def test_what_no_impression_showed_is_nobodys_to_judge(self):
        """Torn are impressions, each once."""
        said = [example("a", impression_id=None), example("b", impression_id=None, shopper="ben")]

        assert ([], ()) == settled(*said)


class TestBalanced:
    def test_a_rare_language_counts_more(self):
        """By the square root of what it lacks, three times at most; the common one as before."""
        many = [example("a", text=f"q{n}") for n in range(90)]
        few = [example("a", text=f"问{n}", locale="zh") for n in range(10)]
        weights = {each.locale: each.weight for each in balanced([*many, *few])}
        assert weights == {"en": 1.0, "zh": pytest.approx(5**0.5, abs=1e-5)}

    def test_one_language_is_left_alone(self):
        """Nothing to balance."""
        alone = [example("a")]
        assert balanced(alone) == alone

    def test_nothing_counts_more_than_three_times(self):
        """One example of a hundred would count seven times."""
        many = [example("a", text=f"q{n}") for n in range(99)]

        weights = {
            each.locale: each.weight for each in balanced([*many, example("a", locale="zh")])
        }

        assert {"en": 1.0, "zh": 3.0} == weights

    def test_weights_are_multiplied_and_written_with_six_decimals(self):
        """Of three languages a fair share is a third."""
        said = [example("a", locale=locale, weight=0.5) for locale in ("en",) * 5 + ("zh", "de")]

        weights = {each.locale: each.weight for each in balanced(said)}

        assert {"en": 0.5, "zh": 0.763763, "de": 0.763763} == weights

    def test_a_rare_topic_counts_more_where_somebody_vouches_for_it(self):
        """A fifth of a fair share counts as if it were half of one; a thumb stays a thumb."""
        often = [example("a", text=f"q{n}", signal="question") for n in range(90)]
        seldom = [example("b", text=f"r{n}", signal="question") for n in range(9)]
        weights = {
            (each.reply_id, each.signal): each.weight
            for each in balanced([*often, *seldom, example("b", text="liked", signal="thumb")])
        }

        assert {
            ("a", "question"): 1.0,
            ("b", "question"): 2.5,
            ("b", "thumb"): 1.0,
        } == weights

    def test_many_topics_as_common_as_one_another_stay_as_they_are(self):
        """Whatever their number."""
        said = [example(name, text=f"{name} {n}") for name in "abcde" for n in range(4)]

        assert said == balanced(said)

    def test_examples_that_nothing_fits_are_no_topic(self):
        """Their number makes no reply rare, and they count as they did."""
        alone = example("a", signal="question")
        unfit = [example(None, text=f"u{n}", signal="question") for n in range(9)]

        assert [alone, *unfit] == balanced([alone, *unfit])


class TestFollowUps:
    def follow_up(self, before, reply_id, text="and in english?", **changes):
        turns = (("shopper", "…"), ("clerk", before), ("shopper", text))
        return example(reply_id, turns=turns, **changes)

    def test_the_same_few_words_behind_another_answer_are_another_question(self):
        """Each is learned in its context: nobody contradicts anybody."""
        kept, torn = settled(
            self.follow_up("Delivery costs $6.", "shipping_time", signal="corrected"),
            self.follow_up("Refunds take 5 days.", "refund_how", shopper="ben"),
        )
        assert (["shipping_time", "refund_how"], ()) == (kept, torn)

    def test_behind_the_same_answer_they_are_the_same(self):
        """Whatever the order's number in it: the staff's word holds."""
        kept, _ = settled(
            self.follow_up("Order 5001 is sent.", "shipping_time", signal="corrected"),
            self.follow_up("Order 5002 is sent.", "refund_how", shopper="ben"),
        )
        assert ["shipping_time"] == kept

    def test_a_question_of_many_words_means_the_same_everywhere(self):
        """What was said before it changes nothing."""
        text = "how long does delivery to france take"
        kept, _ = settled(
            self.follow_up("Delivery costs $6.", "shipping_time", text, signal="corrected"),
            self.follow_up("Hello!", "refund_how", text, shopper="ben"),
        )
        assert ["shipping_time"] == kept

    @pytest.mark.parametrize(
        ("text", "apart"),
        [
            ("and how in english?", True),
            ("and how in plain english?", False),
            ("那英文的多少钱呢", True),
            ("那英文的要多少钱呢", False),
        ],
    )
    def test_few_are_four_words_or_eight_letters_where_no_spaces_part_them(self, text, apart):
        """One more, and they mean the same behind whatever was said."""
        kept, _ = settled(
            self.follow_up("Delivery costs $6.", "shipping_time", text, signal="corrected"),
            self.follow_up("Hello!", "refund_how", text, shopper="ben"),
        )
        assert (["shipping_time", "refund_how"] if apart else ["shipping_time"]) == kept

    def test_what_counts_is_the_clerk_s_newest_answer(self):
        """Neither an older one nor what the shopper said in between."""
        turns = (("clerk", "Hello!"), ("clerk", "Delivery costs $6."), ("shopper", "I see"))
        words = ("shopper", "and in english?")
        kept, _ = settled(
            example("shipping_time", turns=(*turns, words), signal="corrected"),
            self.follow_up("Delivery costs $6.", "refund_how", shopper="ben"),
        )
        assert ["shipping_time"] == kept
