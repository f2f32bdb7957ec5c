"""Dialogues about products: what is named, pointed at, narrowed and asked, turn by turn."""

import pytest

from bot.messages import Place
from feedback.dialogues import remember_look
from feedback.knowledge.importers.records import QuestionLine
from tests.bot.shop import NOON, product

MUG = product(
    "stoneware-mug",
    "Heath Stoneware Mug",
    "荒原陶杯",
    ({"Color": "Cream"}, "24.00", 4),
    ({"Color": "Ink Blue"}, "24.00", 0),
    category="Mugs",
)._replace(body="Holds 350 ml. Safe in the dishwasher and the microwave. Made in Portugal.")
LANTERN = product(
    "firefly-lantern", "Firefly Camp Lantern", "萤火虫露营灯", ({}, "54.00", 2), category="Lanterns"
)
ZEBRA = [
    product(f"zebra-{n}", f"Zebra {name} Lantern", "", ({}, price, 3), category="Lanterns")
    for n, (name, price) in enumerate([("Small", "22.00"), ("Table", "22.50"), ("Garden", "31.00")])
]


@pytest.fixture
def say(shop):
    """Says turns of one dialogue, and gives the last answer."""
    shop.catalogue.put_products([MUG, LANTERN, *ZEBRA], NOON)

    def said(*turns, locale="en", page=None):
        dialogue_id = shop.open(locale)
        place = Place(page) if page else None
        return [
            shop.clerk.reply(dialogue_id, text, client_id=f"{n}", place=place)
            for n, text in enumerate(turns)
        ][-1]

    return said


def cards(answer):
    return [card.product_id for card in answer.products]


class TestNamed:
    @pytest.mark.parametrize(
        "text",
        [
            "show me a firefly camp lantern",
            "firefly lantern",
            "is the firefly camp lantern in stock?",
            "how much is the Firefly Camp Lantern",
            "firefly camp lantren price",
        ],
    )
    def test_a_product_is_shown_whatever_the_model_makes_of_the_turn(self, say, text):
        """Its card, from the catalogue."""
        answer = say(text)

        assert ("products", ["firefly-lantern"]) == (answer.kind, cards(answer))

    def test_price_and_stock_are_said(self, say):
        """With what is sold out."""
        assert "Heath Stoneware Mug costs $24.00." == say("how much is the stoneware mug").text
        assert (
            "Heath Stoneware Mug is in stock in Cream. Sold out: Ink Blue."
            == say("is the heath stoneware mug in stock").text
        )
        assert "荒原陶杯的价格是$24.00。" == say("荒原陶杯多少钱", locale="zh").text

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("do you have the stoneware mug in blue", "sold out in Ink Blue"),
            ("stoneware mug in cream?", "in stock in Cream: $24.00"),
            ("the stoneware mug in green", "There is no Heath Stoneware Mug in green"),
            ("trail shoes 42", "in stock in EU 41-43 / White"),
            ("trail shoes 48", "There is no Trail Shoes in 48"),
        ],
    )
    def test_variants_answer_colour_and_size(self, say, text, words):
        """In stock, sold out, never there."""
        assert words in say(text).text

    def test_an_order_is_no_product(self, shop, say):
        """What the reply book is sure of and the catalogue understands in part is the book's."""
        shop.ranker.says("i want to return my stoneware mug", "return_how")

        assert "return_how" == say("i want to return my stoneware mug").reply_id

    def test_a_product_named_in_passing_is_what_it_means_next(self, shop, say):
        """The delivery of the mug is asked for, then where "it" may go."""
        question = "how much is delivery for the heath stoneware mug"
        shop.ranker.says(question, "return_how")

        assert "return_how" == say(question).reply_id
        assert "Safe in the dishwasher" in say(question, "can it go in the dishwasher").text

    def test_a_kind_the_shop_does_not_have_is_said_so(self, shop, say):
        """No reply is sure, and no product has the word."""
        shop.ranker.says("do you sell surfboards", "return_how", confidence=0.4)
        answer = say("do you sell surfboards")

        assert ("ask", True) == (answer.kind, "nothing in stock" in answer.text)

    def test_what_was_not_found_is_not_insisted_on(self, shop, say):
        """The next turn may ask anything; it is an order's number that is asked for once more."""
        shop.ranker.says("do you sell surfboards", "return_how", confidence=0.4)
        shop.ranker.says("hm, my cousin has one", "return_how", confidence=0.1)

        answer = say("do you sell surfboards", "hm, my cousin has one")

        assert "can't look that up" not in answer.text


