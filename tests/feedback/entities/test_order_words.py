"""Order numbers and e-mails, as shoppers write them."""

import time

import pytest

from feedback.entities.order_words import OrderWords, join_order_words, read_order_words


class TestReading:
    @pytest.mark.parametrize(
        ("text", "number", "email"),
        [
            ("where is order 1001, a@b.com", "1001", "a@b.com"),
            ("Order number is: 1001", "1001", None),
            ("order #jl-1001 please", "JL-1001", None),
            ("#1001", "1001", None),
            ("1001 a@b.com", "1001", "a@b.com"),
            ("我的订单1001到哪了？邮箱a@b.com。", "1001", "a@b.com"),
            ("订单号是１００１", "1001", None),
            ("单号：JL1001", "JL1001", None),
            ("mail a.b+shop@mail.example.co.uk.", None, "a.b+shop@mail.example.co.uk"),
        ],
    )  # fmt: skip
    def test_finds_both_in_a_sentence(self, text, number, email):
        """In both languages, with full-width digits too."""
        assert OrderWords(number, email) == read_order_words(text)

    @pytest.mark.parametrize(
        "text",
        [
            "do you have 500 of them",
            "under 200",
            "80块以下",
            "in order to buy",
            "it cost $1200",
            "@",
        ],
    )
    def test_takes_no_other_number_for_an_order(self, text):
        """A price or an amount is not an order."""
        assert OrderWords() == read_order_words(text)

    def test_takes_a_bare_number_once_asked(self):
        """The clerk asked, so 1001 alone is the answer."""
        assert OrderWords("1001", None) == read_order_words("it's 1001", asked=True)

    @pytest.mark.parametrize("text", ["about $1001", "1001元", "1001.50"])
    def test_takes_no_price_even_when_asked(self, text):
        """A currency tells."""
        assert read_order_words(text, asked=True).number is None

    @pytest.mark.parametrize("text", ["a" * 4000, "a." * 2000, "1" * 4000, "@a" * 2000, "-" * 4000])
    def test_reads_hostile_lines_quickly(self, text):
        """No pattern runs away on 4,000 characters: half a second is a thousand times too much."""
        began = time.process_time()
        read_order_words(text, asked=True)

        assert time.process_time() - began < 0.5


class TestJoining:
    def test_the_newest_of_each_counts(self):
        """A correction replaces only what it corrects."""
        said = [
            OrderWords(None, "new@b.com"),
            OrderWords("1001", "old@b.com"),
            OrderWords("9", None),
        ]

        assert OrderWords("1001", "new@b.com") == join_order_words(said)

    def test_nothing_said_is_nothing_known(self):
        """Both stay open."""
        assert OrderWords() == join_order_words([])
