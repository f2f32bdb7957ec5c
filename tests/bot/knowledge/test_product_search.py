"""Product search over a small catalogue."""

from decimal import Decimal

import pytest

from bot.knowledge.product_search import ProductSearch
from bot.knowledge.source import ModelQuery
from bot.messages import Place
from tests.bot.recommending import ScriptedRecommender
from tests.bot.shop import NOON, product

SURE, VAGUE = 2.9, 1.0


@pytest.fixture
def search(shop):
    catalogue = ProductSearch(shop.catalogue, public_url="https://shop.example/")

    def found(*texts, locale="en"):
        return [card.product_id for card in catalogue.search(texts, locale=locale)]

    return found


class TestWords:
    def test_finds_by_words_of_the_title(self, search):
        """Plural or not."""
        assert {"ridge-backpack", "day-backpack"} == set(search("do you have backpacks?"))

    def test_finds_chinese_by_its_characters(self, search):
        """The same products, asked for in Chinese."""
        assert {"ridge-backpack", "day-backpack"} == set(search("推荐一个双肩包", locale="zh"))

    def test_finds_by_tag(self, search):
        """Tags are in both languages."""
        assert ["ridge-backpack"] == search("something waterproof") == search("防水的")

    def test_finds_nothing_for_what_the_shop_does_not_sell(self, search):
        """It shows nothing rather than something else."""
        assert [] == search("do you sell pianos")

    def test_shows_one_of_each_category_when_nothing_is_named(self, search):
        """A wish without words gets a varied shelf."""
        shown = search("recommend me something")

        assert {"day-backpack", "wool-sweater", "trail-shoes"} == set(shown[:3])


class TestQuestion:
    def test_a_turn_is_read_once_whoever_asks(self, shop):
        products = ProductSearch(shop.catalogue, public_url="https://shop.example/")
        first = products.question("do you have the mug in blue", "en")
        assert products.question("do you have the mug in blue", "en") is first

    def test_and_again_when_the_catalogue_has_changed(self, shop):
        """What the turn names may be another product by then."""
        products = ProductSearch(shop.catalogue, public_url="https://shop.example/")
        asked = "how much is the brass sundial"
        assert products.question(asked, "en").named == ()
        shop.catalogue.put_products(
            [product("sundial", "Brass Sundial", "黄铜日晷", ({}, "30.00", 2))], NOON
        )
        named = products.question(asked, "en").named
        assert [each.product_id for each in named] == ["sundial"]


class TestDescription:
    @pytest.mark.parametrize(
        ("said", "asked"),
        [
            ("Likes shade, but is toxic to cats.", "something for my cats"),
            ("Not suitable for dishwashers.", "a pot for dishwashers"),
            ("喜欢阴凉，但对猫咪有毒。", "适合猫咪的"),
        ],
    )
    def test_what_it_denies_finds_nothing(self, shop, said, asked):
        """Who looks for it is not shown the very thing that is not for it."""
        line = product("fern", "Tall Fern", "高蕨", ({}, "19.00", 3), category="Plants")
        shop.catalogue.put_products([line._replace(body=said)], NOON)
        products = ProductSearch(shop.catalogue, public_url="https://shop.example/")

        assert "fern" not in [card.product_id for card in products.search([asked], locale="en")]

    def test_what_it_says_besides_does(self, shop):
        """The rest of the sentence is its own."""
        line = product("fern", "Tall Fern", "高蕨", ({}, "19.00", 3), category="Plants")
        body = "Likes a gloomy corner, but is toxic to cats."
        shop.catalogue.put_products([line._replace(body=body)], NOON)
        products = ProductSearch(shop.catalogue, public_url="https://shop.example/")

        found = products.search(["something for a gloomy corner"], locale="en")
        assert ["fern"] == [card.product_id for card in found]


class TestNarrowing:
    def test_price(self, search):
        """Under 50 leaves one of the backpacks."""
        assert ["day-backpack"] == search("a backpack under 50")

    def test_colour_is_the_variant_s_own(self, search):
        """The blue one is sold out, so blue finds none."""
        assert ["ridge-backpack"] == search("red backpack")
        assert [] == search("blue backpack")

    def test_size_reads_ranges(self, search):
        """42 is within 41 to 43."""
        assert ["trail-shoes"] == search("shoes size 42")
        assert [] == search("shoes size 45")

    def test_a_turn_that_only_narrows_takes_its_words_from_the_one_before(self, search):
        """After "backpacks", "under 50?" means backpacks under 50."""
        assert ["day-backpack"] == search("under 50?", "show me backpacks")


