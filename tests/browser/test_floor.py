"""The shop floor as it is lived: baskets from the chat, reloads, tabs, restarts, hostile words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from feedback.db.database import Database
from feedback.db.tables.sales import Order
from feedback.db.tables.signals import Rating
from feedback.knowledge.clustering import RepeatedReply
from feedback.knowledge.importers.files import ProductLine, ReplyLine, VariantLine
from feedback.knowledge.importers.records import Translation
from feedback.knowledge.proposals import Proposals
from tests.bot.serving import wait_until
from tests.browser.conftest import NewPage
from tests.browser.hostile import HOSTILE
from tests.browser.shop import OpenShop, opened
from tests.browser.test_journey import ask, open_chat
from tests.chromium import DESKTOP, PHONE, SLOW
from tests.factories import queue_of

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def log_in(page: Any, name: str = "Mei") -> None:
    page.goto("/desk/login")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Log in").click()


class TestBasketFromTheChat:
    def test_on_a_phone_in_chinese_from_question_to_order(
        self, new_page: NewPage, open_shop: OpenShop
    ) -> None:
        """Asked, put into the basket from the card, ordered; the order finds its shopper."""
        page = new_page(viewport=PHONE, locale="zh-CN", has_touch=True)
        page.goto("/")
        open_chat(page, "和店员聊聊")
        ask(page, "推荐一个台灯", "您的消息")
        page.get_by_role("button", name="加入购物篮").first.click()
        page.get_by_text("已放入购物篮").wait_for()
        page.get_by_role("button", name="关闭聊天").click()
        page.goto("/checkout")
        page.get_by_label("姓名").fill("安娜")
        page.get_by_label("电子邮箱").fill("anna@example.org")
        page.get_by_label("收货地址").fill("松树街1号")
        page.get_by_role("button", name="提交订单").click()
        number = page.locator(".number").inner_text()

        with open_shop.shop.store.db.reading() as session:
            order = session.get_one(Order, ("demo", number))
        assert "token" == order.bridge
        assert 1 == len(
            open_shop.shop.orders.look_up(number, "anna@example.org").items  # type: ignore[union-attr]
        )

    def test_every_order_of_who_chatted_finds_its_shopper(
        self, new_page: NewPage, open_shop: OpenShop
    ) -> None:
        """Bridge capture of the demo shop: twenty of twenty orders."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        page.evaluate(
            "localStorage.setItem('juniper_basket', JSON.stringify("
            "[{variant_id: 'table-lamp', quantity: 1}]))"
        )
        before = _orders(open_shop)
        for n in range(20):
            page.goto("/checkout")
            page.evaluate(
                "localStorage.setItem('juniper_basket', JSON.stringify("
                "[{variant_id: 'table-lamp', quantity: 1}]))"
            )
            page.get_by_label("Name").fill("Ana")
            page.get_by_label("E-mail").fill(f"a{n}@example.org")
            page.get_by_label("Delivery address").fill("1 Pine Street")
            page.get_by_role("button", name="Place the order").click()
            page.locator(".number").wait_for()

        placed = [order for order in _orders(open_shop) if order not in before]
        assert 20 == len(placed)
        assert 20 == sum(bridge == "token" for _, bridge in placed)

    def test_the_hours_of_people_are_said_from_the_first_turn(self, new_page: NewPage) -> None:
        """Beside the button for them."""
        page = new_page()
        page.goto("/")
        open_chat(page)

        assert page.get_by_role("button", name="Talk to a person").is_visible()
        assert "Monday" in page.locator(".foot small").inner_text()

    def test_a_thumb_up_may_say_what_helped(self, new_page: NewPage, open_shop: OpenShop) -> None:
        """And changed to down, the comment goes along."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        ask(page, "what does delivery cost")
        page.get_by_role("button", name="This helped").last.click()
        page.get_by_label("What helped? (optional)").fill("The price was clear")
        page.get_by_role("button", name="Send comment").click()
        page.get_by_text("Thank you, noted.").wait_for()

        def said() -> bool:
            with open_shop.shop.store.db.reading() as session:
                rated = session.exec(select(Rating.value, Rating.comment)).all()
            return ("up", "The price was clear") in rated

        wait_until(said)


class TestNothingIsLost:
    def test_a_message_on_its_way_survives_a_reload(
        self, new_page: NewPage, open_shop: OpenShop
    ) -> None:
        """Left in the middle of sending, it is sent when the page is back, once."""
        page = new_page()
        page.goto("/")
        open_chat(page)
        page.route("**/api/chat/messages", lambda route: route.abort())
        page.get_by_label("Your message").fill("is there a gift wrap for this")
        page.keyboard.press("Enter")
        page.locator(".mine.sending").wait_for()
        page.unroute("**/api/chat/messages")
        page.reload()
        page.locator(".mine:not(.sending)").wait_for()

        asked = [answer.question for answer in queue_of(open_shop.shop.store).recent(5)]
        assert 1 == asked.count("is there a gift wrap for this")
        assert 1 == page.locator(".mine").count()

    def test_two_tabs_are_one_shopper_in_one_dialogue(self, new_page: NewPage) -> None:
        """Opened at the same moment even; what is said in one stands in the other."""
        first = new_page()
        first.goto("/")
        second = first.context.new_page()
        second.goto("/products/rain-jacket")
        for page in (first, second):
            page.evaluate("void document.querySelector('shopclerk-chat').open()")
        for page in (first, second):
            page.get_by_role("log").get_by_text("Juniper Lane").wait_for()
        ask(first, "can i return it")

        second.get_by_role("log").get_by_text("can i return it").wait_for()
        assert 1 == second.locator(".mine").count()

    def test_a_server_restarted_in_the_middle_goes_on(self, browser: Any, tmp_path: Any) -> None:
        """However long it was away: what the page gave up on it sends again by itself."""
        database = Database(f"sqlite:///{tmp_path / 'shop.db'}")
        database.migrate()
        with opened(database) as shop:
            context = browser.new_context(base_url=shop.address, viewport=DESKTOP, locale="en-US")
            page = context.new_page()
            page.set_default_timeout(SLOW)
            page.goto("/")
            open_chat(page)
            ask(page, "can i return it")
            port = int(shop.address.rpartition(":")[2])
        page.get_by_label("Your message").fill("how long does delivery take")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="try again").wait_for()
        with opened(database, port=port) as shop:
            page.locator(".mine.sending").wait_for(state="detached")
            talk = queue_of(shop.shop.store).recent(1)[0].impression.dialogue_id
            shop.shop.store.record_staff_turn(talk, "Back again!", "Mei", NOW)
            shop.shop.app.state.context.notifier.wake(talk)
            page.get_by_text("Back again!").wait_for()
            assert 2 == page.locator(".mine").count()
            context.close()
        database.close()


class TestHostileWords:
    def test_fifty_strings_through_every_field_run_nothing(
        self, browser: Any, tmp_path: Any
    ) -> None:
        """Chat, comments, names, catalogue, book, proposals, orders, addresses: all is text."""
        database = Database(f"sqlite:///{tmp_path / 'shop.db'}")
        database.migrate()
        with opened(database) as open_shop:
            shop = open_shop.shop
            _fill(shop)
            context = browser.new_context(base_url=open_shop.address, locale="en-US")
            page = context.new_page()
            page.set_default_timeout(SLOW)
            ran: list[str] = []

            def note(dialog: Any) -> None:
                ran.append(dialog.message)
                dialog.dismiss()

            page.on("dialog", note)

            def nothing_ran(where: str) -> None:
                page.wait_for_timeout(50)
                assert not page.evaluate("window.xss"), where
                assert [] == ran, where

            page.goto("/")
            open_chat(page)
            for text in HOSTILE:
                page.get_by_label("Your message").fill(text)
                page.keyboard.press("Enter")
            wait_until(lambda: page.locator(".mine.sending").count() == 0, 240)
            nothing_ran("the chat")
            page.get_by_role("button", name="This did not help").first.click()
            page.get_by_label("What was missing? (optional)").first.fill(HOSTILE[0])
            page.get_by_role("button", name="Send comment").first.click()
            talk = queue_of(shop.store).recent(1)[0].impression.dialogue_id
            for text in HOSTILE:
                shop.store.record_staff_turn(talk, text, text, NOW)
            page.reload()
            page.get_by_role("log").get_by_text(HOSTILE[-1], exact=True).last.wait_for()
            nothing_ran("the chat after a reload")
            for path in (
                "/",
                "/?shelf=" + HOSTILE[0],
                "/basket",
                "/checkout",
                "/nope" + HOSTILE[6],
            ):
                page.goto(path)
                nothing_ran(path)
            for number in range(len(HOSTILE)):
                page.goto(f"/products/hostile-{number}")
                nothing_ran(HOSTILE[number])
            log_in(page, HOSTILE[7])
            for path in (
                "/desk",
                f"/desk?dialogue={talk}",
                "/desk/answers",
                "/desk/replies",
                "/desk/proposals",
                "/desk/model",
            ):
                page.goto(path)
                nothing_ran(path)
            context.close()
        database.close()


def _fill(shop: Any) -> None:
    """Hostile products, replies and proposals."""
    lines = [
        ProductLine(
            f"hostile-{n}", text, text, text, text, [text], text, "", True,
            (VariantLine(f"hostile-{n}", {text: text}, text, Decimal(5), None, 3),),
            translations=(Translation("zh", text, text),),
        )
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip
    shop.catalogue.put_products(lines, NOW)
    replies = [ReplyLine(f"hostile_{n}", text) for n, text in enumerate(HOSTILE)]
    shop.book.put_replies(replies, NOW)
    groups = [RepeatedReply(text, 3, [text]) for text in HOSTILE]
    Proposals(shop.store.db).put(groups, {}, NOW)


def _orders(open_shop: OpenShop) -> list[tuple[str, str | None]]:
    with open_shop.shop.store.db.reading() as session:
        return [
            (order_id, bridge)
            for order_id, bridge in session.exec(select(Order.order_id, Order.bridge))
        ]
