"""Mistyped words: which are mended, as what, and what is left alone."""

import pytest
from hypothesis import given, strategies as st

pytestmark = pytest.mark.slow

KNOWN = ("return", "refund", "order", "where", "video", "videos", "form", "from")


@pytest.fixture(scope="module")
def mend():
    import tensorflow as tf

    from training.model.spelling import Speller

    graph = tf.function(
        Speller(KNOWN).mend, input_signature=[tf.TensorSpec([None], tf.string)]
    ).get_concrete_function()

    def run(*words):
        return [word.decode() for word in graph(tf.constant(words, tf.string)).numpy()]

    return run


class TestMending:
    @pytest.mark.parametrize(
        ("typed", "slip"),
        [
            ("retrn", "a letter left out"),
            ("returnn", "one too many"),
            ("retuen", "one changed"),
            ("retrun", "two swapped"),
            ("eturn", "the first one left out"),
        ],
    )
    def test_finds_the_word_one_slip_away(self, mend, typed, slip):
        """Whatever went wrong with one letter."""
        assert mend(typed) == ["return"], slip

    def test_leaves_alone_what_is_known(self, mend):
        """From is no slip for form, though it is one letter away."""
        assert mend("from", "form", "videos", "video") == [""] * 4

    def test_leaves_alone_what_is_like_nothing(self, mend):
        """Two slips, names, numbers, marks, Chinese, words of two letters, nothing at all."""
        assert mend("rturm", "zephyra", "000", "\x11", "退", "or", "", "retürn") == [""] * 8

    def test_prefers_the_word_that_comes_first(self, mend):
        """Words come in the order of how often the shop uses them."""
        assert mend("vide", "frm", "orm") == ["video", "form", "form"]

    def test_of_no_words_is_nothing(self, mend):
        """An empty batch stays empty."""
        assert mend() == []

    @given(st.lists(st.text(max_size=30), max_size=5))
    def test_answers_a_known_word_or_nothing(self, mend, words):
        """Whatever is typed."""
        found = mend(*(word.encode("utf-8", "replace") for word in words))

        assert len(found) == len(words)
        assert set(found) <= {*KNOWN, ""}

    @given(st.sampled_from(KNOWN), st.data())
    def test_knows_what_any_one_letter_hides(self, mend, word, data):
        """One letter changed: a known word is meant, if not the same one."""
        at = data.draw(st.integers(0, len(word) - 1))
        letter = data.draw(st.sampled_from("qxz"))

        (found,) = mend(word[:at] + letter + word[at + 1 :])

        assert found in KNOWN


class TestKnownWords:
    def test_are_the_shops_own_before_the_common_ones(self):
        """What a shop says most is what a slip most likely meant."""
        from training.model.spelling import COMMON, known_words

        words = known_words({"kilt": 3, "sporran": 9, "the": 1, "退": 50, "000": 9, "of": 99})
        common = [word for word in COMMON.read_text(encoding="ascii").split() if word != "the"]

        assert words[:4] == ("sporran", "kilt", "the", common[0])
        assert len(words) == len(set(words))

    def test_leave_out_what_was_said_too_seldom(self):
        """A word said once in a hundred thousand texts may be a slip itself."""
        from training.model.spelling import by_count

        assert by_count({"refund": 7, "refnud": 1, "order": 7}, fewest=2) == ["order", "refund"]


class TestFeatures:
    def test_of_a_mistyped_word_are_its_own_and_those_of_what_was_meant(self):
        """A name that is none of ours keeps its own letters, whatever it is taken for."""
        import tensorflow as tf

        from training.model.text_features import pieces

        both = pieces(tf.constant(["ordr", "where"]), tf.constant(["order", ""]), buckets=4_096)
        typed, meant = (
            pieces(tf.constant([word]), buckets=4_096).buckets.numpy().tolist()
            for word in ("ordr", "order")
        )

        found = both.buckets.numpy()[both.rows.numpy() == 0].tolist()
        assert found == [*typed, *meant]
        assert (both.rows.numpy() == 1).sum() == len(pieces(tf.constant(["where"]), buckets=9).rows)
