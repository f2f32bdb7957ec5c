"""Questions behind something said before."""

from feedback.knowledge.importers.records import ReplyLine
from training.data.context_augmentation import with_histories
from training.data.pairs import Pair

REPLIES = [ReplyLine("hours", "From nine to five."), ReplyLine("fees", "配送费六元。", "zh")]


class TestHistories:
    def test_keep_the_question_last_and_its_reply_right(self):
        """What was said before changes nothing."""
        pairs = [Pair("\x11when do you open", "hours"), Pair("\x11sing", None)]
        found = with_histories(pairs, REPLIES, seed=1, share=1.0)

        assert ["hours", None] == [pair.reply_id for _, pair in found]
        assert all("\x12From nine to five." in pair.dialogue for _, pair in found)
        assert found[1].pair.dialogue.endswith("\x11sing")

    def test_stay_in_one_language(self):
        """Nobody changes it between two questions."""
        pairs = [Pair("\x11when", "hours"), Pair("\x11运费多少", "fees", locale="zh")]
        found = with_histories(pairs, REPLIES, seed=1, share=1.0)

        assert "\x11运费多少\x12配送费六元。\x11运费多少" == found[1].pair.dialogue

    def test_need_replies_with_words(self):
        """A book of ids alone has nothing to put before a question."""
        assert [] == with_histories([Pair("\x11hi", "hours")], [], seed=1, share=1.0)