class TestStock:
    def test_never_shows_what_is_out_of_stock_or_withdrawn(self, search):
        """Neither the sold-out nor the withdrawn backpack."""
        assert {"gone-backpack", "old-backpack"}.isdisjoint(search("backpack"))

    def test_notices_new_stock(self, shop, search):
        """The index follows the book's stamp."""
        assert [] == search("teapot")
        shop.catalogue.put_products(
            [product("teapot", "Clay Teapot", "茶壶", ({}, "64.00", 2))], NOON
        )

        assert ["teapot"] == search("teapot")


class TestCards:
    def test_a_card_says_what_the_shopper_needs(self, shop):
        """Title, lowest price in stock, absolute addresses."""
        catalogue = ProductSearch(shop.catalogue, public_url="https://shop.example/")
        (card,) = catalogue.search(["sweater"], locale="en")

        assert ("Wool Sweater", "from $80.00", True) == (card.title, card.price, card.in_stock)
        assert card.url == "https://shop.example/products/wool-sweater"
        assert card.image == "https://shop.example/pictures/wool-sweater.png"

    def test_a_card_is_in_the_shopper_s_language(self, shop):
        """Chinese title, Chinese "from"."""
        catalogue = ProductSearch(shop.catalogue, public_url="https://shop.example/")
        (card,) = catalogue.search(["毛衣"], locale="zh")

        assert ("羊毛毛衣", "$80.00起") == (card.title, card.price)

    def test_shows_at_most_four(self, shop):
        """More would be a catalogue, not an answer."""
        many = [product(f"mug-{n}", f"Mug {n}", "", ({}, str(Decimal(n)), 1)) for n in range(1, 9)]
        shop.catalogue.put_products(many, NOON)
        catalogue = ProductSearch(shop.catalogue, public_url="https://shop.example")

        assert len(catalogue.search(["mugs"], locale="en")) == 4


class TestModel:
    @pytest.fixture
    def recommender(self):
        return ScriptedRecommender()

    @pytest.fixture
    def ask(self, shop, recommender):
        catalogue = ProductSearch(
            shop.catalogue, public_url="https://x.example", recommender=recommender
        )

        def found(*texts, label="stable"):
            asked = ModelQuery("\x11" + texts[0], label) if label else None
            cards = catalogue.search(texts, locale="en", for_model=asked)
            return [card.product_id for card in cards]

        return found

    def test_finds_what_was_said_in_other_words(self, ask, recommender):
        """No word of "rucksack" stands in the shop; the model has learned it."""
        recommender.scores = {"day-backpack": SURE, "ridge-backpack": 2.5, "wool-sweater": VAGUE}

        assert ["day-backpack", "ridge-backpack"] == ask("a rucksack")
        assert [("\x11a rucksack", "stable")] == recommender.asked

    def test_orders_what_words_find(self, ask, recommender):
        """Both backpacks are backpacks; shoppers who say so want one of them."""
        recommender.scores = {"day-backpack": SURE, "ridge-backpack": VAGUE}

        assert ["day-backpack", "ridge-backpack"] == ask("backpack")

    def test_a_vague_guess_shows_nothing(self, ask, recommender):
        """What the shop does not sell stays unsold."""
        recommender.scores = {"day-backpack": VAGUE, "wool-sweater": 0.9}

        assert [] == ask("do you sell pianos")

    def test_never_shows_what_is_out_of_stock_withdrawn_or_gone(self, ask, recommender):
        """However sure the model is: it was made before."""
        recommender.scores = {"gone-backpack": 9.0, "old-backpack": 9.0, "unknown": 9.0}

        assert [] == ask("a rucksack")

    def test_price_and_colour_hold_for_what_the_model_finds(self, ask, recommender):
        """Filters come last."""
        recommender.scores = {"day-backpack": SURE, "ridge-backpack": SURE}

        assert ["day-backpack"] == ask("a rucksack under 50")
        assert ["ridge-backpack"] == ask("a red rucksack")

    def test_a_turn_that_only_narrows_asks_as_the_one_before_did(self, ask, recommender):
        """ "Under 50?" alone says nothing of rucksacks."""
        recommender.scores = {"day-backpack": SURE, "ridge-backpack": SURE}

        assert ["day-backpack"] == ask("under 50?", "a rucksack")
        assert [("\x11a rucksack", "stable")] == recommender.asked

    def test_a_wish_without_words_shows_its_guess_first(self, ask, recommender):
        """And then one of each category, as ever; nothing twice."""
        recommender.scores = {"trail-shoes": SURE}
        shown = ask("recommend me something")

        assert "trail-shoes" == shown[0]
        assert {"day-backpack", "wool-sweater", "trail-shoes"} == set(shown[:3])
        assert len(shown) == len(set(shown))

    def test_words_alone_decide_while_it_is_away(self, ask, recommender):
        """Nobody waits again and again for a server that is gone."""
        recommender.away = True

        assert [["wool-sweater"]] * 5 == [ask("sweater") for _ in range(5)]
        assert 3 == len(recommender.asked)

    def test_the_holdout_is_answered_without_it(self, ask, recommender):
        """The experiment compares shoppers with the model with shoppers without."""
        recommender.scores = {"day-backpack": SURE}

        assert [] == ask("a rucksack", label=None)
        assert [] == recommender.asked

    def test_the_champion_stands_in_when_a_trial_has_just_ended(self, ask, recommender):
        """As for replies."""
        recommender.labels = ("stable",)
        recommender.scores = {"day-backpack": SURE}

        assert ["day-backpack"] == ask("a rucksack", label="canary")
        assert ["canary", "stable"] == [label for _, label in recommender.asked]


