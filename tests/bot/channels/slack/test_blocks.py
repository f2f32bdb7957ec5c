"""Answers drawn as blocks, inside Slack's limits."""

import pytest

from bot.channels.slack.block_rules import broken_rules, characters
from bot.channels.slack.blocks import (
    MAX_BLOCKS,
    MAX_BLOCKS_TEXT,
    MAX_BUTTON,
    MAX_SECTION,
    answer_post,
    text_post,
)
from bot.languages.registry import phrases_in
from bot.messages import Answer, Card, Choice, Citation

EN, ZH = phrases_in("en"), phrases_in("zh")


def answer(**changes):
    given = {
        "message_id": 1,
        "impression_id": "i1",
        "kind": "answer",
        "text": "Hi",
        "confidence": 1,
    }
    return Answer(**{**given, **changes})


def card(**changes):
    given = {
        "product_id": "mug",
        "title": "Mug",
        "price": "$18.00",
        "image": "https://shop.example/mug.png",
        "url": "https://shop.example/products/mug",
        "in_stock": True,
    }
    return Card(**{**given, **changes})


def drawn(shown, **options):
    def click_link(impression_id, target, url):
        return f"https://clerk.example/c/{impression_id}-{target}?to={url}&x=1"

    return answer_post(
        shown, **{"locale": "en", "click_link": click_link, "thumbs": "plain", **options}
    )


def buttons(post):
    return {
        e["action_id"]: e for b in post.blocks for e in b.get("elements", []) if "action_id" in e
    }


class TestAnswer:
    def test_has_thumbs_and_a_person_on_its_last_line(self):
        """Also on a long answer: the last block always holds them."""
        post = drawn(answer(text="word " * 4000))

        assert ["thumbs_up", "thumbs_down", "talk_to_person"] == [
            e["action_id"] for e in post.blocks[-1]["elements"]
        ]
        assert "i1 up" == buttons(post)["thumbs_up"]["value"]

    def test_speaks_the_shopper_s_language(self):
        """Buttons too."""
        post = drawn(answer(text="您好"), locale="zh")

        assert ZH.talk_to_person == buttons(post)["talk_to_person"]["text"]["text"]

    def test_a_hand_over_asks_for_no_thumb(self):
        """And offers no person: one is coming."""
        assert {} == buttons(drawn(answer(kind="handover")))

    def test_slack_s_own_feedback_buttons_stand_in_a_context_actions_block(self):
        """Where the workspace takes them."""
        post = drawn(answer(), thumbs="native")
        block = next(b for b in post.blocks if b["type"] == "context_actions")

        assert "feedback_buttons" == block["elements"][0]["type"]
        assert "i1 down" == block["elements"][0]["negative_button"]["value"]

    def test_names_the_pages_it_quotes(self):
        """As links where Slack can follow them, and in the text of the notification."""
        said = "Valid for three years."
        url = "https://shop.example/pages/gift-cards"
        quoted = [Citation("pages", "1", "Gift <cards>", at, said) for at in (url, "/pages/a")]
        post = drawn(answer(text=said, citations=tuple(quoted)))

        context = next(block for block in post.blocks if block["type"] == "context")
        assert [f"<{url}|Gift &lt;cards&gt;>", "Gift &lt;cards&gt;"] == [
            element["text"] for element in context["elements"]
        ]
        assert url in post.text

    def test_says_again_what_was_chosen(self):
        """A pressed button leaves no message of its own."""
        assert "› Returns &lt;!channel&gt;" in str(
            drawn(answer(), chosen="Returns <!channel>").blocks
        )


class TestChoices:
    def test_each_is_a_button_named_by_its_place(self):
        """Titles over 75 characters are cut; values hold no reply id."""
        choices = (Choice("a", "x" * 200), Choice("b" * 3000, "Short"))
        found = buttons(drawn(answer(kind="choices", choices=choices)))

        assert MAX_BUTTON == len(found["choice_0"]["text"]["text"])
        assert ("Short", "i1 1") == (found["choice_1"]["text"]["text"], found["choice_1"]["value"])


