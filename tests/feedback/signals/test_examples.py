"""Stories of what may be learned: staff before shoppers, no thumbs-down, nobody too often."""

from decimal import Decimal

import pytest

from feedback.desk.review_sheets import Sheets
from feedback.knowledge.importers.files import QuestionLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.signals.examples import collect, gather
from tests.factories import (
    NOW,
    answer,
    hours,
    make_orders,
    make_purchase,
    make_store,
    new_id,
    open_dialogue,
    signals_of,
)


def learned(database, **changes):
    return [
        (example.signal, example.turns[-1][1], example.reply_id, example.weight)
        for example in collect(database, now=NOW + hours(999), **changes)
    ]


def label(database):
    """Forty questions, so that their topic has a place for twenty thumbs."""
    labelled = [QuestionLine(f"labelled {number}", "return_policy") for number in range(40)]
    ReplyBook(database).put_questions(labelled, NOW)


def thumbs(database, **changes):
    return sum(signal == "thumb" for signal, *_ in learned(database, **changes))


def review(store, shown, verdict, **changes):
    signals_of(store).review(
        review_id=new_id("review"),
        impression_id=shown.impression_id,
        staff="mei",
        verdict=verdict,
        now=NOW,
        **changes,
    )


def press(store, shown, target, **changes):
    signals_of(store).record_click(
        click_id=new_id("click"),
        impression_id=shown.impression_id,
        kind="choice",
        target=target,
        now=NOW,
        **changes,
    )


@pytest.fixture
def store(one_database):
    return make_store(one_database)


class TestSignals:
    def test_questions_of_the_staff_count_one(self, database):
        """
        A labelled question is a dialogue of one turn; no reply is a label too.
        """
        ReplyBook(database).put_questions(
            [QuestionLine("send it back?", "return_how"), QuestionLine("sing a song", None)], NOW
        )
        assert learned(database) == [
            ("question", "send it back?", "return_how", 1.0),
            ("question", "sing a song", None, 1.0),
        ]

    def test_thumb_up_sale_approval_and_correction(self, database):
        """
        Each signal has its weight; a correction teaches the right reply and refuses the wrong one.
        """
        store, orders = make_store(database), make_orders(database)
        for name in ("thumb", "sale", "approved", "corrected", "silent"):
            dialogue = open_dialogue(store, shopper_id=name)
            shown = answer(store, dialogue, question=f"about {name}").impression
            if name == "thumb":
                signals_of(store).rate(
                    impression_id=shown.impression_id, voter=name, value="up", now=NOW
                )
            if name == "sale":
                orders.record(make_purchase(token_shopper_id=name, placed_at=NOW + hours(1)), NOW)
            if name == "approved":
                review(store, shown, "approved")
            if name == "corrected":
                review(store, shown, "corrected", reply_id="return_how")

        assert sorted(learned(database)) == [
            ("approved", "about approved", "return_policy", 2.0),
            ("corrected", "about corrected", "return_how", 3.0),
            ("sale", "about sale", "return_policy", 1.5),
            ("thumb", "about thumb", "return_policy", 1.0),
        ]
        corrected = [each for each in collect(database, now=NOW + hours(9)) if each.rejected]
        assert [("return_policy",)] == [each.rejected for each in corrected]

    def test_thumb_down_keeps_the_dialogue_out(self, one_database, store):
        """
        A dialogue with a thumbs-down teaches nothing that only shoppers vouch for.
        """
        dialogue = open_dialogue(store)
        for value in ("up", "down"):
            shown = answer(store, dialogue, question=f"{value}?").impression
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="anna", value=value, now=NOW
            )
        assert learned(one_database) == []

    def test_rejected_reply_is_a_hard_negative_elsewhere(self, one_database, store):
        """
        A reply refused for a question is named as wrong where the right one is known.
        """
        ReplyBook(one_database).put_questions([QuestionLine("send back?", "return_how")], NOW)
        review(
            store, answer(store, open_dialogue(store), question="send back?").impression, "rejected"
        )
        (example,) = collect(one_database, now=NOW + hours(1))
        assert ("return_how", ("return_policy",)) == (example.reply_id, example.rejected)

    def test_button_chosen_is_a_weak_sign(self, one_database, store):
        """
        Picking one of three replies says a little about which was right.
        """
        shown = answer(
            store,
            open_dialogue(store),
            question="hm?",
            kind="choices",
            reply_id=None,
            choices=[{"reply_id": "jobs", "title": "Jobs"}],
        ).impression
        press(store, shown, "jobs")
        assert learned(one_database) == [("choice", "hm?", "jobs", 0.5)]


def ranked(*reply_ids):
    return [{"reply_id": id_, "score": 3.0 - place} for place, id_ in enumerate(reply_ids)]


