"""The clerk's stories, on a real store."""

from datetime import timedelta

import pytest

from bot.clerk import ChoiceNotOffered, ClientIdReused, EmptyText, TextTooLong, UnknownDialogue
from bot.conversation.incoming import TURNS_LOOKED_BACK
from bot.languages.registry import phrases_in
from feedback.desk.actions import Desk
from feedback.desk.card_lists import CardLists
from feedback.desk.card_lock import Staff
from serving.ranker import Candidate, Ranking
from tests.bot.shop import NOON, Shop
from tests.factories import waiting_in

EN, ZH = phrases_in("en"), phrases_in("zh")


class TestAnswering:
    def test_a_question_gets_the_reply_with_its_facts(self, shop):
        """The slot is filled from the shop's facts."""
        shop.ranker.says("can i send it back", "return_policy")
        answer = shop.clerk.reply(shop.open(), "can i send it back", client_id="c1")

        assert ("answer", "You can return anything within 30 days.") == (answer.kind, answer.text)

    def test_the_impression_holds_all_that_led_to_it(self, shop):
        """Arm, version, confidence, candidates, who served: for judging it later."""
        shop.ranker.says("back", "return_policy", "return_how")
        answer = shop.clerk.reply(shop.open(), "back", client_id="c1")
        shown = shop.impression(answer.impression_id)

        assert ("champion", 3, 0.95, "model", 0.9) == (  # of two that fit alike
            shown.arm, shown.model_version, shown.confidence, shown.served_by, shown.propensity,
        )  # fmt: skip
        assert ["return_policy", "return_how"] == [c["reply_id"] for c in shown.candidates]
        assert shown.rank_ms > 0
        assert shown.answer_ms >= 1_000  # this clock goes on by a second each time it is asked

    def test_a_near_tie_is_explored_and_its_probability_kept(self, shop):
        """One time in ten the second is said; in the holdout never."""
        near = (Candidate("return_policy", 9.0), Candidate("return_how", 8.9))
        shop.ranker.answers["back"] = Ranking(near, 0.95, "model", 3)
        shown = {}
        for arm, point in [("champion", 0.5), ("champion", 0.95), ("holdout", 0.95)]:
            shop.arm, shop.point = arm, point
            shop.keywords.scores = {"return_policy": 9.0, "return_how": 1.0}
            answer = shop.clerk.reply(shop.open(), "back", client_id="c1")
            impression = shop.impression(answer.impression_id)
            shown[arm, point] = (impression.reply_id, round(impression.propensity, 6))

        assert list(shown.values()) == [
            ("return_policy", 0.9), ("return_how", 0.1), ("return_policy", 1.0),
        ]  # fmt: skip

    def test_the_whole_dialogue_is_ranked_each_speaker_behind_a_mark(self, shop):
        """Text from outside has no marks; a version taught lone questions is asked the last one."""
        shop.ranker.says("back", "return_how")
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "back", client_id="c1")
        shop.clerk.reply(dialogue_id, "\x12how\n much?", client_id="c2")

        expected = "\x11back\x12Print the label and drop the parcel off.\x11how much?"
        assert (expected, "en", "stable") == shop.ranker.asked[-1]

    def test_the_reply_is_in_the_shopper_s_language(self, shop):
        """Chinese asked in an English session is answered in Chinese."""
        shop.ranker.says("可以退货吗", "return_policy")
        answer = shop.clerk.reply(shop.open("en-US"), "可以退货吗", client_id="c1")

        assert answer.text == "30天内都可以退货。"
        assert shop.ranker.asked[-1][1] == "zh"

    def test_a_repeat_gets_the_same_answer_recorded_once(self, shop):
        """The same client_id again changes nothing."""
        shop.ranker.says("back", "return_how")
        dialogue_id = shop.open()
        first = shop.clerk.reply(dialogue_id, "back", client_id="c1")
        again = shop.clerk.reply(dialogue_id, "back", client_id="c1")

        assert first == again
        assert len(shop.store.turns(dialogue_id)) == 2
        assert len(shop.ranker.asked) == 1

    def test_a_repeat_of_long_ago_gets_the_same_answer_too(self, shop):
        """More was said since than the clerk looks back to."""
        shop.ranker.says("back", "return_how")
        dialogue_id = shop.open()
        first = shop.clerk.reply(dialogue_id, "back", client_id="c0")
        for number in range(1, TURNS_LOOKED_BACK):
            shop.clerk.reply(dialogue_id, "back", client_id=f"c{number}")
        again = shop.clerk.reply(dialogue_id, "back", client_id="c0")

        assert first == again
        assert 2 * TURNS_LOOKED_BACK == len(shop.store.turns(dialogue_id))
        assert TURNS_LOOKED_BACK == len(shop.ranker.asked)
        with pytest.raises(ClientIdReused):
            shop.clerk.reply(dialogue_id, "my order?", client_id="c0")

    def test_other_words_under_the_same_client_id_are_refused(self, shop):
        """It is a mistake of the sender; the answer given stays."""
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "back", client_id="c1")

        with pytest.raises(ClientIdReused, match="client_id 'c1' stands for another text"):
            shop.clerk.reply(dialogue_id, "my order?", client_id="c1")
        assert 2 == len(shop.store.turns(dialogue_id))

    def test_a_reply_taken_out_of_the_book_is_not_said(self, shop):
        """The model's confidence was in a reply that is no more."""
        shop.ranker.says("back", "gone", "return_how")

        assert shop.clerk.reply(shop.open(), "back", client_id="c1").kind == "handover"


