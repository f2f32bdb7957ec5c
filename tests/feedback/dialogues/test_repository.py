"""Stories of the store: first contact, answers, repeats, thumbs and clicks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select

from feedback.db.errors import BadChoice, ClerkIsSilent, UnknownDialogue, UnknownImpression
from feedback.db.tables.dialogues import Dialogue, DialogueTurn, Impression
from feedback.db.tables.people import Exposure
from feedback.db.tables.signals import Click, Rating, Review
from feedback.dialogues.repository import DialogueThread
from feedback.dialogues.state import AfterAnswer, DialogueMemory, memory_read
from tests.factories import (
    NOW,
    answer,
    hours,
    latest_dialogue,
    make_impression,
    make_store,
    open_dialogue,
    queue_of,
    signals_of,
    waiting_in,
)


def rows(database, table):
    with database.reading() as session:
        return list(session.exec(select(table)))


class TestFirstContact:
    def test_records_the_exposure_in_the_arm_that_was_drawn(self, database):
        """
        The shopper's first contact is their exposure, in the holdout too.
        """
        store = make_store(database)
        open_dialogue(store, shopper_id="anna", arm="holdout", channel="web")

        exposure = rows(database, Exposure)[0]
        assert ("anna", "holdout", "web", NOW) == (
            exposure.shopper_id,
            exposure.arm,
            exposure.channel,
            exposure.exposed_at,
        )
        assert store.arm_of("anna") == "holdout"

    def test_arm_never_changes_after_it(self, database):
        """
        A shopper who comes back under another draw stays in their arm, and is exposed once.
        """
        store = make_store(database)
        open_dialogue(store, shopper_id="anna", arm="holdout")
        again = open_dialogue(store, shopper_id="anna", arm="champion", now=NOW + hours(50))

        assert again.arm == "holdout"
        assert [NOW] == [exposure.exposed_at for exposure in rows(database, Exposure)]

    def test_same_dialogue_opened_again_is_the_same(self, database):
        """
        Opening is safe to repeat.
        """
        store = make_store(database)
        first = open_dialogue(store, dialogue_id="d1", locale="zh")
        again = open_dialogue(store, dialogue_id="d1", locale="en")

        assert (first.shopper_id, "zh") == (again.shopper_id, again.locale)

    def test_slack_thread_is_one_dialogue(self, database):
        """
        A thread is found by its place, and never opened twice.
        """
        store = make_store(database)
        thread = DialogueThread("T1", "C1", "1700000000.000100")
        first = open_dialogue(store, channel="slack", thread=thread)
        again = open_dialogue(store, channel="slack", thread=thread)

        assert first.dialogue_id == again.dialogue_id
        found = store.dialogue_in(thread)
        assert found is not None
        assert found.dialogue_id == first.dialogue_id
        assert store.dialogue_in(DialogueThread("T1", "C1", "1")) is None

    def test_eight_at_once_open_one_dialogue(self, database):
        """
        Eight events of one thread at the same moment make one dialogue and one exposure.
        """
        store = make_store(database)
        thread = DialogueThread("T1", "C1", "1700000000.000100")
        with ThreadPoolExecutor(8) as pool:
            opened = list(
                pool.map(lambda _: open_dialogue(store, shopper_id="anna", thread=thread), range(8))
            )

        assert len({dialogue.dialogue_id for dialogue in opened}) == 1
        assert len(rows(database, Exposure)) == 1


class TestAnswers:
    def test_question_answer_and_impression_are_kept_together(self, database):
        """
        Both turns and the impression stand in the store, with shopper and arm of the dialogue.
        """
        store = make_store(database)
        dialogue = open_dialogue(store, arm="challenger")
        answered = answer(store, dialogue, question="send back?", reply_id="return_how")

        turns = store.turns(dialogue.dialogue_id)
        assert [("shopper", "send back?"), ("clerk", answered.impression.text)] == [
            (turn.speaker, turn.text) for turn in turns
        ]
        shown = store.impression(answered.impression.impression_id)
        assert shown is not None
        assert ("challenger", dialogue.shopper_id) == (shown.arm, shown.shopper_id)

    def test_repeat_gets_the_first_answer(self, database):
        """
        The same client_id again is the same message: nothing new is written.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        first = answer(store, dialogue, client_id="c1")
        again = answer(store, dialogue, client_id="c1", text="Something else.")

        assert first.impression.impression_id == again.impression.impression_id
        assert first.turn.turn_id == again.turn.turn_id
        assert len(store.turns(dialogue.dialogue_id)) == 2

    def test_a_message_finds_the_talk_so_far(self, database):
        """Its newest turns in order, and its own answer where it came before."""
        store = make_store(database)
        dialogue = open_dialogue(store)
        first = answer(store, dialogue, question="send back?", client_id="c1")
        newest = answer(store, dialogue, question="and when?", client_id="c2")

        again = store.talk_so_far(dialogue.dialogue_id, "c1", count=4)
        new = store.talk_so_far(dialogue.dialogue_id, "c3", count=3)
        assert again is not None
        assert new is not None
        assert again.answered is not None
        assert ("send back?", dict(first.turn)) == (again.asked_text, dict(again.answered.turn))
        assert [first.turn.text, "and when?", newest.turn.text] == [t.text for t in new.before]
        assert (None, None) == (new.asked_text, new.answered)
        assert store.talk_so_far("nobody", "c1", count=3) is None

    def test_eight_at_once_get_one_answer(self, database):
        """
        Eight threads that record the same client_id get one answer, recorded once.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        with ThreadPoolExecutor(8) as pool:
            answered = list(pool.map(lambda _: answer(store, dialogue, client_id="c1"), range(8)))

        assert len({each.impression.impression_id for each in answered}) == 1
        assert len(rows(database, Impression)) == 1
        assert len(rows(database, DialogueTurn)) == 2

    def test_no_turn_is_lost_when_many_write(self, database):
        """
        Eight threads with questions of their own lose none of them.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: answer(store, dialogue), range(40)))

        assert len(store.turns(dialogue.dialogue_id)) == 80

    def test_clerk_is_silent_while_a_person_answers(self, database):
        """
        The shopper's words are kept, the clerk's are not.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        store.record_staff_turn(dialogue.dialogue_id, "Let me look.", "Mei", NOW)

        with pytest.raises(ClerkIsSilent, match=dialogue.dialogue_id):
            answer(store, dialogue, question="and now?", client_id="c1")
        with pytest.raises(ClerkIsSilent):
            answer(store, dialogue, question="and now?", client_id="c1")
        assert ["Let me look.", "and now?"] == [t.text for t in store.turns(dialogue.dialogue_id)]
        assert rows(database, Impression) == []

    def test_state_after_an_answer_is_the_answers(self, database):
        """
        What the clerk asked for, and how often a look-up failed, is kept with the dialogue.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        answer(
            store,
            dialogue,
            after=AfterAnswer(DialogueMemory("order_status", 1)),
        )

        after = store.dialogue(dialogue.dialogue_id)
        assert after is not None
        assert DialogueMemory("order_status", 1) == memory_read(after.memory)

    def test_turns_resume_after_a_number(self, database):
        """
        Who has seen up to a turn gets what came after it, and nothing else.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        first = answer(store, dialogue)
        store.record_shopper_turn(dialogue.dialogue_id, "thanks", "c9", NOW)
        store.record_shopper_turn(dialogue.dialogue_id, "thanks", "c9", NOW)

        after = store.turns(dialogue.dialogue_id, after=first.turn.turn_id or 0)
        assert ["thanks"] == [turn.text for turn in after]

    def test_hostile_text_is_kept_without_what_databases_refuse(self, database):
        """
        A NUL or half a character costs itself, not the message.
        """
        store = make_store(database)
        dialogue = open_dialogue(store, page="/\x00x")
        answer(store, dialogue, question="a\x00b\ud800c <b>你好</b>", client_id="c" * 5000)

        assert store.turns(dialogue.dialogue_id)[0].text == "abc <b>你好</b>"

    @pytest.mark.parametrize("wrong", ["nobody", "a\x00b", "\ud800", ""])
    def test_unknown_dialogue_is_named(self, database, wrong):
        """
        An id nothing has is an error that says so, whatever is in it.
        """
        store = make_store(database)

        with pytest.raises(UnknownDialogue):
            store.record_shopper_turn(wrong, "hello", "c1", NOW)
        assert store.dialogue(wrong) is None
        assert store.turns(wrong) == []
        assert store.arm_of(wrong) is None


class TestSignals:
    def test_last_thumb_counts(self, database):
        """
        A voter has one thumb on an impression; None takes it back.
        """
        store = make_store(database)
        shown = answer(store, open_dialogue(store)).impression
        for value in ("up", "down"):
            signals_of(store).rate(
                impression_id=shown.impression_id, voter="anna", value=value, comment="?", now=NOW
            )
        assert ["down"] == [rating.value for rating in rows(database, Rating)]

        signals_of(store).rate(impression_id=shown.impression_id, voter="anna", value=None, now=NOW)
        assert rows(database, Rating) == []

    def test_eight_thumbs_at_once_are_one(self, database):
        """
        Pressed eight times at the same moment, it is one thumb.
        """
        store = make_store(database)
        shown = answer(store, open_dialogue(store)).impression
        with ThreadPoolExecutor(8) as pool:
            list(
                pool.map(
                    lambda _: signals_of(store).rate(
                        impression_id=shown.impression_id, voter="anna", value="up", now=NOW
                    ),
                    range(8),
                )
            )
        assert len(rows(database, Rating)) == 1

    def test_same_target_clicked_twice_counts_once(self, database):
        """
        A card pressed twice is one click; another card of the same reply is a second.
        """
        store = make_store(database)
        shown = answer(store, open_dialogue(store, shopper_id="anna")).impression
        for number, target in enumerate(["mug", "mug", "lamp", "x" * 9000]):
            signals_of(store).record_click(
                click_id=f"k{number}",
                impression_id=shown.impression_id,
                kind="product",
                target=target,
                now=NOW,
            )
        clicks = rows(database, Click)
        assert [("k0", "mug", "anna"), ("k2", "lamp", "anna")] == [
            (click.click_id, click.target, click.shopper_id) for click in clicks[:2]
        ]
        assert len(clicks) == 3

    def test_review_is_recorded_once(self, database):
        """
        A button pressed twice in Slack is one review.
        """
        store = make_store(database)
        shown = answer(store, open_dialogue(store)).impression
        for _ in range(2):
            signals_of(store).review(
                review_id="r1",
                impression_id=shown.impression_id,
                staff="mei",
                verdict="corrected",
                reply_id="return_how",
                now=NOW,
            )
        assert [("corrected", "return_how")] == [
            (review.verdict, review.reply_id) for review in rows(database, Review)
        ]

    @pytest.mark.parametrize("wrong", ["nothing", "a\x00b", "\ud800"])
    def test_unknown_impression_is_named(self, database, wrong):
        """
        A signal about nothing is refused with the id.
        """
        store = make_store(database)
        with pytest.raises(UnknownImpression, match="take the id"):
            signals_of(store).rate(impression_id=wrong, voter="anna", value="up", now=NOW)
        with pytest.raises(UnknownImpression):
            signals_of(store).record_click(
                click_id="k", impression_id=wrong, kind="link", target="/", now=NOW
            )

    def test_unknown_word_names_the_known_ones(self, one_database):
        """
        A thumb that is neither up nor down is refused with what it may be.
        """
        store = make_store(one_database)
        with pytest.raises(BadChoice, match="up, down"):
            signals_of(store).rate(impression_id="i", voter="anna", value="sideways", now=NOW)


class TestStaffQueue:
    def test_waiting_dialogues_come_with_what_is_needed_to_answer(self, database):
        """
        The staff see the reason, the last turns and the candidates, the longest silent first.
        """
        store = make_store(database)
        late = open_dialogue(store)
        early = open_dialogue(store)
        answer(store, open_dialogue(store))
        for dialogue, when in ((late, NOW + hours(2)), (early, NOW + hours(1))):
            answer(
                store,
                dialogue,
                now=when,
                kind="handover",
                after=AfterAnswer(handover="unsure"),
            )

        waiting = waiting_in(store)
        assert [early.dialogue_id, late.dialogue_id] == [w.dialogue.dialogue_id for w in waiting]
        about = waiting[0].about
        assert about is not None
        assert ("unsure", "return_policy", 2) == (
            waiting[0].reason,
            about.candidates[0]["reply_id"],
            len(waiting[0].turns),
        )

    def test_state_can_be_handed_back(self, database):
        """
        Handed back to the clerk, a dialogue no longer waits and nothing is pending in it.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        answer(store, dialogue, after=AfterAnswer(DialogueMemory("order_status", 2), "unsure"))
        assert len(waiting_in(store)) == 1
        store.hand_on(dialogue.dialogue_id, "give_back", NOW)
        assert waiting_in(store) == []
        back = store.dialogue(dialogue.dialogue_id)
        assert back is not None
        assert DialogueMemory() == memory_read(back.memory)

    def test_recent_answers_show_question_thumbs_and_verdict(self, database):
        """
        The newest answers come first, with what people made of them.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        answer(store, dialogue, question="old?", now=NOW)
        shown = answer(store, dialogue, question="new?", now=NOW + hours(1)).impression
        signals_of(store).rate(
            impression_id=shown.impression_id, voter="anna", value="down", now=NOW
        )
        signals_of(store).review(
            review_id="r1",
            impression_id=shown.impression_id,
            staff="mei",
            verdict="rejected",
            now=NOW,
        )

        recent = queue_of(store).recent(5)
        assert [("new?", 0, 1, "rejected"), ("old?", 0, 0, None)] == [
            (each.question, each.up, each.down, each.verdict) for each in recent
        ]

    def test_latest_dialogue_is_where_the_shopper_was_last(self, database):
        """
        A shopper who comes back finds the dialogue they were active in last.
        """
        store = make_store(database)
        first = open_dialogue(store, shopper_id="anna")
        open_dialogue(store, shopper_id="anna", now=NOW + hours(1))
        answer(store, first, now=NOW + hours(2))

        latest = latest_dialogue(store, "anna")
        assert latest is not None
        assert latest.dialogue_id == first.dialogue_id


def test_impression_ids_are_unique_or_nothing_is_written(database):
    """
    An impression id used twice fails, and takes the turns of its transaction along.
    """
    store = make_store(database)
    dialogue = open_dialogue(store)
    answer(store, dialogue, impression_id="i1")
    with pytest.raises(Exception, match=r"(?i)unique"):
        answer(store, dialogue, impression_id="i1")
    assert len(store.turns(dialogue.dialogue_id)) == 2
    with database.reading() as session:
        assert len(session.exec(select(Dialogue).where(col(Dialogue.state) == "clerk")).all()) == 1
    assert make_impression().impression_id != make_impression().impression_id
