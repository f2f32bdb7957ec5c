"""The decoder's words: nothing of a text is lost in numbering it and back."""

import pytest
from hypothesis import given, settings, strategies as st

from serving.contract import clean_text

pytestmark = pytest.mark.slow

TEXTS = ["Your order is {order.status}.", "Your parcel isn't here", "您可以退货。", "Your"]


def tokens_of(text):
    import tensorflow as tf

    from training.model import vocabulary as words

    return [token.decode() for token in words.split(tf.constant([text])).flat_values.numpy()]


@pytest.fixture(scope="module")
def vocabulary():
    from training.model.vocabulary import build_vocabulary

    return build_vocabulary(TEXTS, 100)


class TestSplitting:
    def test_keeps_words_slots_and_marks_each_with_the_space_before_it(self):
        """An apostrophe inside a word is part of it, a quotation mark is not."""
        assert tokens_of("It isn't {order.status}, 'sorry'!") == [
            *("It", " isn't", " {order.status}", ","),
            *(" '", "sorry", "'", "!"),
        ]

    def test_makes_a_token_of_each_chinese_character(self):
        """Latin words among them stay whole."""
        assert tokens_of("退iPhone 吗？") == ["退", "iPhone", " 吗", "？"]

    def test_knows_a_slot_only_when_it_is_whole(self):
        """Braces around anything else are punctuation."""
        assert tokens_of("{order.x {a}") == ["{", "order", ".", "x", " {a}"]

    @pytest.mark.parametrize("text", ["", " ", "\x00", "\u3000\n", b"\xff\xfe", "\x11\x1f\x12"])
    def test_finds_nothing_where_there_is_nothing(self, text):
        """Control characters and broken UTF-8 are white space."""
        assert tokens_of(text) == []

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=60))
    def test_loses_nothing_of_a_cleaned_text(self, text):
        """Joined, the tokens are the text again, whatever people write."""
        import tensorflow as tf

        from training.model import vocabulary as words

        text = clean_text(text)
        joined = words.join(words.split(tf.constant([text]))).numpy()[0].decode()
        assert text == joined

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=60))
    def test_folds_bytes_and_loses_nothing_more(self, text):
        """Broken UTF-8 too: joined tokens are the folded text."""
        import tensorflow as tf

        from training.model import vocabulary as words

        given_ = tf.constant([text])
        folded = words.fold(given_).numpy()[0]
        assert folded == words.join(words.split(given_)).numpy()[0]

    def test_of_no_texts_is_empty(self):
        """An empty batch stays empty."""
        import tensorflow as tf

        from training.model import vocabulary as words

        assert words.split(tf.constant([], tf.string)).to_list() == []


class TestVocabulary:
    def test_ranks_words_by_how_often_they_are_said(self, vocabulary):
        """The first places are padding, the unknown word and the end."""
        from training.model.vocabulary import SPECIAL

        assert vocabulary.words[:4] == (*SPECIAL, b"Your")
        assert set(vocabulary.words[4:]) >= {b" {order.status}", b" isn't", "退".encode(), b"."}

    def test_numbers_a_text_and_gives_it_back(self, vocabulary):
        """Case, spaces and slots included."""
        import tensorflow as tf

        numbers = vocabulary.numbers(tf.constant(TEXTS))
        texts = vocabulary.texts(numbers.to_tensor(0)).numpy().tolist()

        assert [text.encode() for text in TEXTS] == texts

    def test_knows_the_unknown(self, vocabulary):
        """A word never heard is number one, also after every known fingerprint."""
        import tensorflow as tf

        from training.model.vocabulary import UNKNOWN

        strange = [f"strange{n}" for n in range(200)]
        numbers = vocabulary.numbers(tf.constant(strange)).to_list()
        assert numbers == [[UNKNOWN]] * len(strange)

    def test_keeps_to_its_size(self):
        """The commonest stay, the special ones among them."""
        from training.model.vocabulary import build_vocabulary

        assert build_vocabulary(["b", "c", "b", "c", "c", "a"], 5).words[3:] == (b"c", b"b")

    def test_leaves_out_words_said_once_in_many_texts(self):
        """Otherwise what an unknown word is like would never be learned."""
        from training.model.vocabulary import RARE_FROM, build_vocabulary

        texts = ["again"] * RARE_FROM + ["once"]
        assert build_vocabulary(texts, 100).words[3:] == (b"again",)
        assert build_vocabulary(texts[-2:], 100).words[3:] == (b"again", b"once")

    def test_of_nothing_knows_nothing(self):
        """A shop without replies has no words, and still no error."""
        import tensorflow as tf

        from training.model.vocabulary import build_vocabulary

        empty = build_vocabulary([], 100)
        assert empty.numbers(tf.constant(["hi", ""])).to_list() == [[1], []]