class TestArms:
    @pytest.mark.parametrize(("arm", "label"), [("champion", "stable"), ("challenger", "canary")])
    def test_the_arm_chooses_the_version(self, one_database, arm, label):
        """Each arm asks for its own label."""
        shop = Shop(one_database, arm=arm)
        shop.clerk.reply(shop.open(), "anything", client_id="c1")

        assert shop.ranker.asked[-1][2] == label

    def test_the_holdout_is_answered_without_the_model(self, one_database):
        """Keyword search answers, and the impression says so."""
        shop = Shop(one_database, arm="holdout")
        answer = shop.clerk.reply(shop.open(), "how do i send it back", client_id="c1")
        assert answer is not None
        shown = shop.impression(answer.impression_id)

        assert shop.ranker.asked == []
        assert ("return_how", "keywords", "holdout", None, 0.0) == (
            shown.reply_id, shown.served_by, shown.arm, shown.model_version, shown.confidence,
        )  # fmt: skip

    def test_a_shopper_keeps_the_arm_of_the_first_contact(self, shop):
        """Even when the shares change."""
        shop.clerk.open(shopper_id="ann", channel="web", locale="en")
        shop.arm = "holdout"
        later = shop.clerk.open(shopper_id="ann", channel="web", locale="en")

        assert later.arm == "champion"


