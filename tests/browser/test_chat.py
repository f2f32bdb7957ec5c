"""The chat as it is lived in: files, answers nobody saw, several dialogues, cards, the end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.reply_addresses import ReplyAddresses
from feedback.db.database import Database
from feedback.dialogues.survey import Surveys
from feedback.knowledge.importers.files import BoughtLine
from feedback.mail.repository import MailAddresses
from feedback.sales.purchase import Purchase
from tests.bot.serving import wait_until
from tests.browser.conftest import NewPage
from tests.browser.shop import OpenShop, opened
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import ask, open_chat
from tests.chromium import DESKTOP, PHONE
from tests.factories import days
from tests.feedback.files.pictures import photo

pytestmark = pytest.mark.slow

CUP = {"name": "cup.jpg", "mimeType": "image/jpeg", "buffer": photo((1_200, 900))}
WORDS = {
    "en": {
        "launch": "Chat with our clerk",
        "field": "Your message",
        "close": "Close the chat",
        "waits": "A person will answer you here.",
    },
    "zh": {
        "launch": "和店员聊聊",
        "field": "您的消息",
        "close": "关闭聊天",
        "waits": "客服会在这里回复您",
    },
}


@pytest.fixture(params=["en", "zh"])
def visit(request: Any, new_page: NewPage) -> tuple[Any, dict[str, str]]:
    """On a desktop in English, and on a phone in Chinese: the open chat, and its words."""
    if request.param == "en":
        page = new_page(viewport=DESKTOP)
    else:
        page = new_page(viewport=PHONE, locale="zh-CN", has_touch=True)
    page.goto("/products/rain-jacket")
    open_chat(page, WORDS[request.param]["launch"])
    return page, WORDS[request.param]


def dialogue_of(page: Any) -> str:
    """The dialogue that the page is in."""
    found: str = page.evaluate(
        "document.querySelector('shopclerk-chat').load().then(chat => chat.dialogue)"
    )
    return found


def answer(shop: OpenShop, dialogue_id: str, text: str) -> None:
    """A colleague answers, as at the desk."""
    inside = shop.shop
    inside.store.record_staff_turn(dialogue_id, text, "Mei", inside.clock())
    inside.app.state.context.notifier.wake(dialogue_id)


class TestFiles:
    def test_a_picture_goes_to_a_person(self, visit: Any) -> None:
        """Chosen, seen small, sent with words; still there after a reload."""
        page, words = visit
        page.locator("input[type=file]").set_input_files([CUP])
        page.locator(".waiting img").wait_for()
        page.get_by_label(words["field"], exact=True).fill("it is broken")
        page.keyboard.press("Enter")
        page.get_by_text(words["waits"]).wait_for()
        page.reload()
        if page.viewport_size == PHONE:
            page.get_by_role("button", name=words["launch"]).click()
        picture = page.locator(".mine .files img")
        picture.wait_for()
        page.wait_for_function(
            "() => document.querySelector('shopclerk-chat').shadowRoot"
            ".querySelector('.mine .files img').naturalWidth > 100"
        )

        assert "cup.jpg" == picture.get_attribute("alt")
        assert [] == violations(page)

    def test_a_bad_one_gets_a_clear_word(self, new_page: NewPage) -> None:
        """Dropped on the chat, refused with what may be sent; it can be taken out."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        page.evaluate(
            "() => { const data = new DataTransfer();"
            " data.items.add(new File(['<svg/>'], 'a.svg'));"
            " document.querySelector('shopclerk-chat').shadowRoot.querySelector('.panel')"
            ".dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true })); }"
        )
        page.get_by_text("Only JPEG, PNG, WebP or GIF pictures").wait_for()
        page.get_by_role("button", name="Take out: a.svg").click()

        assert not page.get_by_text("Only JPEG").is_visible()


