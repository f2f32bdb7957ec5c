"""docs/shop.md, followed word by word on pages of another shop: chat, checkout, order."""

import json
import subprocess
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from bot.signed_in import sign
from feedback.db.tables.sales import Order
from tests import shop_page
from tests.bot.web_shop import ORDERS_SECRET
from tests.browser.conftest import NewPage
from tests.browser.shop import OpenShop
from tests.browser.test_journey import ask, open_chat
from tests.feedback.knowledge.sites.site_server import Answer, LocalSite

pytestmark = pytest.mark.slow

CUSTOMERS = "the secret that signs who is signed in"


@pytest.fixture(scope="module")
def shop_settings(theirs: LocalSite) -> dict[str, Any]:
    """The clerk may be embedded there, as the page's settings say."""
    return {"allowed_origins": (theirs.url.rstrip("/"),), "customer_secret": CUSTOMERS}


def written(theirs: LocalSite, path: str, body: str) -> str:
    """A page of theirs; its address."""
    html = f'<!doctype html><html lang="en"><title>Theirs</title><body>{body}</body></html>'
    theirs.pages[path] = Answer(html.encode())
    return theirs.url.rstrip("/") + path


def code(shop: OpenShop, holding: str, language: str) -> str:
    """Code of the page, with the clerk's own address in it."""
    return shop_page.code(holding, language=language).replace(shop_page.CLERK, shop.address)


def chat(shop: OpenShop) -> str:
    """The one line that puts the chat on a page."""
    return code(shop, 'widget.js" defer', "html")


class TestOnTheirPages:
    def test_the_line_the_colours_and_a_button_of_theirs(
        self, new_page: NewPage, open_shop: OpenShop, theirs: LocalSite
    ) -> None:
        """A question is answered; the chat has their colour, opens by their button, hides it."""
        hides = shop_page.said(r"hide it with `([^`]+)`")
        opens = shop_page.said(r"`(document\.querySelector\('shopclerk-chat'\)\.open\(\))`")
        style = f"<style>{code(open_shop, '--shopclerk-accent', 'css')} {hides}</style>"
        own = f'<button class="ask-us" onclick="{opens}">Ask us</button>'
        page = new_page()
        page.goto(written(theirs, "/", f"{style}<main>Cups</main>{chat(open_shop)}"))
        page.locator("shopclerk-chat").wait_for(state="attached")
        page.evaluate(f"document.body.insertAdjacentHTML('beforeend', `{own}`)")
        page.get_by_role("button", name="Ask us").click()
        page.get_by_role("log").get_by_text("Juniper Lane").wait_for()
        ask(page, "how long can i return it")

        accent = page.evaluate(
            "getComputedStyle(document.querySelector('shopclerk-chat'))"
            ".getPropertyValue('--shopclerk-accent').trim()"
        )
        assert "#8a2f4d" == accent
        page.evaluate("document.querySelector('shopclerk-chat').hidden = true")
        page.locator(".ask-us").wait_for(state="hidden")

    def test_the_checkouts_field_leads_from_the_order_to_the_chat(
        self, new_page: NewPage, open_shop: OpenShop, theirs: LocalSite
    ) -> None:
        """As the theme prints it; the order is posted with the page's own shell lines."""
        field = code(open_shop, "shopclerk_shopper", "php").split("echo '")[1].split("';")[0]
        page = new_page()
        page.goto(written(theirs, "/", chat(open_shop)))
        open_chat(page)
        form = f'<form action="/ordered">{field}<button>Order</button></form>'
        page.goto(written(theirs, "/checkout", form + chat(open_shop)))
        page.wait_for_function("document.querySelector('[name=shopclerk_shopper]').value")
        with page.expect_request("**/ordered?*") as sent:
            page.get_by_role("button", name="Order").click()
        (token,) = parse_qs(urlsplit(sent.value.url).query)["shopclerk_shopper"]
        posted(code(open_shop, "webhooks/orders", "sh").replace("null", f'"{token}"'))

        order = the_order(open_shop)
        assert ("token", "59.90") == (order.bridge, f"{order.total:.2f}")
        refund = shop_page.said(r"A refund goes the same way: `([^`]+)`")
        lines = code(open_shop, "webhooks/orders", "sh")
        start, end = lines.index("'") + 1, lines.index("'\n")
        posted(lines[:start] + refund + lines[end:])
        assert "20.00" == f"{the_order(open_shop).refunded:.2f}"

    def test_a_basket_of_theirs(
        self, new_page: NewPage, open_shop: OpenShop, theirs: LocalSite
    ) -> None:
        """Add to basket calls their own, and what lies in it is not offered again."""
        basket = (
            "<script>const basket = {ids: ['x'], asked: 0,"
            " add(id) { this.ids.push(id); },"
            " productIds() { this.asked += 1; return this.ids; }};</script>"
        )
        page = new_page()
        page.goto(written(theirs, "/", basket + code(open_shop, "data-cart", "html")))
        open_chat(page)
        ask(page, "recommend a table lamp")
        page.get_by_role("button", name="Add to basket").first.click()
        page.get_by_text("In your basket").first.wait_for()

        assert 2 == page.evaluate("basket.ids.length")
        assert page.evaluate("basket.asked") > 0

    def test_who_is_signed_in(
        self, new_page: NewPage, open_shop: OpenShop, theirs: LocalSite
    ) -> None:
        """The attribute as the page writes it, with a signature of our own making."""
        line = next(
            one for one in code(open_shop, "data-customer", "html").splitlines() if "script" in one
        )
        told = line.split('data-customer="')[1].split('"')[0]
        email = told.split("|")[0]
        signed = sign(email, open_shop.shop.clock() + timedelta(hours=1), CUSTOMERS)
        page = new_page()
        with page.expect_response("**/api/chat/sessions") as begun:
            page.goto(written(theirs, "/", line.replace(told, signed)))
            open_chat(page)
        token = json.loads(begun.value.text())["token"]

        assert 3 == len(told.split("|"))
        signed_in = open_shop.shop.tokens.read_session(token).signed_in
        assert signed_in is not None
        assert email == signed_in.customer


def posted(lines: str) -> None:
    """Run lines of a shell that must succeed."""
    environment = {"SHOPCLERK_ORDERS_SECRET": ORDERS_SECRET, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-euc", lines], env=environment, capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)


def the_order(shop: OpenShop) -> Order:
    """The order of the page, as it is kept."""
    with shop.shop.store.db.reading() as session:
        return session.exec(select(Order).where(Order.order_id == "1001")).one()