class TestUnsure:
    def test_between_the_thresholds_the_best_three_are_offered(self, shop):
        """Titled by the first question each one answers."""
        shop.ranker.says("hm", "return_policy", "return_how", "shipping_cost", confidence=0.5)
        answer = shop.clerk.reply(shop.open(), "hm", client_id="c1")

        assert (answer.kind, answer.text) == ("choices", EN.choices)
        assert ["Can i return this", "How do i send it back", "What is delivery"] == [
            choice.title for choice in answer.choices
        ]

    def test_a_pressed_choice_is_answered_and_counts_as_a_click(self, shop):
        """The click belongs to the impression that offered it, and ranks nothing anew."""
        shop.ranker.says("hm", "return_policy", "return_how", confidence=0.5)
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "hm", client_id="c1")
        answer = shop.clerk.reply(dialogue_id, "", client_id="c2", choice="return_how")

        assert answer.text == "Print the label and drop the parcel off."
        assert shop.impression(answer.impression_id).served_by == "policy"
        assert "How do i send it back" == shop.store.turns(dialogue_id)[2].text
        assert len(shop.ranker.asked) == 1
        assert 1 == shop.clicks()

    @pytest.mark.parametrize("choice", ["no_such_reply", "shipping_cost"])
    def test_a_choice_nobody_offered_is_an_ordinary_question(self, shop, choice):
        """No reply can be forced out, of the book or not; the words are answered."""
        shop.ranker.says("x", "return_how")
        answer = shop.clerk.reply(shop.open(), "x", client_id="c1", choice=choice)

        assert answer.text == "Print the label and drop the parcel off."
        assert 0 == shop.clicks()

    def test_a_choice_offered_in_another_dialogue_does_not_count(self, shop):
        """Of the same shopper even: words belong to the dialogue they were said in."""
        shop.ranker.says("hm", "return_policy", "return_how", confidence=0.5)
        shop.clerk.reply(shop.open(), "hm", client_id="c1")
        with pytest.raises(ChoiceNotOffered, match="choice 'return_how' was not offered"):
            shop.clerk.reply(shop.open(), "", client_id="c2", choice="return_how")
        assert 0 == shop.clicks()

    def test_a_pressed_choice_says_what_its_button_said(self, shop):
        """Other words sent along would be taught to the reply; sent again they are no conflict."""
        shop.ranker.says("hm", "return_policy", "return_how", confidence=0.5)
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "hm", client_id="c1")
        pressed = [
            shop.clerk.reply(dialogue_id, "delivery?", client_id="c2", choice="return_how")
            for _ in range(2)
        ]

        assert pressed[0] == pressed[1]
        assert "How do i send it back" == shop.store.turns(dialogue_id)[2].text

    def test_an_old_button_still_works_in_its_own_dialogue(self, shop):
        """As after a reload, with more said since than the clerk looks back to."""
        shop.ranker.says("hm", "return_policy", "return_how", confidence=0.5)
        shop.ranker.says("delivery", "shipping_cost")
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "hm", client_id="c0")
        for number in range(1, TURNS_LOOKED_BACK):
            shop.clerk.reply(dialogue_id, "delivery", client_id=f"c{number}")
        answer = shop.clerk.reply(dialogue_id, "", client_id="old", choice="return_how")

        assert answer.text == "Print the label and drop the parcel off."
        assert 1 == shop.clicks()


class TestHandOver:
    def test_what_nothing_fits_goes_to_the_staff(self, shop):
        """With the office hours said, and a typed reason kept."""
        dialogue_id = shop.open()
        answer = shop.clerk.reply(dialogue_id, "qwerty", client_id="c1")
        dialogue = shop.dialogue(dialogue_id)

        assert "handover" == answer.kind
        assert "Monday to Friday, 9 to 6" in answer.text
        assert ("waiting", "no_fitting_reply") == (dialogue.state, dialogue.handover_reason)

    def test_who_asks_for_a_person_gets_the_staff_s_own_words(self, shop):
        """The reply of the book, filled."""
        shop.ranker.says("a human please", "talk_to_human", confidence=0.4)
        dialogue_id = shop.open()
        answer = shop.clerk.reply(dialogue_id, "a human please", client_id="c1")

        assert "Of course. A colleague is here Monday to Friday, 9 to 6." == answer.text
        assert shop.dialogue(dialogue_id).handover_reason == "asked_for_person"

    def test_the_button_for_a_person_works_from_the_first_turn(self, shop):
        """Pressed twice, it is recorded once."""
        dialogue_id = shop.open("zh-CN")
        first = shop.clerk.hand_over(dialogue_id, client_id="p1")
        again = shop.clerk.hand_over(dialogue_id, client_id="p1")

        assert first == again
        assert first.text == "好的，人工时间是周一至周五9点到18点。"
        assert ZH.talk_to_person == shop.store.turns(dialogue_id)[0].text

    def test_the_clerk_goes_on_helping_while_the_shopper_waits(self, shop):
        """The dialogue still waits for the staff, and for the first reason."""
        shop.ranker.says("back", "return_how")
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "qwerty", client_id="c1")
        answer = shop.clerk.reply(dialogue_id, "back", client_id="c2")
        dialogue = shop.dialogue(dialogue_id)

        assert answer.kind == "answer"
        assert ("waiting", "no_fitting_reply") == (dialogue.state, dialogue.handover_reason)

    def test_a_missing_fact_is_never_guessed(self, shop):
        """The reply needs warranty_months, which nobody wrote down."""
        shop.ranker.says("it broke", "warranty")
        dialogue_id = shop.open()

        assert shop.clerk.reply(dialogue_id, "it broke", client_id="c1").kind == "handover"
        assert shop.dialogue(dialogue_id).handover_reason == "missing_fact"

    def test_no_ranker_at_all_is_a_hand_over(self, shop):
        """A shopper is never left without a word."""
        shop.ranker.away = True

        assert shop.clerk.reply(shop.open(), "back", client_id="c1").kind == "handover"