class TestWhatThePolicyChose:
    def test_a_button_that_was_not_offered_teaches_nothing(self, one_database, store):
        """
        Whatever reply a click names.
        """
        shown = answer(store, open_dialogue(store), question="shipping?").impression
        press(store, shown, "gift_wrap")
        assert learned(one_database) == []

    @pytest.mark.parametrize("value", ["up", "down"])
    @pytest.mark.parametrize("candidates", [[], ranked("shipping_cost", "gift_wrap")])
    def test_a_reply_said_for_other_words_is_not_learned_for_these(
        self, one_database, store, candidates, value
    ):
        """
        A button was pressed, or an order's number came: the policy did not choose it here.
        """
        ReplyBook(one_database).put_questions([QuestionLine("shipping?", "shipping_cost")], NOW)
        shown = answer(
            store,
            open_dialogue(store),
            question="shipping?",
            reply_id="gift_wrap",
            candidates=candidates,
        ).impression
        signals_of(store).rate(
            impression_id=shown.impression_id, voter="anna", value=value, now=NOW
        )
        assert learned(one_database) == [("question", "shipping?", "shipping_cost", 1.0)]
        assert [()] == [each.rejected for each in collect(one_database, now=NOW + hours(1))]

    def test_a_near_tie_that_was_explored_is_learned(self, one_database, store):
        """
        The policy drew it, with a probability.
        """
        shown = answer(
            store,
            open_dialogue(store),
            question="back?",
            reply_id="return_how",
            propensity=0.1,
            candidates=ranked("return_policy", "return_how"),
        ).impression
        signals_of(store).rate(impression_id=shown.impression_id, voter="anna", value="up", now=NOW)
        assert learned(one_database) == [("thumb", "back?", "return_how", 2.0)]

    def test_the_staff_may_judge_any_reply(self, one_database, store):
        """
        Their word needs no policy.
        """
        shown = answer(store, open_dialogue(store), question="back?", candidates=[]).impression
        review(store, shown, "approved")
        assert learned(one_database) == [("approved", "back?", "return_policy", 2.0)]


class TestFairShare:
    def test_one_shopper_adds_a_few_at_most(self, one_database, store):
        """
        Whoever presses a hundred thumbs counts ten times.
        """
        dialogue = open_dialogue(store)
        for number in range(15):
            shown = answer(store, dialogue, question=f"question {number}?").impression
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="anna", value="up", now=NOW
            )
        label(one_database)
        assert 10 == thumbs(one_database)
        assert 3 == thumbs(one_database, per_shopper=3)

    def test_same_words_with_the_same_reply_count_once(self, one_database, store):
        """
        Said by many it is still one example, under its strongest signal.
        """
        for verdict in (None, "approved"):
            shown = answer(store, open_dialogue(store), question="back?").impression
            if verdict:
                review(store, shown, verdict)
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="v", value="up", now=NOW
            )
        assert learned(one_database) == [("approved", "back?", "return_policy", 2.0)]

    def test_a_burst_of_votes_from_one_address_is_set_aside(self, one_database, store):
        """
        A dozen shoppers of one address within the hour teach nothing; the others do.
        """
        for number in range(14):
            shown = answer(store, open_dialogue(store), question=f"question {number}?").impression
            signals_of(store).rate(
                impression_id=shown.impression_id,
                voter=f"v{number}",
                value="up",
                origin="farm" if number < 12 else f"home {number}",
                now=NOW,
            )
        assert [said for _, said, _, _ in learned(one_database)] == [
            "question 12?",
            "question 13?",
        ]
        assert gather(one_database, now=NOW + hours(1)).burst_votes == 12

    def test_pressed_buttons_are_votes_of_a_burst_too(self, one_database, store):
        """
        Six thumbs and six choices of one address within the hour are a dozen.
        """
        for number in range(6):
            liked = answer(store, open_dialogue(store), question=f"thumb {number}?").impression
            signals_of(store).rate(
                impression_id=liked.impression_id, voter="v", value="up", origin="farm", now=NOW
            )
            offered = answer(
                store,
                open_dialogue(store),
                question=f"choice {number}?",
                kind="choices",
                reply_id=None,
                choices=[{"reply_id": "jobs", "title": "Jobs"}],
            ).impression
            press(store, offered, "jobs", origin="farm")
        assert learned(one_database) == []
        assert gather(one_database, now=NOW + hours(1)).burst_votes == 12

    def test_one_address_adds_ten_a_day(self, one_database, store):
        """
        Slowly, by as many shoppers as it likes to be: it is one voice.
        """
        for number in range(14):
            at = NOW + hours(number)
            shown = answer(
                store, open_dialogue(store, now=at), question=f"question {number}?", now=at
            ).impression
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="v", value="up", origin="farm", now=at
            )
        label(one_database)
        assert 10 == thumbs(one_database)

    def test_a_topic_is_capped_and_what_is_left_out_is_counted(self, one_database, store):
        """
        Ten addresses like one reply; nobody has labelled anything for it.
        """
        for number in range(10):
            shown = answer(store, open_dialogue(store), question=f"question {number}?").impression
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="v", value="up", origin=f"{number}",
                now=NOW,
            )  # fmt: skip
        found = gather(one_database, now=NOW + hours(1))
        assert (3, {"return_policy": 7}) == (len(found.examples), found.over_cap)