class TestFacts:
    def test_the_best_sentence_is_quoted_with_the_product_s_name(self, say):
        """Verbatim, with where it stands."""
        answer = say("can the stoneware mug go in the dishwasher")

        assert "Heath Stoneware Mug: “Safe in the dishwasher and the microwave.”" == answer.text
        assert ["stoneware-mug"] == [citation.id for citation in answer.citations]

    def test_what_the_description_does_not_say_is_said_and_goes_to_the_desk(self, say):
        """Nothing is made up."""
        answer = say("is the stoneware mug vegan")

        assert ("handover", True) == (
            answer.kind,
            answer.text.startswith("The description of Heath Stoneware Mug doesn't say."),
        )


class TestWishes:
    def test_filters_come_before_the_list_is_cut(self, shop, say):
        """Whatever the model prefers: every one there is under the price."""
        shop.recommender.scores = {"firefly-lantern": 3.0}
        answer = say("show me a lantern under $40")

        assert {"zebra-0", "zebra-1", "zebra-2"} == set(cards(answer))

    def test_what_cannot_be_met_is_said_and_the_nearest_shown(self, say):
        """The price is what is given up last."""
        answer = say("a lantern under $10")

        assert "I have nothing for $10.00 or less in stock. These come closest." == answer.text
        assert "products" == answer.kind

    @pytest.mark.parametrize(
        ("turns", "locale", "shown"),
        [
            (["show me lanterns", "under 30?"], "en", {"zebra-0", "zebra-1"}),
            (
                ["firefly camp lantern", "anything cheaper?"],
                "en",
                {"zebra-0", "zebra-1", "zebra-2"},
            ),
            (["firefly lantern", "that one for my dad but under 25"], "en", {"zebra-0", "zebra-1"}),
            (["萤火虫露营灯", "太贵了，有便宜的吗"], "zh", {"zebra-0", "zebra-1", "zebra-2"}),
            (["show me backpacks", "in green"], "en", {"day-backpack"}),
        ],
    )
    def test_a_turn_that_narrows_keeps_the_wish(self, say, turns, locale, shown):
        """Price, colour, cheaper, others, in both languages."""
        answer = say(*turns, locale=locale)

        assert shown <= set(cards(answer))
        assert "firefly-lantern" not in cards(answer)


class TestPointing:
    @pytest.mark.parametrize(
        ("turns", "locale", "words"),
        [
            (["stoneware mug", "how much is it"], "en", "costs $24.00"),
            (["stoneware mug", "in blue?"], "en", "sold out in Ink Blue"),
            (["stoneware mug", "which colours are there"], "en", "Cream, Ink Blue"),
            (["stoneware mug", "is it microwave safe"], "en", "microwave"),
            (["荒原陶杯", "多少钱"], "zh", "$24.00"),
            (["荒原陶杯", "有蓝色的吗"], "zh", "缺货"),
        ],
    )
    def test_it_is_the_product_spoken_of(self, say, turns, locale, words):
        """Named in the turn before."""
        assert words in say(*turns, locale=locale).text

    @pytest.mark.parametrize("text", ["how much is the second one", "the 2nd?", "number 2"])
    def test_one_of_those_shown_is_counted_off(self, shop, say, text):
        """In the order of the cards."""
        second = cards(say("show me lanterns"))[1]

        assert [second] == cards(say("show me lanterns", text))

    def test_of_several_the_clerk_asks_which_and_remembers_what_for(self, shop, say):
        """With the likely ones as buttons; the press answers what was asked."""
        answer = say("show me lanterns under 30", "how much is it?")

        assert ("ask", ("product",)) == (answer.kind, answer.details.asks)
        assert {"zebra-0", "zebra-1"} == {choice.id.split(":")[-1] for choice in answer.choices}
        asking = shop.impression(answer.impression_id).dialogue_id
        pressed = shop.clerk.reply(asking, "", client_id="p", choice=answer.choices[0].id)
        assert "costs $22" in pressed.text

    def test_the_page_s_product_is_meant_until_something_else_is(self, say):
        """On the jacket's page, "in blue?" is the jacket."""
        answer = say("in blue?", page="https://shop.example/products/stoneware-mug")

        assert "sold out in Ink Blue" in answer.text

    def test_what_the_book_asks_of_all_is_told_of_the_page_s_product(self, shop, say):
        """Word for word a question of the book; elsewhere the book's reply is given."""
        asked = "is it dishwasher safe"
        shop.book.put_questions([QuestionLine(asked, "return_policy", "en")], NOON)
        shop.ranker.says(asked, "return_policy", "return_how")

        there = say(asked, page="https://shop.example/products/stoneware-mug")

        assert "ishwasher" in there.text
        assert "return_policy" == say(asked).reply_id

    def test_a_side_question_drops_nothing(self, shop, say):
        """The product is still what "it" means."""
        shop.ranker.says("what is delivery", "shipping_cost")

        assert (
            "sold out in Ink Blue"
            in say("stoneware mug", "what is delivery", "is it in blue?").text
        )