class TestAbuse:
    def test_goes_to_a_person_with_its_own_reason_and_no_sermon(self, shop):
        """Before the model is asked: whatever it would say, nobody wants to hear it now."""
        shop.ranker.says("where is my parcel you thieves", "return_how")
        dialogue_id = shop.open()
        answer = shop.clerk.reply(dialogue_id, "where is my parcel you thieves", client_id="c1")

        assert "handover" == answer.kind
        assert answer.text.startswith("I'm sorry this has gone badly.")
        assert "Monday to Friday" in answer.text
        assert "abuse" == shop.store.dialogue(dialogue_id).handover_reason
        assert "abuse" == waiting_in(shop.store)[0].reason
        assert [] == shop.ranker.asked

    def test_a_card_that_is_open_says_so_too(self, shop):
        """Whoever opens it knows what awaits them."""
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "a puzzle", client_id="c1")
        shop.clerk.reply(dialogue_id, "你们都是骗子", client_id="c2")

        assert ["abuse"] == [one.reason for one in waiting_in(shop.store)]

    def test_anger_alone_is_answered(self, shop):
        """A shopper may curse the parcel."""
        shop.ranker.says("where the hell is my damn parcel", "return_how")
        answer = shop.clerk.reply(shop.open(), "where the hell is my damn parcel", client_id="c1")

        assert "answer" == answer.kind


class TestPersonHasTheDialogue:
    def test_the_clerk_is_silent_and_the_turn_is_kept(self, shop):
        """The shopper writes to the person now."""
        dialogue_id = shop.open()
        shop.store.record_staff_turn(dialogue_id, "Hello, Mia here.", "Mia", NOON)

        assert shop.clerk.reply(dialogue_id, "thanks Mia", client_id="c1") is None
        assert shop.clerk.hand_over(dialogue_id) is None
        assert "thanks Mia" in [turn.text for turn in shop.store.turns(dialogue_id)]

    def test_a_person_who_takes_over_while_the_clerk_thinks_wins(self, shop):
        """Checked in the transaction that sends."""
        shop.ranker.says("back", "return_how")
        dialogue_id = shop.open()
        shop.ranker.meanwhile = lambda: shop.store.hand_on(dialogue_id, "take_over", NOON)

        assert shop.clerk.reply(dialogue_id, "back", client_id="c1") is None
        assert ["shopper"] == [turn.speaker for turn in shop.store.turns(dialogue_id)]

    def test_who_was_answered_while_the_clerk_thinks_waits_no_more(self, shop):
        """The clerk had read that the shopper waits, and put the dialogue back to the desk."""
        shop.ranker.says("back", "return_how")
        desk, dialogue_id = Desk(shop.store.db), shop.open()
        shop.clerk.hand_over(dialogue_id)
        (card,) = CardLists(shop.store.db).open_cards()
        mia = Staff("U1", "Mia")
        shop.ranker.meanwhile = lambda: desk.send(card.card_id, "press", mia, "Yes.", NOON)

        assert shop.clerk.reply(dialogue_id, "back", client_id="c1") is not None
        assert ("clerk", []) == (
            shop.dialogue(dialogue_id).state,
            CardLists(shop.store.db).open_cards(),
        )


