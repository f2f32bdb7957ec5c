"""Places and amounts: what is said of another country, or of other amounts, answers nothing."""

import pytest
from hypothesis import given, strategies as st

from serving.stated_values import ELSEWHERE, OUTSIDE, UNTOLD, amounts, fit, places_in

HEADER = "Order value | Standard | Express"


class TestPlaces:
    @pytest.mark.parametrize(
        ("question", "sentence"),
        [
            ("can you send it to Austria?", "We cannot deliver to Australia."),
            ("what does postage to norway cost", "Shipping to Sweden costs €9.90."),
            ("delivery to the UK?", "Parcels to Ireland take four days."),
            ("寄到德国多少钱", "寄往法国的运费为68元。"),
            ("可以寄到台灣嗎", "不能寄往日本。"),
        ],
    )
    def test_of_another_country_answer_nothing(self, question, sentence):
        """However alike the words are."""
        assert ELSEWHERE == fit(question, sentence)

    @pytest.mark.parametrize(
        ("question", "sentence"),
        [
            ("can you send it to Austria?", "We ship to Germany, Austria and Italy."),
            ("do you ship to Vienna", "Orders to Austria arrive in three days."),
            ("do you deliver to the USA", "We do not ship to the United States."),
            ("do you deliver to Peru", "We ship worldwide, from Spain."),
            ("do you deliver to Peru", "Outside Spain, please ask for a quote."),
            ("寄到奥地利要多久", "寄往奥地利的订单需要5天。"),
        ],
    )
    def test_of_the_same_country_or_of_all_fit(self, question, sentence):
        """By its name, a city of it, or a word for everywhere."""
        assert 1.0 == fit(question, sentence)

    def test_are_told_by_the_heading_where_the_sentence_names_none(self):
        """A section on Canada is no answer to who asks about Mexico."""
        assert ELSEWHERE == fit("how long to Mexico", "It takes 5 days.", "Shipping > Canada")
        assert 1.0 == fit("how long to Canada", "It takes 5 days.", "Shipping > Canada")

    def test_do_not_matter_where_none_was_asked_about(self):
        """A rule for Japan may be what is looked for."""
        assert 1.0 == fit("how long does delivery take", "To Japan it takes 5 days.")

    def test_are_never_the_pronoun(self):
        """ "Write to us" names no country; "ships from the US" does."""
        assert frozenset() == places_in("Write to us for 20 US dollars.")
        assert {"us"} == places_in("It ships from the US.")


class TestAmounts:
    @pytest.mark.parametrize(
        ("question", "row", "worth"),
        [
            ("shipping on a 150 dollar order", "Up to $100 | $16 | $33", OUTSIDE),
            ("shipping on a 150 dollar order", "$100.01 - $200 | $18 | $35", 1.0),
            ("shipping on a 150 dollar order", "Over $200 | free | $20", OUTSIDE),
            ("what do 40 pieces cost", "1–49 | $30", 1.0),
            ("what do 40 pieces cost", "50+ | $27", OUTSIDE),
            ("postage for 3 kg", "2 kg to 5 kg | €9", 1.0),
            ("postage for 3 kg", "up to 2 kg | €6", OUTSIDE),
            ("买300元运费多少", "满500元 | 免费", OUTSIDE),
        ],
    )
    def test_of_a_table_are_those_of_the_row_that_holds_them(self, question, row, worth):
        """The others are of other orders."""
        assert worth == fit(question, row, HEADER)

    def test_of_a_rule_need_not_be_those_asked_about(self):
        """Who asks "after 20 days" is told of the 14."""
        assert 1.0 == fit("can I return it after 20 days", "You have 14 days to return it.")
        assert 1.0 == fit("is a 30 dollar order sent free", "Orders over $50 ship free.")

    @pytest.mark.parametrize(
        ("question", "without", "told"),
        [
            ("how many days do i have", "Overnight is a way.", "You have 14 days."),
            (
                "how long is the warranty",
                "It comes with a warranty.",
                "The warranty lasts a lifetime.",
            ),
            ("how much is delivery", "We deliver on weekdays.", "Delivery is free."),
            ("what time do you open", "We open on weekdays.", "We open at noon."),
            ("保修多久", "所有产品都有保修。", "保修两年。"),
        ],
    )
    def test_asked_for_are_told(self, question, without, told):
        """By a number, or what is said in its place."""
        assert UNTOLD == fit(question, without)
        assert 1.0 == fit(question, told)

    def test_of_another_kind_are_not_compared(self):
        """Days are no dollars."""
        assert 1.0 == fit("will it be here within 3 days", "Up to $2 | $16", HEADER)

    @given(st.floats(0.01, 1e6).map(lambda number: round(number, 2)))
    def test_are_read_as_they_are_written(self, number):
        """With or without commas for thousands."""
        assert [(number, "money")] == [tuple(each) for each in amounts(f"${number:,.2f}")]
        assert [(number, "money")] == [tuple(each) for each in amounts(f"{number:.2f} euros")]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_fit_somehow(question, sentence):
    """Whatever is written, it is a share."""
    assert 0 < fit(question, sentence) <= 1
