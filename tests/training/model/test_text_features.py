"""Text handling inside the graph: what becomes of words, marks, numbers and Chinese."""

import pytest

from serving.contract import Turn, alone, render_dialogue

pytestmark = pytest.mark.slow

BUCKETS = 4_096


def tokens_of(*texts, max_tokens=32):
    import tensorflow as tf

    from training.model import text_features as text

    return text.tokenise(tf.constant(list(texts)), max_tokens=max_tokens)


def words_of(text, **options):
    tokens = tokens_of(text, **options)
    return [word.decode() for word in tokens.words.numpy()[0][: tokens.lengths.numpy()[0]]]


class TestNewestTurnAlone:
    @pytest.mark.parametrize(
        "turns",
        [
            (),
            (Turn("shopper", "is the tent in stock"), Turn("clerk", "Yes, 3 of them.")),
            (Turn("shopper", "hi"), Turn("action", "shown"), Turn("clerk", "Hello!")),
        ],
    )
    def test_is_what_the_contract_says(self, turns):
        """Inside the graph as outside of it."""
        from training.model.text_features import newest_alone

        dialogue = render_dialogue([*turns, Turn("shopper", "where is my\norder")])

        assert alone(dialogue).encode() == newest_alone([dialogue]).numpy()[0]

    def test_leaves_alone_what_ends_with_the_clerk_or_has_no_marks(self):
        """There is no newest turn of a shopper's to take."""
        from training.model.text_features import newest_alone

        kept = ["where is it", render_dialogue([Turn("shopper", "hi"), Turn("clerk", "Hello!")])]

        assert [text.encode() for text in kept] == newest_alone(kept).numpy().tolist()


class TestWords:
    def test_are_lower_case_without_apostrophes_and_long_numbers(self):
        """People type don't and dont; an order number says only that there is one."""
        assert words_of("Don't LOSE Order 10429!") == ["\x11", "dont", "lose", "order", "000", "!"]

    def test_of_chinese_are_its_characters(self):
        """Latin words among them stay whole."""
        assert words_of("退货iPhone吗？") == ["\x11", "退", "货", "iphone", "吗", "？"]

    def test_are_the_newest_when_there_are_too_many(self):
        """What was said last matters most."""
        assert words_of("one two three four", max_tokens=2) == ["three", "four"]

    @pytest.mark.parametrize("text", ["", " ", "\x00", b"\xff\xfe", "🙂", "x" * 100_000])
    def test_of_strange_input_are_harmless(self, text):
        """There is always a mark, never an error."""
        assert tokens_of(text).lengths.numpy()[0] in (1, 2)

    def test_of_no_texts_are_none(self):
        """An empty batch stays empty."""
        import tensorflow as tf

        from training.model import text_features as text

        found = text.tokenise(tf.constant([], tf.string), max_tokens=8)
        assert found.words.shape[0] == 0


class TestSpeakers:
    def test_are_known_at_every_token(self):
        """Shopper 0, clerk 1, action 2; three more in the last turn."""
        found = tokens_of("\x11where is it\x13shipped\x12on its way\x11thanks")

        assert found.kinds.numpy().tolist() == [[0, 0, 0, 0, 2, 2, 1, 1, 1, 1, 3, 3]]

    def test_without_marks_is_the_shopper(self):
        """A lone question is the dialogue with one shopper's turn."""
        plain, marked = tokens_of("hello there"), tokens_of("\x11hello there")

        assert plain.words.numpy().tolist() == marked.words.numpy().tolist()

    def test_tell_a_reply_from_a_dialogue(self):
        """One clerk's turn and nothing else is a reply's own text."""
        found = tokens_of("\x12Hello!", "\x12Hello!\x11hi", "hi")

        assert found.is_reply.numpy().tolist() == [True, False, False]


class TestPieces:
    def test_are_the_word_and_its_ends_marked_ngrams(self):
        """<order>: itself, five 3-grams, four 4-grams, three 5-grams."""
        import tensorflow as tf

        from training.model import text_features as text

        found = text.pieces(tf.constant(["order", "我"]), buckets=BUCKETS)

        assert found.rows.numpy().tolist() == [0] * 13 + [1] * 2
        assert found.buckets.numpy().max() < BUCKETS
