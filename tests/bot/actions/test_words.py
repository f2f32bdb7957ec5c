"""What words mean against closed sets: wishes, variants, addresses, yes."""

from decimal import Decimal

import pytest

from bot.actions.addresses import read_address
from bot.actions.back_office import ItemVariant, OrderItem, ProductOffer
from bot.actions.chinese import CHINESE
from bot.actions.english import ENGLISH
from bot.actions.variants import OptionReader, choose_variant
from bot.actions.wishes import read_wishes
from bot.actions.yes_or_no import is_yes

BOTTLE = ProductOffer(
    "bottle",
    "Water Bottle",
    tuple(
        ItemVariant(sku, {"capacity": size, "color": color}, Decimal(price), available)
        for sku, size, color, price, available in (
            ("500-red", "500ml", "red", "10.00", True),
            ("750-red", "750ml", "red", "12.00", True),
            ("1l-red", "1L", "red", "14.00", True),
            ("500-blue", "500ml", "blue", "9.00", True),
            ("750-blue", "750ml", "blue", "13.00", False),
        )
    ),
)
HAS = OrderItem(
    "500-red", "bottle", "Water Bottle", Decimal("10.00"), {"capacity": "500ml", "color": "red"}
)


def chosen(*texts: str, words=ENGLISH) -> str | None:
    reader = OptionReader(BOTTLE, HAS, words.speech)
    wishes = reader.read(texts[0])
    for text in texts[1:]:
        wishes = wishes.then(reader.read(text))
    variant = choose_variant(BOTTLE, HAS, wishes, same_allowed=False).variant
    return variant.sku if variant else None


class TestVariants:
    @pytest.mark.parametrize(
        ("said", "sku"),
        [
            ("a blue one", "500-blue"),
            ("the 1L please", "1l-red"),
            ("from the red to a blue one", "500-blue"),
            ("blue instead of red", "500-blue"),
            ("a bigger one", "750-red"),
            ("the biggest you have", "1l-red"),
            ("the cheapest one", "500-blue"),
            ("750ml in blue, otherwise red", "750-red"),
            ("750ml in blue", None),  # not in stock, and nothing else was said: ask
            ("another one", None),
        ],
    )
    def test_the_variant_that_is_meant_or_none(self, said: str, sku: str | None):
        """Never one that is out of stock, never one of several that fit alike."""
        assert sku == chosen(said)

    def test_a_correction_holds_for_the_option_it_names(self):
        """First 1L, then blue after all: there is no blue one of 1L."""
        assert "500-blue" == chosen("the blue one in 750ml", "500ml then")

    def test_the_rest_the_same_takes_back_what_was_said_of_other_options(self):
        """Only the capacity is to change after all."""
        assert "750-red" == chosen("a blue one", "no: 750ml, rest the same")

    def test_chinese_values_and_degrees(self):
        """Blue; and a bigger one."""
        assert ("500-blue", "750-red") == (
            chosen("换成蓝色", words=CHINESE),
            chosen("要大一点的", words=CHINESE),
        )


class TestWishes:
    @pytest.mark.parametrize(
        ("text", "actions"),
        [
            ("Please cancel my order", ["cancel_order"]),
            ("I'd like to send the lamp back and cancel the other order", None),
            ("swap the mug for a large one. also cancel A1001", ["swap", "cancel_order"]),
            ("change my default address to 1 Elm St", ["change_customer_address"]),
            ("send that order to my default address", ["change_order_address"]),
            ("put the order on my visa", ["change_payment"]),
            ("i want my lamp changed to a blue one", ["swap"]),
            ("sending back the mug please", ["return_items"]),
            ("i am giving the rug back", ["return_items"]),
            ("sorry, i changed my mind", []),
            ("how do i return something?", []),
            ("what does delivery cost", []),
            ("thank you", []),
        ],
    )
    def test_which_actions_a_message_asks_for(self, text: str, actions: list[str] | None):
        """In their order; a question about the rule asks for none."""
        found = [wish.action for wish in read_wishes(text, ENGLISH.speech, {})]
        assert (actions or ["return_items", "cancel_order"] * (actions is None)) == found

    def test_the_models_head_finds_a_wish_without_a_cue(self):
        """And is believed only where it is sure."""
        sure = {"exchange_items": 0.5, "change_items": 0.3, "none": 0.2}
        unsure = {"cancel_order": 0.4, "none": 0.6}

        assert ["swap"] == [w.action for w in read_wishes("hm", ENGLISH.speech, sure)]
        assert [] == read_wishes("hm", ENGLISH.speech, unsure)


class TestYes:
    @pytest.mark.parametrize("text", ["yes", "Yes, please go ahead!", "ok", "是的，确认", "好的"])
    def test_a_yes(self, text: str):
        """And nothing besides."""
        assert is_yes(text, ENGLISH.speech, CHINESE.speech)

    @pytest.mark.parametrize("text", ["", "yes?", "yes but", "是的但是", "ok computer", "no"])
    def test_no_yes(self, text: str):
        """One word more."""
        assert not is_yes(text, ENGLISH.speech, CHINESE.speech)


class TestAddresses:
    @pytest.mark.parametrize(
        ("text", "city"),
        [
            ("12 Oak Street, Apt 4, New York, NY 10001", "New York"),
            ("to 12 Oak Street Suite 9, Fort Worth, Texas 76165 please", "Fort Worth"),
            ("12 Oak Street", None),
            ("order 12345 to Denver", None),
        ],
    )
    def test_an_address_that_is_whole(self, text: str, city: str | None):
        """Half of one is asked for again."""
        found = read_address(text)
        assert city == (found["city"] if found else None)