class TestContradictions:
    def test_contrary_signs_go_to_the_staff_and_their_word_holds(self, one_database, store):
        """
        Two shoppers, two replies to the same words: none is learned until somebody says.
        """
        shown = {}
        for reply_id in ("return_policy", "return_how"):
            dialogue = open_dialogue(store, shopper_id=reply_id)
            shown[reply_id] = answer(
                store, dialogue, question="Send  back?", reply_id=reply_id
            ).impression
            signals_of(store).rate(
                impression_id=shown[reply_id].impression_id, voter="v", value="up", now=NOW
            )
        found = gather(one_database, now=NOW + hours(1))
        assert (found.examples, set(found.torn)) == (
            [],
            {one.impression_id for one in shown.values()},
        )
        sheets = Sheets(one_database)
        sheets.make("2026-11-24", NOW + hours(1), torn=found.torn)
        view = sheets.view("2026-11-24")
        assert view is not None
        assert {item.why for item in view.items} == {"disagreement"}

        review(store, shown["return_how"], "approved")
        assert learned(one_database) == [("approved", "Send back?", "return_how", 2.0)]

    def test_the_staff_s_veto_outlives_any_thumb(self, one_database, store):
        """
        Rejected once, the reply is not learned for these words, whoever likes it later.
        """
        review(store, answer(store, open_dialogue(store), question="back?").impression, "rejected")
        for number in range(5):
            shown = answer(
                store, open_dialogue(store, shopper_id=f"s{number}"), question="back?"
            ).impression
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="v", value="up", now=NOW
            )
        assert learned(one_database) == []

    def test_a_seldom_said_reply_counts_more_but_never_more_than_staff(self, one_database, store):
        """
        The inverse of its probability, clipped at an approval's weight.
        """
        for name, propensity in [("common", 0.8), ("rare", 0.05)]:
            shown = answer(
                store, open_dialogue(store), question=f"{name}?", propensity=propensity
            ).impression
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="v", value="up", now=NOW
            )
        assert [(said, weight) for _, said, _, weight in learned(one_database)] == [
            ("common?", 1.25),
            ("rare?", 2.0),
        ]

    def test_a_sale_counts_the_same_whatever_the_basket_was_worth(self, one_database, store):
        """
        A wedding order must not outvote a hundred small ones.
        """
        orders = make_orders(one_database)
        for name, total in [("small", "5.00"), ("huge", "98765.00")]:
            answer(store, open_dialogue(store, shopper_id=name), question=f"{name}?")
            orders.record(
                make_purchase(
                    token_shopper_id=name, placed_at=NOW + hours(1), total=Decimal(total)
                ),
                NOW,
            )
        assert {weight for *_, weight in learned(one_database)} == {1.5}


class TestPrivacy:
    def test_personal_data_is_taken_out_first(self, one_database, store):
        """
        E-mail, order and what we know of the shopper's orders leave placeholders.
        """
        dialogue = open_dialogue(store, shopper_id="anna")
        make_orders(one_database).record(
            make_purchase(number="JL77", tracking="TRACKME", token_shopper_id="anna"), NOW
        )
        shown = answer(
            store, dialogue, question="JL77, anna@home.example, TRACKME where is it?"
        ).impression
        review(store, shown, "approved")
        (example,) = collect(one_database, now=NOW + hours(1))
        assert example.turns == (("shopper", "<PERSONAL>, <EMAIL>, <PERSONAL> where is it?"),)

    def test_doubtful_text_is_left_out(self, one_database, store):
        """
        What may still hold an address is not learned from.
        """
        shown = answer(store, open_dialogue(store), question="to Suite 4, zip code x").impression
        review(store, shown, "approved")
        assert learned(one_database) == []

    def test_context_is_what_had_been_said(self, one_database, store):
        """
        An example holds the dialogue up to the question, staff and clerk speaking as one.
        """
        dialogue = open_dialogue(store)
        answer(store, dialogue, question="hi", text="Hello!")
        shown = answer(store, dialogue, question="back?").impression
        answer(store, dialogue, question="later")
        review(store, shown, "approved")
        (example,) = collect(one_database, now=NOW + hours(1))
        assert example.turns == (("shopper", "hi"), ("clerk", "Hello!"), ("shopper", "back?"))


class TestPlaces:
    def test_a_button_pressed_for_its_place_counts_less(self, store):
        """Of two that fit alike the first is pressed three times as often: so it weighs less."""
        offered = [{"reply_id": name, "title": name} for name in ("first", "second")]
        near = [{"reply_id": each["reply_id"], "score": 2.0} for each in offered]
        for number in range(80):
            shown = answer(
                store, open_dialogue(store), question=f"question {number}", kind="choices",
                reply_id=None, choices=offered, candidates=near,
            ).impression  # fmt: skip
            press(store, shown, "second" if number % 4 == 0 else "first")
        label = [QuestionLine(f"l {n} {k}", k) for n in range(200) for k in ("first", "second")]
        ReplyBook(store.db).put_questions(label, NOW)
        weights = {
            reply_id: weight
            for signal, _, reply_id, weight in learned(store.db)
            if signal == "choice"
        }

        assert weights["first"] < 0.5 < weights["second"] <= 1.0