class TestOrders:
    @pytest.fixture(autouse=True)
    def _questions(self, shop):
        shop.ranker.says("where is my order", "order_status")
        shop.ranker.says("where is order 1001, ann@example.com?", "order_status")
        shop.ranker.says("我的订单呢", "order_status")
        shop.ranker.says("what did i pay", "order_total")
        shop.ranker.says("and my refund?", "refund_status")

    def test_asks_then_answers(self, shop):
        """Number and e-mail, one after the other."""
        dialogue_id = shop.open()
        said = [
            shop.clerk.reply(dialogue_id, text, client_id=text)
            for text in ("where is my order", "1001", "Ann@Example.com")
        ]

        assert [EN.ask_both, EN.ask_email, "Order 1001: on its way. Tracking: TRACK9."] == [
            answer.text for answer in said
        ]
        assert ["ask", "ask", "answer"] == [answer.kind for answer in said]
        assert shop.memory(dialogue_id).pending_reply_id is None

    def test_a_question_that_holds_both_is_answered_at_once(self, shop):
        """Nothing is asked that was said."""
        answer = shop.clerk.reply(
            shop.open(), "where is order 1001, ann@example.com?", client_id="c1"
        )

        assert answer.text == "Order 1001: on its way. Tracking: TRACK9."

    def test_asks_in_the_shopper_s_language_to_the_end(self, shop):
        """The bare number and e-mail have no language; the question had."""
        dialogue_id = shop.open("en")
        asked = shop.clerk.reply(dialogue_id, "我的订单呢", client_id="c1")
        answer = shop.clerk.reply(dialogue_id, "1001 ann@example.com", client_id="c2")

        assert (ZH.ask_both, "订单1001：已发货，在路上。") == (asked.text, answer.text)

    def test_what_was_told_once_serves_the_next_question(self, shop):
        """Nobody types their e-mail twice."""
        dialogue_id = shop.open()
        for text in ("where is my order", "1001 ann@example.com"):
            shop.clerk.reply(dialogue_id, text, client_id=text)
        total = shop.clerk.reply(dialogue_id, "what did i pay", client_id="c3")
        refund = shop.clerk.reply(dialogue_id, "and my refund?", client_id="c4")

        assert "1 × Day Backpack, placed on 2 March 2026: $59.90." == total.text
        assert "Refunded so far: nothing yet." == refund.text

    @pytest.mark.parametrize("pair", ["1001 eve@example.com", "1002 ann@example.com"])
    def test_a_wrong_pair_does_not_tell_which_is_wrong(self, shop, pair):
        """A stranger learns nothing of which orders exist."""
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "where is my order", client_id="c1")
        answer = shop.clerk.reply(dialogue_id, pair, client_id="c2")

        assert ("ask", EN.not_found) == (answer.kind, answer.text)

    def test_a_corrected_e_mail_is_enough(self, shop):
        """The number told before still holds."""
        dialogue_id = shop.open()
        for text in ("where is my order", "1001 an@example.com"):
            shop.clerk.reply(dialogue_id, text, client_id=text)
        answer = shop.clerk.reply(dialogue_id, "sorry, ann@example.com", client_id="c3")

        assert answer.text == "Order 1001: on its way. Tracking: TRACK9."

    def test_five_wrong_pairs_end_at_a_person_for_good(self, shop):
        """The right pair after that is for the staff too: it may have been guessed."""
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "where is my order", client_id="c0")
        kinds = [
            shop.clerk.reply(dialogue_id, f"100{n} eve@example.com", client_id=f"c{n}").kind
            for n in range(1, 6)
        ]
        after = shop.clerk.reply(
            dialogue_id, "where is order 1001, ann@example.com?", client_id="c6"
        )

        assert ["ask", "ask", "ask", "ask", "handover"] == kinds
        assert after.kind == "handover"
        assert shop.dialogue(dialogue_id).handover_reason == "order_needs_person"

    def test_a_new_dialogue_gives_no_new_tries(self, shop):
        """Five wrong e-mails for a number from one address, then a wait that grows."""
        said = [look_up(shop, f"x{n}@example.com", origin="stranger") for n in range(7)]
        right = look_up(shop, "ann@example.com", origin="stranger")
        shop.now += timedelta(minutes=2)
        later = look_up(shop, "ann@example.com", origin="stranger")

        assert ["ask"] * 5 + ["handover"] * 2 == said
        assert ("handover", "answer") == (right, later)

    @pytest.mark.parametrize("strangers", [1, 11, 200])
    def test_strangers_guesses_do_not_shut_the_owner_out(self, shop, strangers):
        """The right pair from an address that has not failed there is answered at any time."""
        for n in range(max(strangers, 11)):
            look_up(shop, f"x{n}@example.com", origin=f"stranger {n % strangers}")

        assert "answer" == look_up(shop, "ann@example.com", origin="home")

    def test_a_number_under_attack_leaves_each_address_two_tries(self, shop):
        """However many there are: what a guesser may try grows with their addresses alone."""
        for n in range(50):
            look_up(shop, f"x{n}@example.com", origin=f"stranger {n}")

        said = [look_up(shop, f"y{n}@example.com", origin="another") for n in range(4)]

        assert ["ask", "ask", "handover", "handover"] == said

    def test_in_slack_each_person_answers_for_their_own_guesses(self, shop):
        """There is no address; the shopper is the person."""
        clerk, guesser = shop.clerk, "slack person"
        for n in range(6):
            talk = clerk.open(shopper_id=guesser, channel="slack", locale="en").dialogue_id
            guessed = ask_for_order(shop, talk, f"x{n}@example.com")
        other = clerk.open(shopper_id="another person", channel="slack", locale="en").dialogue_id

        assert "handover" == guessed
        assert "answer" == ask_for_order(shop, other, "ann@example.com")

    def test_an_order_found_does_not_clear_the_failures(self, shop):
        """Else one's own order would buy endless tries at others'."""
        dialogue_id = shop.open()
        said = ["where is my order", "1234 eve@example.com", "order 1001 ann@example.com"]
        for text in said:
            answer = shop.clerk.reply(dialogue_id, text, client_id=text)

        assert answer.kind == "answer"
        assert shop.memory(dialogue_id).failed_lookups == 1

    def test_chatter_while_asked_is_asked_again_but_not_forever(self, shop):
        """Twice, with the reason and a way out; then a person looks."""
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "where is my order", client_id="c0")
        said = [shop.clerk.reply(dialogue_id, "one second", client_id=f"c{n}") for n in range(1, 4)]

        assert ["ask", "ask", "handover"] == [answer.kind for answer in said]
        assert EN.ask_both + EN.insisting == said[0].text
        assert "order_needs_person" == shop.dialogue(dialogue_id).handover_reason

    def test_another_question_while_asked_is_answered(self, shop):
        """A shopper may change the subject."""
        shop.ranker.says("how do i send it back", "return_how")
        dialogue_id = shop.open()
        shop.clerk.reply(dialogue_id, "where is my order", client_id="c1")

        assert "answer" == shop.clerk.reply(
            dialogue_id, "how do i send it back", client_id="c2"
        ).kind  # fmt: skip

    def test_an_e_mail_given_in_the_chat_bridges_to_a_later_order(self, shop):
        """Only its keyed hash is kept beside the shopper."""
        dialogue = shop.clerk.open(shopper_id="bob", channel="web", locale="en")
        shop.clerk.reply(dialogue.dialogue_id, "I'm bob@example.com", client_id="c1")

        assert ("bob", "email") == shop.buys("o-2", email="Bob@example.com")[2:]


