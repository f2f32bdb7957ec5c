"""What the clerk does about Slack's messages, without Slack."""

import pytest

from bot.channels.slack.messages import Edit, Message, Press
from bot.channels.slack.shopper_thread import MessageOutcome, ShopperThreads
from bot.languages.registry import phrases_in
from feedback.desk import Desk, Staff
from feedback.desk.card_lists import CardLists
from feedback.desk.corrections import Corrections
from feedback.desk.outbox import Outbox
from feedback.dialogues.repository import DialogueThread
from feedback.files.repository import Files
from tests.factories import signals_of

EN = phrases_in("en")


@pytest.fixture
def talk(shop):
    return ShopperThreads(
        clerk=shop.clerk,
        store=shop.store,
        signals=signals_of(shop.store),
        files=Files(shop.store.db),
        shopper_of=lambda team, user: f"{team}/{user}",
        clock=shop.clock,
        locale="en",
    )


def message(text="hi", *, ts="1.1", thread_ts="1.1", user="U1", addressed=True):
    return Message("T1", "C1", thread_ts, ts, user, text, addressed)


def press(impression_id, argument=""):
    return Press("T1", "C1", "1.1", "U1", impression_id, argument)


class TestMessages:
    def test_a_message_slack_sends_again_is_answered_once(self, talk, shop):
        """Slack retries what it believes lost; a turn is recorded once and posted once."""
        shop.ranker.says("hi", "return_how")

        talk.hear(message())
        talk.hear(message())

        assert 1 == Outbox(shop.store.db).waiting().messages
        assert 2 == len(shop.store.turns(_dialogue(shop).dialogue_id))

    def test_a_message_nobody_addressed_is_left_alone(self, talk, shop):
        """A channel's chatter opens no dialogue."""
        assert MessageOutcome() == talk.hear(message(addressed=False))
        assert shop.store.dialogue_in(DialogueThread("T1", "C1", "1.1")) is None

    def test_a_reply_whose_question_has_not_come_yet_is_looked_at_again(self, talk):
        """Events may come in another order."""
        assert talk.hear(message(ts="1.2", addressed=False)).not_yet

    def test_a_thread_is_one_dialogue_of_its_first_shopper(self, talk, shop):
        """Whoever mentions the clerk there later."""
        talk.hear(message())
        talk.hear(message(ts="1.2", user="U2"))

        assert "T1/U1" == _dialogue(shop).shopper_id
        assert 4 == len(shop.store.turns(_dialogue(shop).dialogue_id))

    def test_too_much_is_answered_with_the_limit(self, talk):
        """In a sentence, not with silence."""
        assert EN.too_long.format(limit=4000) == talk.hear(message("x" * 4001)).words


class TestPresses:
    @pytest.mark.parametrize("argument", ["up", "sideways", ""])
    def test_a_thumb_on_nothing_known_is_ignored(self, talk, argument):
        """As of a message from before the store was emptied."""
        assert talk.rate(press("nothing", argument)) is None

    def test_a_thumb_counts_on_ones_own_dialogue_only(self, talk, shop):
        """A colleague in the thread is told so, and nothing is recorded."""
        shop.ranker.says("hi", "return_how")
        talk.hear(message())
        shown = shop.store.turns(_dialogue(shop).dialogue_id)[-1].impression_id
        stranger = press(shown, "up")._replace(user="U2")

        assert (EN.not_yours, None) == (talk.not_theirs(stranger), talk.rate(stranger))
        assert (None, EN) == (talk.not_theirs(press(shown)), talk.rate(press(shown, "up")))

    def test_a_second_press_is_answered_with_the_same_words(self, talk, shop):
        """To who pressed alone; nothing is recorded twice."""
        shop.ranker.says("hi", "return_how")
        talk.hear(message())
        shown = shop.store.turns(_dialogue(shop).dialogue_id)[-1].impression_id
        assert talk.call_person(press(shown)) is None
        turns = shop.store.turns(_dialogue(shop).dialogue_id)

        assert turns[-1].text == talk.call_person(press(shown))
        assert len(turns) == len(shop.store.turns(_dialogue(shop).dialogue_id))

    @pytest.mark.parametrize("argument", ["9", "-1", "x", ""])
    def test_a_choice_that_was_not_offered_is_ignored(self, talk, shop, argument):
        """Places outside the list, and no places at all."""
        shop.ranker.says("hi", "return_policy", "return_how", confidence=0.5)
        talk.hear(message())
        offered = shop.store.turns(_dialogue(shop).dialogue_id)[-1].impression_id

        assert talk.choose(press(offered, argument)) is None
        assert 2 == len(shop.store.turns(_dialogue(shop).dialogue_id))
        assert talk.choose(press("nothing", "0")) is None
        assert talk.call_person(press("nothing")) is None


class TestEdits:
    def test_a_change_told_before_its_message_is_looked_at_again(self, talk):
        """And is answered anew once the message has come."""
        edit = Edit("T1", "C1", "1.1", "1.1", "U1", "what is delivery", False, "1.3")

        assert not talk.correct(edit)
        talk.hear(message("what is devilry"))
        assert talk.correct(edit)

    def test_what_is_changed_before_it_left_leaves_once_with_the_new_words(self, talk, shop):
        """The shopper never saw the old ones: there is nothing to correct."""
        talk.hear(message())
        dialogue_id, mia = _dialogue(shop).dialogue_id, Staff("U3", "Mia")
        shop.clerk.hand_over(dialogue_id)
        desk = Desk(shop.store.db)
        (card,) = CardLists(shop.store.db).open_cards()
        desk.take_over(card.card_id, mia, "Hello", shop.clock())
        desk.send(card.card_id, "k1", mia, "on Monday", shop.clock())
        waiting = Outbox(shop.store.db).waiting().messages
        changed = Corrections(shop.store.db).by_staff(
            dialogue_id, "k1", "on Tuesday", "Correction: on Tuesday", shop.clock()
        )

        assert changed
        assert "on Tuesday" == shop.store.turns(dialogue_id)[-1].text
        assert waiting == Outbox(shop.store.db).waiting().messages


def _dialogue(shop):
    found = shop.store.dialogue_in(DialogueThread("T1", "C1", "1.1"))
    assert found is not None
    return found
