"""Turns about what was spoken of or shown: other names in passing, one of its variants, several."""

import pytest

from tests.bot.shop import NOON, product


def sold(id_, title, body, *variants, category="Things"):
    made = product(id_, title, "", *(variants or (({}, "20.00", 5),)), category=category)
    return made._replace(body=body)


SHELVES = (
    sold(
        "drill", "Cordless Drill", "Works with the 18 V battery. Weighs 1.2 kg.", category="Tools"
    ),
    sold("battery", "Spare Battery", "18 V, charged in an hour.", category="Tools"),
    sold("ukulele", "Koa Ukulele", "Four nylon strings. Fits our padded case.", category="Music"),
    sold("case", "Padded Case", "With a pocket for sheet music.", category="Music"),
    sold("lily", "Peace Lily", "Needs little light. Grows to 60 cm.", category="Plants"),
    sold("lamp", "Grow Light", "For seedlings.", category="Lights"),
    sold(
        "paint",
        "Chalk Paint",
        "For walls.",
        ({"Volume": "1 L"}, "18.00", 4),
        ({"Volume": "5 L"}, "70.00", 2),
        ({"Volume": "10 L"}, "120.00", 0),
    ),
    sold("fan", "Desk Fan", "Very quiet. Three speeds.", category="Fans"),
    sold("tower", "Tower Fan", "Turns by itself.", category="Fans"),
    sold("pot", "青瓷茶壶", "容量 300 毫升。可以配竹托盘。", category="茶壶"),
    sold("tray", "竹托盘", "长 40 厘米。", category="托盘"),
)


@pytest.fixture
def say(shop):
    """Says turns of one dialogue in a shop of many trades, and gives the last answer."""
    shop.catalogue.put_products(SHELVES, NOON)

    def said(*turns, locale="en"):
        dialogue_id = shop.open(locale)
        return [
            shop.clerk.reply(dialogue_id, text, client_id=f"{n}") for n, text in enumerate(turns)
        ][-1]

    return said


def cards(answer):
    return [card.product_id for card in answer.products]


class TestIt:
    @pytest.mark.parametrize(
        ("turns", "locale", "about", "words"),
        [
            (["cordless drill", "does it work with a spare battery"], "en", "drill", "18 V"),
            (["koa ukulele", "will it fit the padded case?"], "en", "ukulele", "Fits our"),
            (["peace lily", "and does it need a grow light"], "en", "lily", "little light"),
            (["青瓷茶壶", "它能配竹托盘吗"], "zh", "pot", "可以配竹托盘"),
        ],
    )
    def test_is_asked_about_whatever_else_is_named(self, say, turns, locale, about, words):
        """The other product is a part of the question."""
        answer = say(*turns, locale=locale)

        assert [about] == cards(answer)
        assert words in answer.text

    def test_is_left_where_the_subject_is_named(self, say):
        """Another product is asked about."""
        answer = say("koa ukulele", "does the padded case have a pocket")

        assert ["case"] == cards(answer)

    def test_may_need_something_else(self, say):
        """That is no wish for others."""
        assert "handover" == say("cordless drill", "does it need anything else").kind


class TestSeveral:
    def test_are_told_one_by_one(self, say):
        """What each description says of it."""
        answer = say("show me fans", "is it quiet")

        assert {"fan", "tower"} == set(cards(answer))
        assert "Very quiet." in answer.text
        assert "doesn't say" in answer.text

    def test_of_which_none_tells_are_asked_for(self, say):
        """With a button for each, which asks the same of it."""
        answer = say("show me fans", "is it washable by hand")

        assert ("ask", ("product",)) == (answer.kind, answer.details.asks)


class TestVariants:
    def test_are_listed_to_who_asks_which(self, shop, say):
        """A product was shown that comes in several."""
        shop.ranker.says("which one?", "return_how", confidence=0.1)

        assert "1 L, 5 L, 10 L" in say("chalk paint", "which one?").text


class TestOtherThings:
    @pytest.mark.parametrize("text", ["do you have parking", "have you got a newsletter"])
    def test_asked_for_are_not_the_product_spoken_of(self, shop, say, text):
        """Nothing is said of its stock."""
        shop.ranker.says(text, "return_how", confidence=0.1)

        assert "handover" == say("koa ukulele", text).kind

    def test_a_deed_in_a_product_s_words_is_the_book_s(self, shop, say):
        """The shop tunes pianos, says its book; it sells felt for it besides."""
        felt = sold("felt", "Hammer Felt", "One metre.", category="Piano tuning")
        shop.catalogue.put_products([felt], NOON)
        shop.ranker.says("can you do piano tuning", "return_how", confidence=0.9)

        assert "return_how" == say("can you do piano tuning").reply_id

    def test_of_a_reply_s_matter_are_no_wish(self, shop, say):
        """Sending was spoken of, so that fans are asked about to be sent."""
        shop.ranker.says("do you send abroad", "shipping_cost")
        shop.ranker.says("what about fans", "shipping_cost", "return_how", confidence=0.65)

        assert "choices" == say("do you send abroad", "what about fans").kind


class TestKindsThatSayLittle:
    @pytest.mark.parametrize(
        ("shelves", "turns", "shown"),
        [
            (("Film > Colour", "Film > Other"), ["film under 30", "and colour?"], "a0"),
            (("Rugs > Small", "Rugs > Large"), ["rugs under 30", "and new ones?"], None),
            (("Yarn > Best wool", "Yarn > New"), ["yarn under 30", "and new?"], "a1"),
            (("Prints > Black and white", "Prints > Maps"), ["prints under 30", "and?"], None),
            (("Bikes > Father", "Bikes > Mother"), ["bikes under 30", "for my mother?"], "a1"),
        ],
    )
    def test_narrow_a_list_where_they_are_shelves(self, shop, shelves, turns, shown):
        """Elsewhere such words say not what for."""
        kind = shelves[0].split(" >")[0]
        shop.catalogue.put_products(
            [sold(f"a{n}", f"Model {n}", kind, category=shelf) for n, shelf in enumerate(shelves)],
            NOON,
        )
        dialogue_id = shop.open()
        answers = [shop.clerk.reply(dialogue_id, each, client_id=each) for each in turns]

        assert 2 == len(cards(answers[0]))
        assert shown is None or cards(answers[1])[0] == shown

    def test_and_is_none_though_a_shelf_has_it_in_its_name(self, shop, say):
        """The paint is still what is spoken of."""
        prints = sold("print", "Quay", "A print.", category="Prints > Black and white")
        shop.catalogue.put_products([prints], NOON)

        assert "Desk Fan" in say("is the desk fan in stock", "and brown?").text