class TestProducts:
    def test_cards_come_with_the_reply(self, shop):
        """The slot's line is gone from the text; the cards are kept in the impression."""
        shop.ranker.says("a red backpack", "product_recommend")
        answer = shop.clerk.reply(shop.open(), "a red backpack", client_id="c1")

        assert ("products", "You might like these.") == (answer.kind, answer.text)
        assert ["ridge-backpack"] == [card.product_id for card in answer.products]
        stored = shop.impression(answer.impression_id).products
        assert ["ridge-backpack"] == [card["product_id"] for card in stored]

    def test_nothing_that_fits_is_said_and_the_next_turn_searches_on(self, shop):
        """The clerk asks for more instead of showing something else."""
        shop.ranker.says("a piano under 10", "product_recommend")
        shop.ranker.says("then a backpack under 50", "product_recommend")
        dialogue_id = shop.open()
        nothing = shop.clerk.reply(dialogue_id, "a piano under 10", client_id="c1")
        found = shop.clerk.reply(dialogue_id, "then a backpack under 50", client_id="c2")

        assert ("ask", EN.no_products) == (nothing.kind, nothing.text)
        assert ["day-backpack"] == [card.product_id for card in found.products]


class TestBadInput:
    @pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\ud800"])
    def test_nothing_readable_is_refused(self, shop, text):
        """And nothing is recorded."""
        dialogue_id = shop.open()
        with pytest.raises(EmptyText, match="at least one letter"):
            shop.clerk.reply(dialogue_id, text, client_id="c1")

        assert shop.store.turns(dialogue_id) == []

    def test_a_book_s_worth_of_text_is_refused(self, shop):
        """The message names the length and the limit."""
        with pytest.raises(TextTooLong, match=r"1000000 characters; send at most 4000"):
            shop.clerk.reply(shop.open(), "x" * 1_000_000, client_id="c1")

    def test_an_unknown_dialogue_is_refused(self, shop):
        """Wherever one is named."""
        with pytest.raises(UnknownDialogue, match="nope"):
            shop.clerk.reply("nope", "hi", client_id="c1")
        with pytest.raises(UnknownDialogue, match="nope"):
            shop.clerk.hand_over("nope")


