"""Quoting: one to three sentences of a page, verbatim and in their order."""

from hypothesis import given, strategies as st

from serving.quoting import MOST_CHARS, MOST_QUOTED, Quotation, quote

SENTENCES = ["You may send it back.", "You have 14 days.", "We pay.", "Thank you."]


def quoted(*probabilities, lengths=None):
    read = {(0, place): share for place, share in enumerate(probabilities)}
    return quote(read, {0: lengths or [40] * len(probabilities)})


class TestQuote:
    def test_takes_the_sentence_that_answers(self):
        """Beside it there is no room."""
        first, *_ = quoted(0.015, 0.8, 0.01, lengths=[150, 200, 150])

        assert (1, 1) == (first.first, first.last)

    def test_says_what_stands_beside_it_too_where_there_is_room(self):
        """Even what was not read: often the rest of it."""
        (first,) = quote({(0, 1): 0.8}, {0: [150, 60, 120, 90]})

        assert (1, 3, 0.8) == (first.first, first.last, first.probability)

    def test_chooses_among_all_sentences_that_stand_together(self):
        """Two likely ones rather than the likeliest alone, wherever they stand."""
        first, *_ = quoted(0.4, 0.0, 0.0, 0.3, 0.25, lengths=[40, 40, 250, 40, 40])

        assert (3, 4) == (first.first, first.last)

    def test_takes_what_stands_beside_it_and_answers_too(self):
        """An answer in two sentences is said whole."""
        first, *_ = quoted(0.3, 0.5, 0.01, lengths=[40, 40, 250])

        assert (0, 1, 0.8) == (first.first, first.last, first.probability)

    def test_is_never_a_page(self):
        """Three sentences at most, and no more letters than are read at once."""
        first, *_ = quoted(0.2, 0.2, 0.2, 0.2, 0.2)
        assert MOST_QUOTED == first.last - first.first + 1

        first, *_ = quoted(0.5, 0.4, lengths=[MOST_CHARS, 10])
        assert first.first == first.last

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
    def test_says_no_sentence_twice(self, probabilities):
        """Quotations share none, and the first is no less likely than any sentence."""
        found = quoted(*probabilities)

        places = [place for each in found for place in range(each.first, each.last + 1)]
        assert sorted(places) == list(range(len(probabilities)))
        assert found[0].probability >= max(probabilities) - 1e-6


class TestText:
    def test_is_the_page_s_own(self):
        """Word for word, in the page's order."""
        assert "You have 14 days. We pay." == Quotation(0, 1, 2, 1.0).text(SENTENCES, [""] * 4)

    def test_of_an_item_says_what_introduces_it(self):
        """ "Austria" alone is no answer."""
        text = Quotation(0, 1, 1, 1.0).text(["We ship to:", "Austria"], ["", "We ship to:"])

        assert "We ship to:\nAustria" == text

    def test_of_chinese_puts_no_space_between_sentences(self):
        """As it is written."""
        assert "可以退货。十四天内。" == Quotation(0, 0, 1, 1.0).text(
            ["可以退货。", "十四天内。"], ["", ""]
        )
