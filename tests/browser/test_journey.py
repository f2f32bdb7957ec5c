"""A shopper's way through the demo shop, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from feedback.db.tables.sales import Order
from feedback.db.tables.signals import Click
from tests.bot.help_page import SENTENCES, URL
from tests.bot.serving import wait_until
from tests.browser.conftest import NewPage
from tests.browser.shop import OpenShop
from tests.chromium import PHONE
from tests.factories import queue_of

pytestmark = pytest.mark.slow


def open_chat(page: Any, name: str = "Chat with our clerk") -> None:
    page.get_by_role("button", name=name).click()
    page.get_by_role("log").get_by_text("Juniper Lane").wait_for()


def ask(page: Any, text: str, label: str = "Your message") -> None:
    """Write, send, and wait until the clerk has answered."""
    answered = page.locator(".line:not(.mine)").count()
    page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "n => document.querySelector('shopclerk-chat').shadowRoot"
        ".querySelectorAll('.line:not(.mine):not([role])').length > n",
        arg=answered,
    )


def held(page: Any, pattern: str) -> Callable[[], None]:
    """Holds back what the page asks for until the function that comes back is called."""
    waiting: list[Any] = []
    free: list[bool] = []
    page.route(pattern, lambda route: route.continue_() if free else waiting.append(route))

    def let_go() -> None:
        free.append(True)
        for route in waiting:
            route.continue_()

    return let_go


class TestJourney:
    def test_ask_thumb_click_and_buy(self, new_page: NewPage, open_shop: OpenShop) -> None:
        """Every step leaves its mark in the store, and the order finds its shopper."""
        shop, page = open_shop.shop, new_page()
        page.goto("/")
        open_chat(page)

        ask(page, "Recommend me a backpack, please")
        page.get_by_role("button", name="This helped").last.click()
        wait_until(lambda: queue_of(shop.store).recent(1)[0].up == 1)
        page.get_by_role("list", name="Products").get_by_role("link").first.click()
        page.wait_for_url("**/products/*shopclerk_click=*")
        page.get_by_role("button", name="Close the chat").click()
        page.get_by_role("button", name="Add to basket").click()
        page.get_by_role("link", name="Basket").click()
        page.get_by_role("link", name="Go to checkout").click()
        page.get_by_label("Name").fill("Ana")
        page.get_by_label("E-mail").fill("ana@example.org")
        page.get_by_label("Delivery address").fill("1 Pine Street")
        page.get_by_role("button", name="Place the order").click()
        number = page.locator(".number").inner_text()

        shown = queue_of(shop.store).recent(1)[0].impression
        with shop.store.db.reading() as session:
            order = session.get_one(Order, ("demo", number))
            clicked = session.exec(
                select(Click).where(Click.impression_id == shown.impression_id)
            ).one()
        assert ("token", shown.shopper_id) == (order.bridge, order.shopper_id)
        assert "product" == clicked.kind
        assert not page.locator("[data-basket-count]").is_visible()

    def test_who_writes_before_the_greeting_comes_reads_it_first(self, new_page: NewPage) -> None:
        """On a slow line the question waits below it."""
        page = new_page()

        def late(route: Any) -> None:
            page.wait_for_timeout(1_500)
            route.continue_()

        page.route("**/api/chat/sessions", late)
        page.goto("/")
        page.get_by_role("button", name="Chat with our clerk").click()
        ask(page, "Can I return it?")

        lines = page.locator(".line:not([role])").all_inner_texts()
        assert "Juniper Lane" in lines[0]
        assert "Can I return it?" in lines[1]

    def test_a_reload_keeps_the_dialogue_and_the_thumb(self, new_page: NewPage) -> None:
        """The open chat is still open, and nothing is shown twice."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        ask(page, "do you ship to canada")
        page.get_by_role("button", name="This helped").last.click()
        page.get_by_text("Thank you, noted.").wait_for()

        page.reload()
        page.get_by_role("log").get_by_text("do you ship to canada").wait_for()

        assert 1 == page.locator(".mine").count()
        pressed = page.get_by_role("button", name="This helped").last.get_attribute("aria-pressed")
        assert "true" == pressed

    def test_a_sentence_of_a_page_is_offered_said_and_leads_to_it(
        self, new_page: NewPage, open_shop: OpenShop
    ) -> None:
        """A knowledge source beside the reply book: choice, words, source, counted link."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        ask(page, "maybe they cannot be paid")
        page.get_by_role("button", name="Gift cards, 1").click()
        page.get_by_role("log").get_by_text(SENTENCES[1], exact=True).wait_for()

        link = page.get_by_role("log").get_by_role("link", name="Gift cards")
        href = link.get_attribute("href") or ""
        led = page.request.get(href, max_redirects=0)

        assert "/c/" in href
        assert led.headers["location"].startswith(URL)
        with open_shop.shop.store.db.reading() as session:
            clicks = session.exec(select(Click.kind).where(Click.target == "pages:gift-cards#1"))
            assert ["choice", "link"] == sorted(clicks)

    def test_a_thumb_down_may_say_why(self, new_page: NewPage, open_shop: OpenShop) -> None:
        """Pressed again, it is taken back."""
        shop, page = open_shop.shop, new_page()
        page.goto("/")
        open_chat(page)
        ask(page, "what does delivery cost")
        down = page.get_by_role("button", name="This did not help").last
        down.click()
        page.get_by_label("What was missing? (optional)").fill("No price for Canada")
        page.get_by_role("button", name="Send comment").click()
        page.get_by_text("Thank you, noted.").wait_for()
        given = queue_of(shop.store).recent(1)[0].down
        down.click()
        wait_until(lambda: queue_of(shop.store).recent(1)[0].down == 0)

        assert 1 == given

    def test_a_person_answers_live_with_their_name(
        self, new_page: NewPage, open_shop: OpenShop
    ) -> None:
        """The shopper asks for one; the desk takes over; the line arrives by itself."""
        page, desk = new_page(), new_page()
        page.goto("/")
        open_chat(page)
        page.get_by_role("button", name="Talk to a person").click()
        page.get_by_text("A person will answer you here.").wait_for()

        desk.goto("/desk")
        desk.get_by_label("Your name").fill("Mei")
        desk.get_by_label("Password").fill("open sesame")
        desk.get_by_role("button", name="Log in").click()
        desk.locator(".line", has_text="Asked for a person").last.click()
        desk.get_by_label("Your own answer").fill("Hello, Mei here. <b>How can I help?</b>")
        desk.get_by_role("button", name="Send my answer").click()

        page.get_by_text("Hello, Mei here. <b>How can I help?</b>").wait_for()
        assert "Mei" == page.locator(".who").inner_text()
        assert page.get_by_text("You are talking with a person.").is_visible()

    def test_the_keyboard_is_enough(self, new_page: NewPage) -> None:
        """Open, write, send and close without a pointer; the focus goes where it should."""
        page = new_page()
        page.goto("/")
        page.get_by_role("button", name="Chat with our clerk").focus()
        page.keyboard.press("Enter")
        page.keyboard.type("can i return it")
        page.keyboard.press("Enter")
        page.locator(".mine:not(.sending)").wait_for()
        page.keyboard.press("Escape")

        focused = page.evaluate("document.activeElement.shadowRoot.activeElement.className")
        assert "launch" == focused
        assert not page.get_by_role("log").is_visible()


class TestBeforeTheChatIsLoaded:
    """Its script comes late: what is typed meanwhile is neither lost nor cut in two."""

    def test_by_the_keyboard(self, new_page: NewPage, open_shop: OpenShop) -> None:
        """A sentence sent, and half of the next, whose rest is typed when the chat is there."""
        page = new_page()
        let_go = held(page, "**/widget/chat-en.js*")
        page.goto("/")
        page.get_by_role("button", name="Chat with our clerk").focus()
        page.keyboard.press("Enter")
        page.keyboard.type("can i return a kettle")
        page.keyboard.press("Enter")
        page.keyboard.type("and who pys the postage")
        for _ in range(len("ys the postage")):
            page.keyboard.press("ArrowLeft")
        assert page.get_by_role("log").get_by_text("can i return a kettle").is_visible()
        let_go()
        page.locator(".mine:not(.sending)").wait_for()
        page.keyboard.type("a")
        page.keyboard.press("Enter")
        page.locator(".mine:not(.sending)").nth(1).wait_for()

        said = ["can i return a kettle", "and who pays the postage"]
        assert said == page.locator(".mine .text").all_inner_texts()
        asked = [answer.question for answer in queue_of(open_shop.shop.store).recent(5)]
        assert [1, 1] == [asked.count(text) for text in said]

    def test_by_the_pointer_and_left_before_it_came(self, new_page: NewPage) -> None:
        """Written, sent by the button, and the shopper went on: the next page sends it."""
        page = new_page()
        page.route("**/widget/chat-en.js*", lambda route: route.abort())
        page.goto("/")
        page.get_by_role("button", name="Chat with our clerk").click()
        page.get_by_label("Your message").fill("is there a warranty on lamps")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("The chat cannot be reached right now.").wait_for()
        page.get_by_role("button", name="Close the chat").click()
        page.unroute("**/widget/chat-en.js*")
        page.goto("/products/table-lamp")
        page.get_by_role("button", name="Chat with our clerk").click()

        page.locator(".mine:not(.sending)").get_by_text("is there a warranty on lamps").wait_for()
        assert 1 == page.locator(".mine").count()

    def test_a_script_that_could_not_be_loaded_is_asked_for_again(self, new_page: NewPage) -> None:
        """By itself, while the panel is open."""
        page, asked = new_page(), []

        def fail_once(route: Any) -> None:
            asked.append(route.request.url)
            if len(asked) == 1:
                route.abort()
            else:
                route.continue_()

        page.route("**/widget/chat-en.js*", fail_once)
        page.goto("/")
        page.get_by_role("button", name="Chat with our clerk").click()
        page.keyboard.type("hello")
        page.get_by_role("log").get_by_text("Juniper Lane").wait_for()

        assert "hello" == page.get_by_label("Your message").input_value()
        assert not page.get_by_text("The chat cannot be reached right now.").is_visible()


class TestTroubles:
    def test_a_cut_line_loses_nothing(self, new_page: NewPage, open_shop: OpenShop) -> None:
        """Sent while offline, the message goes out once the line is back, and counts once."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        page.context.set_offline(True)
        page.get_by_label("Your message").fill("how long does delivery take")
        page.keyboard.press("Enter")
        page.get_by_text("You are offline.").wait_for()
        page.wait_for_timeout(300)
        page.context.set_offline(False)
        page.locator(".mine:not(.sending)").wait_for()

        asked = [a.question for a in queue_of(open_shop.shop.store).recent(5)]
        assert 1 == asked.count("how long does delivery take")

    def test_an_answer_lost_on_the_way_is_asked_for_again(
        self, new_page: NewPage, open_shop: OpenShop
    ) -> None:
        """The server answered, the browser never heard: the same client_id, the same answer."""
        page = new_page()
        cut: list[Any] = []

        def cut_once(route: Any) -> None:
            if not cut:
                cut.append(route.fetch())
                route.abort()
            else:
                route.continue_()

        page.route("**/api/chat/messages", cut_once)
        page.goto("/")
        open_chat(page)
        ask(page, "is there a student discount")
        page.locator(".mine:not(.sending)").wait_for()

        asked = [a.question for a in queue_of(open_shop.shop.store).recent(5)]
        assert (1, 1) == (len(cut), asked.count("is there a student discount"))
        assert 1 == page.locator(".mine").count()

    def test_two_tabs_tell_the_same(self, new_page: NewPage) -> None:
        """What is asked in one appears in the other."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        ask(page, "can i return it")
        other = page.context.new_page()
        other.goto("/")
        open_chat(other)
        ask(page, "do you ship to canada")

        other.get_by_role("log").get_by_text("do you ship to canada").wait_for()
        assert 2 == other.locator(".mine").count()

    def test_markup_is_shown_as_text(self, new_page: NewPage) -> None:
        """From the shopper, from the reply book, after a reload, and at the desk."""
        page = new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        page.goto("/")
        title = page.title()
        open_chat(page)
        for hostile in HOSTILE:
            page.get_by_label("Your message").fill(hostile)
            page.keyboard.press("Enter")
            page.get_by_role("log").get_by_text(hostile, exact=True).first.wait_for()
        ask(page, "please xyzzy the markup")
        page.get_by_text("<b>30</b>").last.wait_for()
        page.reload()
        page.get_by_role("log").get_by_text(HOSTILE[0], exact=True).first.wait_for()

        assert title == page.title()
        inside = "document.querySelector('shopclerk-chat').shadowRoot.querySelector('.log')"
        assert 0 == page.evaluate(f"{inside}.querySelectorAll('script, b, iframe, img').length")


class TestElsewhere:
    def test_chinese(self, new_page: NewPage) -> None:
        """Shop, widget and clerk speak the browser's language."""
        page = new_page(locale="zh-CN")
        page.goto("/")
        open_chat(page, "和店员聊聊")
        ask(page, "推荐一个背包", "您的消息")

        assert page.get_by_text("有货").first.is_visible()
        assert "zh-CN" == page.locator("html").get_attribute("lang")

    def test_a_phone(self, new_page: NewPage) -> None:
        """Nothing runs over the edge; the chat fills the screen."""
        page = new_page(viewport=PHONE, has_touch=True)
        for path in ("/", "/products/ridge-backpack", "/basket", "/checkout", "/desk/login"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        page.goto("/")
        open_chat(page)
        box = page.locator("#panel").bounding_box()

        assert (PHONE["width"], PHONE["height"]) == (box["width"], box["height"])


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(2)">',
    "<svg/onload=alert(3)>",
    "javascript:alert(4)",
    "</textarea><script>alert(5)</script>",
    '"><iframe srcdoc="<script>alert(6)</script>">',
    "{{7*7}} ${7*7} <%= 7*7 %>",
]