class TestWhereTheShopperIs:
    @pytest.fixture
    def near(self, shop):
        catalogue = ProductSearch(shop.catalogue, public_url="https://shop.example/")

        def found(text, page=None, *basket):
            place = Place(page, basket)
            return [c.product_id for c in catalogue.search([text], locale="en", place=place)]

        return found

    def test_a_question_without_a_subject_is_about_the_page(self, near):
        """Asked on the backpack's page, "in red?" means the backpack."""
        assert "ridge-backpack" == near("in red?", "/products/ridge-backpack?x=1")[0]

    def test_something_else_comes_from_near_the_page_first(self, near):
        """The other bag before the sweater and the shoes; the page's own product not at all."""
        shown = near("recommend me something", "https://shop.example/products/ridge-backpack/")

        assert "day-backpack" == shown[0]
        assert "ridge-backpack" not in shown

    def test_what_is_in_the_basket_is_not_recommended(self, near):
        """They have it already."""
        assert ["ridge-backpack"] == near("a backpack", None, "day-backpack")

    @pytest.mark.parametrize("page", ["//[", "", "javascript:alert(1)", "/products/gone-backpack"])
    def test_an_address_that_leads_nowhere_changes_nothing(self, near, page):
        """Browsers send what people type; the sold-out product has no page that counts."""
        assert near("a backpack") == near("a backpack", page)

    def test_a_card_names_the_variant_only_where_one_fits(self, shop):
        """Which size, only the shopper knows."""
        catalogue = ProductSearch(shop.catalogue, public_url="https://shop.example/")
        both = catalogue.search(["sweater"], locale="en")[0]
        one = catalogue.search(["sweater size L"], locale="en")[0]

        assert ("", "wool-sweater-1") == (both.variant_id, one.variant_id)


class TestOneProductOfMany:
    def test_news_of_one_product_change_one_entry(self, shop):
        """Sold out, it is gone; in stock again, it is back; the others are not read again."""
        catalogue = ProductSearch(shop.catalogue, public_url="https://shop.example/")

        def found():
            return [card.product_id for card in catalogue.search(["backpack"], locale="en")]

        first = found()
        gone = product("day-backpack", "Day Backpack", "", ({"Color": "Moss"}, "49.00", 0))
        shop.catalogue.put_products([gone], NOON)
        without = found()
        back = product("day-backpack", "Day Backpack", "", ({"Color": "Moss"}, "45.00", 2))
        shop.catalogue.put_products([back], NOON)

        assert {"ridge-backpack", "day-backpack"} == set(first) == set(found())
        assert ["ridge-backpack"] == without
        assert "$45.00" == catalogue.search(["day backpack"], locale="en")[0].price