class TestAbout:
    def test_the_reply_says_what_it_is_about(self, say):
        """For programs."""
        assert {"product_id": "stoneware-mug"} == say("stoneware mug").details.about


BAG = product(
    "porter-bag",
    "Porter Shoulder Bag",
    "挑夫单肩包",
    ({"Color": "Black", "Size": "M"}, "89.00", 3),
    ({"Color": "Black", "Size": "L"}, "89.00", 0),
    ({"Color": "Green", "Size": "L"}, "89.00", 2),
    category="Bags",
)._replace(body="Made of canvas. It weighs 900 g. 40 cm wide. The lid keeps out rain.")


class TestFactsInOtherWords:
    """What is asked in words that the description does not have."""

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("how heavy is the porter bag", "It weighs 900 g."),
            ("what is the porter bag made of?", "Made of canvas."),
            ("porter bag: how big is it?", "40 cm wide."),
            ("is the porter bag waterproof", "The lid keeps out rain."),
        ],
    )
    def test_the_sentence_that_tells_it_is_quoted(self, shop, say, text, sentence):
        """By how a fact is asked and how it is told, not by words in common."""
        shop.catalogue.put_products([BAG], NOON)

        assert f"Porter Shoulder Bag: “{sentence}”" == say(text).text

    def test_a_name_in_passing_is_no_question(self, shop, say):
        """ "Does not say" is for who asks; who speaks of a product sees it."""
        shop.catalogue.put_products([BAG], NOON)
        answer = say("i came across the porter bag at a friend's")

        assert ("products", ["porter-bag"]) == (answer.kind, cards(answer))

    def test_what_the_shop_does_with_a_product_is_no_fact_of_it(self, shop, say):
        """ "Can I send it back" goes to the reply book."""
        shop.catalogue.put_products([BAG], NOON)
        shop.ranker.says("can i return it", "return_policy", confidence=0.75)

        assert "return_policy" == say("the porter bag", "can i return it").reply_id


class TestVariantsInTurn:
    @pytest.mark.parametrize(
        ("turns", "said"),
        [
            (("is the porter bag in stock in black", "and in L?"), "sold out in Black / L"),
            (("porter bag in L?", "in black"), "sold out in Black / L"),
            (("is the porter bag in stock in black", "in green?", "L?"), "in stock in Green / L"),
        ],
    )
    def test_a_colour_and_a_size_asked_for_one_after_the_other_belong_together(
        self, shop, say, turns, said
    ):
        """Black, then L: black in L."""
        shop.catalogue.put_products([BAG], NOON)

        assert said in say(*turns).text

    def test_on_a_chinese_page_a_letter_alone_is_a_size(self, shop, say):
        """L呢: no space parts the size from the word behind it."""
        shop.catalogue.put_products([BAG], NOON)
        said = say(
            "有黑色的吗", "L呢", locale="zh", page="https://shop.example/products/porter-bag"
        )

        assert said.text.startswith("抱歉，挑夫单肩包（黑色 / L）目前缺货。")