class TestNobodyMissesAnAnswer:
    def test_on_whichever_page_the_shopper_is(self, visit: Any, open_shop: OpenShop) -> None:
        """Badge, title and teaser with the chat closed; opened, it counts as read everywhere."""
        page, words = visit
        page.get_by_role("button", name="Talk to a person").or_(
            page.get_by_role("button", name="转人工客服")
        ).click()
        page.get_by_text(words["waits"]).wait_for()
        dialogue_id = dialogue_of(page)
        page.get_by_role("button", name=words["close"]).click()
        page.goto("/basket")
        page.evaluate("document.querySelector('shopclerk-chat').loading.then(chat => chat.started)")
        answer(open_shop, dialogue_id, "We **send** a new one")
        page.get_by_role("button", name="Mei We send a new one").wait_for()

        assert page.title().startswith("(1) ")
        assert [] == violations(page)
        page.get_by_role("button", name="Mei We send a new one").click()
        page.get_by_role("log").get_by_text("We send a new one").wait_for()
        assert "send" == page.get_by_role("log").locator("strong").last.inner_text()
        assert not page.title().startswith("(")
        newest = open_shop.shop.store.turns(dialogue_id)[-1].turn_id
        attention = open_shop.shop.app.state.context.attention
        wait_until(lambda: attention.of(dialogue_id).shopper == newest)
        page.reload()
        page.evaluate("document.querySelector('shopclerk-chat').loading.then(chat => chat.started)")
        assert not page.title().startswith("(")

    def test_who_writes_is_seen(self, new_page: NewPage, open_shop: OpenShop) -> None:
        """A colleague types: the shopper sees it, and that their words were read."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        page.get_by_role("button", name="Talk to a person").click()
        page.get_by_text("A person will answer you here.").wait_for()
        dialogue_id = dialogue_of(page)
        context = open_shop.shop.app.state.context
        context.attention.staff_type(dialogue_id, open_shop.shop.clock())
        context.notifier.wake(dialogue_id)

        page.get_by_label("Our team is writing").wait_for()
        page.locator(".mine .meta").last.get_by_text("Seen").wait_for()


class TestDialogues:
    def test_a_new_one_and_back(self, new_page: NewPage) -> None:
        """The menu lists them; each keeps what was said."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        ask(page, "can i return it")
        page.get_by_role("button", name="Your chats and settings").click()
        page.get_by_role("button", name="New chat").click()
        page.get_by_role("group", name="You could ask").wait_for()
        assert not page.get_by_text("can i return it").is_visible()
        ask(page, "what does delivery cost")
        page.get_by_role("button", name="Your chats and settings").click()
        page.get_by_role("button", name="can i return it").wait_for()
        assert [] == violations(page)
        page.get_by_role("button", name="can i return it").click()

        page.get_by_role("log").get_by_text("can i return it").wait_for()

    def test_questions_to_begin_with_are_asked_by_a_press(self, visit: Any) -> None:
        """They fit the page, and go once something was said."""
        page, _ = visit
        prompts = page.get_by_role("group", name="You could ask").or_(
            page.get_by_role("group", name="您可以问")
        )
        prompts.get_by_role("button").first.click()
        page.locator(".mine").wait_for()

        assert 0 == prompts.count()

    def test_one_question_at_the_end(self, new_page: NewPage, open_shop: OpenShop) -> None:
        """A colleague closes the dialogue: solved, a grade and a word are counted."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        ask(page, "can i return it")
        dialogue_id, shop = dialogue_of(page), open_shop.shop
        shop.store.hand_on(dialogue_id, "close", shop.clock())
        shop.app.state.context.notifier.wake(dialogue_id)
        page.get_by_role("button", name="Yes").click()
        page.get_by_role("button", name="5").click()
        page.get_by_label("A word, if you like").fill("quick")
        assert [] == violations(page)
        page.locator(".survey").get_by_role("button", name="Send comment").click()

        surveys, now = Surveys(shop.store.db), shop.clock()
        wait_until(lambda: surveys.csat(now - days(1), now + days(1)).good == 1)


class TestCards:
    def test_an_order_is_a_card(self, visit: Any, open_shop: OpenShop) -> None:
        """Its items, how far it is, and the way to its parcel."""
        page, words = visit
        shop = open_shop.shop
        shop.orders.record(
            Purchase(
                source="demo",
                order_id="7007",
                number="7007",
                email="ana@example.org",
                placed_at=shop.clock(),
                currency="USD",
                total=Decimal(98),
                status="shipped",
                tracking="https://parcels.example/7007",
                lines=(BoughtLine("ridge-backpack", 1, Decimal(98), title="Ridge Backpack"),),
            ),
            shop.clock(),
        )
        ask(page, "where is my order" if words is WORDS["en"] else "我的订单到哪了", words["field"])
        if words is WORDS["en"]:  # keyword search asks whether that was meant
            page.get_by_role("button", name="Where is my order").click()
            page.get_by_text("send me your order number").wait_for()
        ask(page, "7007 ana@example.org", words["field"])
        card = page.locator("section.order")
        card.wait_for()

        assert "1 × Ridge Backpack" in card.inner_text()
        assert 3 == card.locator(".reached").count()
        assert "https://parcels.example/7007" == card.get_by_role("link").get_attribute("href")
        assert [] == violations(page)

    def test_products_are_swiped(self, new_page: NewPage) -> None:
        """Side by side on a phone, without the page growing wider."""
        page = new_page(viewport=PHONE, has_touch=True)
        page.goto("/")
        open_chat(page)
        ask(page, "recommend me a backpack")
        cards = page.get_by_role("list", name="Products")
        tops = cards.evaluate("node => [...node.children].map(card => card.offsetTop)")

        assert 1 == len(set(tops)) < len(tops)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_where_nobody_is_there_the_answer_may_go_by_mail(
    browser: Any, sqlite_database: Database
) -> None:
    """Out of hours the form is open at once; what is left there is agreed to, and mailed to."""
    replies = ReplyAddresses("reply@shop.example", b"a key of tests")
    with opened(sqlite_database, mail_replies=replies, is_open=lambda _: False) as away:
        context = browser.new_context(base_url=away.address, viewport=PHONE)
        page = context.new_page()
        page.goto("/")
        open_chat(page)
        assert "nobody is here just now" in page.locator(".head").inner_text()
        page.get_by_role("button", name="Talk to a person").click()
        page.get_by_label("Your e-mail address").fill("ana@example")
        page.get_by_role("button", name="Yes, e-mail me").click()
        page.get_by_text("Please check the address.").wait_for()
        page.get_by_label("Your e-mail address").fill("ana@home.example")
        assert [] == violations(page)
        page.get_by_role("button", name="Yes, e-mail me").click()
        page.get_by_text("We write to you there, too.").wait_for()
        store = away.shop.store
        store.record_staff_turn(dialogue_of(page), "Tomorrow", "Mei", away.shop.clock())
        due = MailAddresses(store.db).take_due(away.shop.clock(), timedelta(0))
        assert ["ana@home.example"] == [mail.address for mail in due]
        context.close()