class TestProducts:
    def test_a_card_shows_price_picture_and_counted_link(self):
        """The link goes through the click counter."""
        post = drawn(answer(kind="products", products=(card(),)))
        block = post.blocks[1]

        assert "*Mug*\n$18.00" in block["text"]["text"]
        assert "<https://clerk.example/c/i1-mug?to=" in block["text"]["text"]
        assert f"&amp;x=1|{EN.view}>" in block["text"]["text"]
        assert "https://shop.example/mug.png" == block["accessory"]["image_url"]
        assert "Mug, $18.00" in post.text

    @pytest.mark.parametrize(
        "image", ["", "https://shop.example/mug.svg", "http://127.0.0.1:8000/mug.png"]
    )
    def test_leaves_out_pictures_slack_can_not_fetch(self, image):
        """One such picture would refuse the whole message."""
        post = drawn(answer(kind="products", products=(card(image=image),)))

        assert "accessory" not in post.blocks[1]

    def test_a_title_can_not_close_the_link_or_the_bold(self):
        """Everything of a product is taken literally."""
        title = "<!here>|*x*>"
        text = drawn(answer(kind="products", products=(card(title=title),))).blocks[1]["text"][
            "text"
        ]

        assert "<!here>" not in text
        assert "*&lt;!here&gt;¦∗x∗&gt;*" in text

    def test_an_address_that_is_no_link_is_left_out(self):
        """javascript: and endless addresses are not linked."""
        for url in ("javascript:alert(1)", "https://x.example/" + "a" * 5000):
            post = drawn(answer(kind="products", products=(card(click_url=url),)))

            assert "|View>" not in post.blocks[1]["text"]["text"]


class TestLimits:
    @pytest.mark.parametrize("text", ["word " * 9000, "<&>" * 9000, "长" * 9000, "a\n" * 9000])
    def test_any_text_fits(self, text):
        """3,000 a section, 50 blocks, 12,000 in all; the fallback 3,000."""
        for post in (drawn(answer(text=text)), text_post(text)):
            sections = [b["text"]["text"] for b in post.blocks if b["type"] == "section"]

            assert max(map(len, sections)) <= MAX_SECTION
            assert len(post.blocks) <= MAX_BLOCKS
            assert sum(map(characters, post.blocks)) <= MAX_BLOCKS_TEXT
            assert len(post.text) <= 3_000

    def test_any_number_of_products_fits(self):
        """Those over the limit are left out, the buttons stay."""
        cards = tuple(card(product_id=f"p{n}", title="t" * 500) for n in range(80))
        post = drawn(answer(kind="products", products=cards))

        assert len(post.blocks) <= MAX_BLOCKS
        assert sum(map(characters, post.blocks)) <= MAX_BLOCKS_TEXT
        assert "talk_to_person" in buttons(post)


class TestCarousel:
    def test_several_products_stand_side_by_side(self):
        """Picture, title, price, and a button through the click counter; Slack takes it."""
        shown = answer(products=(card(), card(product_id="jug", title="Jug *1*", image="")))
        post = drawn(shown, carousel=True)
        (carousel,) = [block for block in post.blocks if block["type"] == "carousel"]
        first, second = carousel["elements"]

        assert [] == broken_rules(post.blocks, "message")
        assert ("Mug", "$18.00") == (first["title"]["text"], first["subtitle"]["text"])
        assert "https://shop.example/mug.png" == first["hero_image"]["image_url"]
        assert first["actions"][0]["url"].startswith("https://clerk.example/c/i1-mug")
        assert "Jug ∗1∗" == second["title"]["text"]
        assert "hero_image" not in second
        assert "Mug, $18.00" in post.text

    def test_a_single_product_stands_as_ever(self):
        """A carousel of one is a narrow card."""
        post = drawn(answer(products=(card(),)), carousel=True)

        assert "carousel" not in [block["type"] for block in post.blocks]