class TestPointingByAWord:
    def test_one_of_those_shown_is_meant_by_a_word_of_its_name(self, say):
        """ "The garden one"."""
        answer = say("show me lanterns", "the garden one, how much is it?")

        assert "Zebra Garden Lantern costs $31.00." == answer.text

    def test_a_chinese_name_may_leave_letters_out(self, shop, say):
        """挑夫包 for 挑夫单肩包."""
        shop.catalogue.put_products([BAG], NOON)

        assert "挑夫单肩包的价格是$89.00。" == say("挑夫包多少钱", locale="zh").text

    def test_two_products_named_alike_are_compared(self, shop, say):
        """Each has a word of its own."""
        answer = say("is the table zebra lantern or the garden zebra lantern better?")

        assert {"zebra-1", "zebra-2"} == set(cards(answer))

    def test_something_cheaper_than_the_page_s_product_is_found_at_once(self, say):
        """The page's product was shown, though nothing was said yet."""
        page = "https://shop.example/products/firefly-lantern"

        assert ["zebra-0", "zebra-1", "zebra-2"] == sorted(cards(say("cheaper?", page=page)))

    @pytest.mark.parametrize(("text", "locale"), [("how much?", "en"), ("多少钱", "zh")])
    def test_the_price_alone_is_told_of_each_that_was_shown(self, shop, say, text, locale):
        """Nothing points at one of them, and delivery was not spoken of."""
        shop.ranker.says(text, "shipping_cost", confidence=0.97)
        answer = say(
            "lanterns under 30" if locale == "en" else "30以下的 lantern", text, locale=locale
        )

        assert "$22.00" in answer.text
        assert "$22.50" in answer.text


JACKET = product(
    "drizzle-jacket",
    "Drizzle Rain Jacket",
    "",
    ({"Size": "M", "Color": "Ink Blue"}, "148.00", 2),
    ({"Size": "M", "Color": "Mustard"}, "148.00", 2),
    ({"Size": "L", "Color": "Ink Blue"}, "148.00", 0),
    category="Jackets",
)
JACKET = JACKET._replace(tags=["blue", "yellow", "rain jacket"], body="Taped seams. A roomy hood.")


class TestOfTheColourAskedFor:
    @pytest.fixture
    def on_its_page(self, shop, say):
        shop.catalogue.put_products([JACKET], NOON)
        return lambda *turns: say(*turns, page="http://shop.test/products/drizzle-jacket").text

    @pytest.mark.parametrize("text", ["in blue?", "do you have it in blue"])
    def test_variants_of_another_colour_are_not_told(self, on_its_page, text):
        """Nor those whose colour has a name of its own, whatever the product's tags are."""
        told = on_its_page(text)

        assert "M / Ink Blue" in told
        assert "Mustard" not in told

    def test_the_colour_lasts_over_a_question_for_the_price(self, on_its_page):
        """It is still the blue one whose size is asked for."""
        told = on_its_page("in blue?", "how much is it", "and in M")

        assert "M / Ink Blue" in told
        assert "Mustard" not in told

    def test_a_word_of_its_name_asks_for_no_fact(self, shop, say):
        """A "rain jacket" is asked for, and nothing about rain."""
        shop.catalogue.put_products([JACKET._replace(body="Stays dry in the rain.")], NOON)

        assert "is in stock in" in say("do you have the drizzle rain jacket").text


class TestOfThoseShown:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("the cheaper of them", "zebra-0"),
            ("which one is the cheapest", "zebra-0"),
            ("最便宜的那个", "zebra-0"),
            ("the most expensive one", "zebra-2"),
        ],
    )
    def test_one_is_picked_by_its_price(self, say, text, shown):
        """Of those shown, not of all there are."""
        assert [shown] == cards(say("show me zebra lanterns", text))

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("anything cheaper", "costs least: $22.00"),
            ("更贵的有吗", "最贵的是萤火虫露营灯，$54.00"),
        ],
    )
    def test_where_none_is_cheaper_the_cheapest_is_said(self, say, text, words):
        """And shown, rather than a question what else it should be."""
        answer = say("lanterns", text)

        assert words in answer.text
        assert 1 == len(answer.products)

    def test_others_may_cost_more(self, say):
        """Unlike cheaper ones: the price of the wish before is given up, and that is said."""
        answer = say("lanterns under 22.20", "show me others")

        assert "$22.20 or less" in answer.text
        assert "zebra-0" not in cards(answer)

    def test_a_fact_that_no_description_tells_is_not_answered_with_prices(self, say):
        """Which of them is lighter, a person has to say."""
        answer = say("show me zebra lanterns", "which one is lighter")

        assert "handover" == answer.kind
        assert "doesn't say" in answer.text

    def test_thanks_ask_for_no_product(self, shop, say):
        """Though a product was spoken of, and the word leaves nothing over to look for."""
        shop.ranker.says("thanks", "return_how", confidence=0.9)

        assert "return_how" == say("is the firefly lantern in stock", "no", "thanks").reply_id


