"""Entities in what shoppers write: typed spans, placeholders, and what is no order's number."""

import time

import pytest
from hypothesis import given, settings, strategies as st

from feedback.entities import KINDS, ProductNames, masked, normalised, read_entities

NUMBERS = (
    "77001", "EN-0358-A", "SO-2026-00358", "111-2230358-6677889", "0358/2", "S0358-1", "JL1001",
    "W-100-2231", "000000358",
)  # fmt: skip
ENDINGS = ("example.com", "bücher.example", "mail.example.co.uk")


class TestOrderNumbers:
    @pytest.mark.parametrize("number", NUMBERS)
    @pytest.mark.parametrize(
        "said",
        [
            "order {} mia@example.com where is it",
            "where is my order {}?",
            "my order number is {}",
            "#{} has not come",
            "{} mia@example.com",
            "我的订单{}到哪了",
            "单号：{}，邮箱mia@example.com",
            "{}号订单什么时候发货",
        ],
    )
    def test_are_read_as_shops_write_them(self, number, said):
        """In every wording: behind a word for an order, behind a sign, beside an e-mail."""
        assert number == read_entities(said.format(number)).first("order")

    @pytest.mark.parametrize("number", NUMBERS)
    def test_are_read_alone_once_asked_for(self, number):
        """With small letters and the long dashes of telephones' keyboards."""
        said = f"it's {number.lower().replace('-', '–')} thanks"

        assert number == read_entities(said, asked=True).first("order")

    @pytest.mark.parametrize("number", ["SO-2026-00358", "111-2230358-6677889", "EN-0358-A"])
    def test_of_three_parts_need_no_word(self, number):
        """Nothing but an order is numbered so."""
        assert number == read_entities(f"any news on {number}").first("order")

    def test_are_read_in_full_width(self):
        """As Chinese and Japanese keyboards write them."""
        assert "EN-0358-A" == read_entities("订单号：ＥＮ－０３５８－Ａ").first("order")

    @pytest.mark.parametrize(
        "said",
        [
            "my zip is 94103",
            "ship it to CA 94103",
            "SW1A 1AA please",
            "100 Market Street",
            "1200 West 5th Avenue please",
            "rue de la Paix 125",
            "Hauptstraße 125",
            "市场街100号",
            "邮编94103",
            "can I order 500 mugs",
            "I'd like to order 1500 of them",
            "order 150 mugs",
            "a 1000 ml bottle",
            "it was $1200",
            "1200块",
            "on 2026-11-30",
            "30.11.2026",
            "call me at 415 555 0100",
            "手机13812345678",
            "https://shop.example/orders/1001",
            "is the MX-500 in stock",
        ],
    )
    def test_are_no_other_number(self, said):
        """A postcode, a street, an amount, a price, a date, a telephone, an address of the web."""
        assert read_entities(said).first("order") is None

    @pytest.mark.parametrize(
        "said", ["my zip is 94103", "100 Market Street", "市场街100号 邮编94103", "+49 30 1234567"]
    )
    def test_are_no_address_even_when_asked_for(self, said):
        """What somebody writes instead of the number is not looked up."""
        assert read_entities(said, asked=True).first("order") is None


class TestEmails:
    @pytest.mark.parametrize(
        "email",
        ["jürgen@example.com", "info@bücher.example", "a.b+shop@mail.example.co.uk", "O'Hara@x.ie"],
    )
    def test_are_read_with_umlauts_too(self, email):
        """In the name and in the domain; a full stop behind it is none of it."""
        assert email == read_entities(f"邮箱{email}。 or {email}.").first("email")


class TestNormalising:
    @pytest.mark.parametrize(
        ("written", "plain"),
        [
            ("order 770\u200b01 mia@\u200bexample.com", "order 77001 mia@example.com"),
            ("ｗｈｅｒｅ ｉｓ ｍｙ ｏｒｄｅｒ", "where is my order"),
            ("I don\u2019t, I won\u00b4t, I can\u02bct", "I don't, I won't, I can't"),
            ("２０块以下的杯子", "20块以下的杯子"),
            ("wi\u00adfi \u2011 ok", "wifi - ok"),
        ],
    )
    def test_takes_out_what_nobody_sees(self, written, plain):
        """Zero-width characters, widths, apostrophes."""
        assert plain == normalised(written)

    @given(st.text(max_size=200))
    def test_done_twice_changes_nothing(self, text):
        """So it does not matter who did it before."""
        assert normalised(text) == normalised(normalised(text))


class TestPlaceholders:
    def test_stand_for_every_kind(self):
        """In place, so that the words around them keep their meaning."""
        names = ProductNames([("Firefly Camp Lantern", "lantern")])
        said = (
            "order EN-0358-A by Ann@Example.com, call +49 30 1234567: the firefly camp lantern was"
            " $54 on 3 March 2026 at https://shop.example/p, zip 94103"
        )

        assert (
            "order [order] by [email], call [phone]: the [product] was [price] on [date] at [url],"
            " zip [postcode]"
        ) == masked(said, products=names)

    def test_stand_only_for_what_is_to_be_hidden(self):
        """A search needs the price that a ranker does not."""
        assert "[email] under $40" == masked("a@b.com under $40", {"email"})

    def test_what_is_taken_out_leaves_the_words(self):
        """For a model that has learned no placeholders."""
        reading = read_entities("order 77001 mia@example.com where is it")

        assert "order where is it" == reading.without()

    @given(
        number=st.sampled_from(NUMBERS),
        name=st.text(st.sampled_from("abcxyzäöü0189._"), min_size=1, max_size=12).filter(
            lambda text: text[0] not in "._"
        ),
        ending=st.sampled_from(ENDINGS),
        before=st.sampled_from(["order", "where is order", "订单号", "#"]),
    )
    def test_no_number_and_no_email_is_left(self, number, name, ending, before):
        """Whatever they are."""
        text = masked(f"{before} {number} {name}@{ending} please")

        assert number not in text
        assert "@" not in text

    @given(st.text(max_size=300))
    @settings(max_examples=200)
    def test_spans_hold_what_they_say(self, text):
        """In order, none over another, and of the kinds that there are."""
        reading = read_entities(text, asked=True)
        ends = [0, *(each.end for each in reading.entities)]

        assert all(end <= each.start for end, each in zip(ends, reading.entities, strict=False))
        assert all(each.kind in KINDS and each.start < each.end for each in reading.entities)


class TestProductNames:
    NAMES = ProductNames(
        [("Ridge Backpack", "ridge"), ("Ridge Backpack Mini", "mini"), ("山脊双肩包", "ridge")]
    )

    @pytest.mark.parametrize(
        ("said", "products"),
        [
            ("is the ridge backpack mini in stock", ["mini"]),
            ("RIDGE-BACKPACK or Ridge Backpack Mini?", ["ridge", "mini"]),
            ("山脊双肩包有货吗", ["ridge"]),
            ("a ridge on a backpack", []),
        ],
    )
    def test_the_longest_counts(self, said, products):
        """Whatever the case and the signs between its words, in any language."""
        assert products == [each.product_id for each in self.NAMES.find(said)]


@pytest.mark.parametrize(
    "text",
    ["a" * 4000, "a." * 2000, "1" * 4000, "@a" * 2000, "-" * 4000, "1-" * 2000, "+1 " * 1300],
)
def test_hostile_lines_are_read_quickly(text):
    """No pattern runs away on 4,000 characters: a second is a thousand times too much."""
    began = time.process_time()
    read_entities(text, asked=True)

    assert time.process_time() - began < 1