def test_the_greeting_names_the_shop(shop):
    """In the session's language."""
    assert "Juniper Lane" in shop.clerk.greeting("en-GB")
    assert "店员" in shop.clerk.greeting("zh-CN")


class TestRecommending:
    @pytest.mark.parametrize(("arm", "label"), [("champion", "stable"), ("challenger", "canary")])
    def test_asks_the_arms_version_for_products_with_the_words_it_ranked(self, shop, arm, label):
        """Both answers come from one version."""
        shop.arm = arm
        shop.ranker.says("a rucksack", "product_recommend")
        shop.recommender.scores = {"day-backpack": 2.9}

        answer = shop.clerk.reply(shop.open(), "a rucksack", client_id="1")

        assert ["day-backpack"] == [card.product_id for card in answer.products]
        assert [("\x11a rucksack", label)] == shop.recommender.asked
        assert [("\x11a rucksack", "en", label)] == shop.ranker.asked

    def test_the_holdout_gets_products_by_words_alone(self, shop):
        """It is answered without the model."""
        shop.arm = "holdout"
        shop.keywords.scores = {"product_recommend": 20.0}
        shop.recommender.scores = {"day-backpack": 2.9}

        shop.clerk.reply(shop.open(), "a rucksack", client_id="1")

        assert [] == shop.recommender.asked


def ask_for_order(shop, dialogue_id, email, **more):
    text = f"order 1001 of {email}"
    shop.ranker.says(text, "order_status")
    return shop.clerk.reply(dialogue_id, text, client_id=email, **more).kind


def look_up(shop, email, origin):
    """Ask for order 1001 in a new dialogue."""
    return ask_for_order(shop, shop.open(), email, origin=origin)