class TestFocusOfWhatWasNamed:
    def test_it_is_the_product_named_in_a_question_of_the_book(self, shop, say):
        """A reply answered, and "it" is the product all the same."""
        shop.ranker.says("can i return the firefly camp lantern", "return_policy")
        answer = say("can i return the firefly camp lantern", "how much is it")

        assert "Firefly Camp Lantern costs $54.00." == answer.text

    def test_it_is_no_longer_the_product_spoken_of_before(self, shop, say):
        """Also where nothing sure was said of the new one."""
        shop.ranker.says("can i return the firefly camp lantern", "return_policy", confidence=0.4)
        answer = say(
            "is the stoneware mug in stock",
            "can i return the firefly camp lantern",
            "how much is it",
        )

        assert "Firefly Camp Lantern costs $54.00." == answer.text


class TestBestSellers:
    def test_what_is_bought_most_is_shown(self, shop, say):
        """In the order of what was sold; without orders the book answers."""
        shop.ranker.says("what are your best sellers", "return_how", confidence=0.9)
        assert "return_how" == say("what are your best sellers").reply_id

        shop.best_sellers[:] = ["zebra-1", "firefly-lantern"]
        assert ["zebra-1", "firefly-lantern"] == cards(say("what are your best sellers"))
        assert ["firefly-lantern"] == cards(say("最受欢迎的萤火虫露营灯", locale="zh"))

    def test_a_budget_is_the_most_it_may_cost(self, say):
        """Whatever else is said, a wish with a price is looked for."""
        answer = say("looking for something for the garden, budget about 23")

        assert {"zebra-0", "zebra-1"} == set(cards(answer))


def test_a_search_that_found_nothing_may_be_narrowed(shop, say):
    """What was looked for is kept, though nothing was shown: "max 23" is no question of its own."""
    shop.ranker.says("a sauna", "product_recommend")

    assert "ask" == say("a sauna").kind
    assert "ask" == say("a sauna", "max 23 please").kind


class TestConditions:
    @pytest.fixture
    def say(self, shop):
        """Says a turn in a shop of three plants."""
        plants = [
            product(name.lower(), name, "", ({}, "12.00", 3), category="Plants")._replace(body=body)
            for name, body in (
                ("Calathea", "Grows well in dark rooms. Safe for cats and dogs."),
                ("Pothos", "Likes a bright window. Toxic to cats."),
                ("Fern", "Likes it damp."),
            )
        ]
        shop.catalogue.put_products(plants, NOON)
        return lambda text: shop.clerk.reply(shop.open(), text, client_id="1")

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("something for a dark corner", "Grows well in dark rooms."),
            ("i'm looking for something that is safe for my cats", "Safe for cats and dogs."),
        ],
    )
    def test_what_a_description_says_of_it_is_shown(self, say, text, sentence):
        """With its sentence, and never what says the opposite."""
        answer = say(text)

        assert ["calathea"] == cards(answer)
        assert sentence in answer.text

    def test_one_word_of_a_long_condition_is_met_by_chance(self, say):
        """What stands in a dark room, or likes it damp, is not what was asked for."""
        assert "handover" == say("something for our living room, nothing too damp, any ideas?").kind

    def test_a_condition_that_nothing_speaks_of_is_a_person_s(self, say):
        """The catalogue knows no such word."""
        assert "handover" == say("something for my aquarium").kind


class TestClicked:
    @pytest.fixture
    def clicked(self, shop):
        """A dialogue whose three lanterns were shown, and the last of them clicked."""
        shop.catalogue.put_products([MUG, LANTERN, *ZEBRA], NOON)
        dialogue_id = shop.open()
        shown = shop.clerk.reply(dialogue_id, "zebra lanterns", client_id="0")
        remember_look(shop.store.db, dialogue_id, cards(shown)[-1])
        return dialogue_id, cards(shown)

    def test_the_clicked_one_is_what_it_means(self, shop, clicked):
        """Of several cards, and the reply says so."""
        dialogue_id, shown = clicked
        answer = shop.clerk.reply(dialogue_id, "how much is it", client_id="1")

        assert len(shown) > 1
        assert shown[-1:] == cards(answer)
        assert {"product_id": shown[-1]} == answer.details.about

    def test_the_first_one_still_counts_from_the_cards_shown(self, shop, clicked):
        """A click takes nothing away."""
        dialogue_id, shown = clicked
        answer = shop.clerk.reply(dialogue_id, "how much is the first one", client_id="1")

        assert shown[:1] == cards(answer)

    def test_a_click_after_the_dialogue_was_forgotten_changes_nothing(self, shop):
        """The shopper is not to blame."""
        remember_look(shop.store.db, "erased", "zebra-0")

        assert shop.store.dialogue("erased") is None
