"""The widget on pages of other shops: checkouts, carts, routers, bundles, input methods."""

import json
from typing import Any

import pytest

from tests.browser.conftest import NewPage
from tests.browser.shop import OpenShop
from tests.browser.test_journey import open_chat
from tests.chromium import PHONE

pytestmark = pytest.mark.slow

CHECKOUT = """<!doctype html><html lang="en"><body>
<form action="/ordered"><input type="hidden" name="shopclerk_shopper"><button>Order</button></form>
<script src="/widget.js" defer></script></body></html>"""
SHOPIFY = """<!doctype html><html lang="en"><head><script>window.Shopify = {};</script></head><body>
<script src="/widget.js" defer></script></body></html>"""

PLAIN = """<!doctype html><html lang="en"><body><a href="/">Home</a><main id="main">Shop</main>
<script src="/widget.js" defer></script></body></html>"""


@pytest.fixture
def page(new_page: NewPage) -> Any:
    """A page of the shop's own origin on which the chat was opened once, and closed."""
    page = new_page()
    page.goto("/")
    open_chat(page)
    page.get_by_role("button", name="Close the chat").click()
    return page


def shown(page: Any, path: str, html: str) -> None:
    page.route(f"**{path}", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(path)


def reached(page: Any, tabs: int) -> list[str]:
    """The elements that so many presses of Tab stop at."""
    page.wait_for_function("document.querySelector('shopclerk-chat')?.shadowRoot")
    stops = []
    for _ in range(tabs):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.tagName"))
    return stops


class TestCheckout:
    @pytest.mark.parametrize(
        "send",
        [
            "document.forms[0].submit()",
            "document.forms[0].requestSubmit()",
            "document.querySelector('button').click()",
        ],
    )
    def test_token_is_sent_however_the_form_is(self, page: Any, send: str) -> None:
        """The chat was never opened on this page."""
        shown(page, "/pay", CHECKOUT)
        page.route("**/ordered*", lambda route: route.fulfill(body="thanks"))
        with page.expect_navigation(url="**/ordered*"):
            page.evaluate(send)
        token = page.evaluate("localStorage.getItem('shopclerk_shopper')")
        assert f"shopclerk_shopper={token}" in page.url

    def test_who_never_chatted_has_no_token(self, new_page: NewPage) -> None:
        """Nothing is made up."""
        page = new_page()
        shown(page, "/pay", CHECKOUT)
        page.wait_for_function("document.querySelector('shopclerk-chat')?.shadowRoot")
        assert "" == page.evaluate("document.forms[0].elements[0].value")


class TestShopifysCart:
    def test_each_cart_is_told_once(self, page: Any) -> None:
        """After an order Shopify begins another cart: it gets the attributes, too."""
        cart = {"token": "cart-a", "attributes": {}}
        updates: list[str] = []
        told: list[str] = []

        def update(route: Any) -> None:
            cart["attributes"] = json.loads(route.request.post_data)["attributes"]
            updates.append(str(cart["token"]))
            route.fulfill(json=cart)

        page.route("**/cart.js", lambda route: route.fulfill(json=cart))
        page.route("**/cart/update.js", update)
        page.on(
            "request",
            lambda request: (
                told.append(json.loads(request.post_data)["cart_token"])
                if request.url.endswith("/api/chat/cart")
                else None
            ),
        )

        def visit() -> None:
            with page.expect_response("**/cart.js"):
                shown(page, "/shopify", SHOPIFY)
            page.wait_for_load_state("networkidle")

        visit()
        visit()
        assert (["cart-a"], ["cart-a"]) == (updates, told)

        cart.update(token="cart-b", attributes={})
        visit()
        assert (["cart-a", "cart-b"], ["cart-a", "cart-b"]) == (updates, told)


class TestPages:
    def test_chat_survives_a_router_that_swaps_the_body(self, page: Any) -> None:
        """Turbo, htmx and single-page routers; what was said stays."""
        page.evaluate("document.querySelector('shopclerk-chat').open()")
        page.evaluate(
            "() => { const body = document.createElement('body'); body.innerHTML = '<p>next</p>';"
            " document.body.replaceWith(body); }"
        )
        page.get_by_role("log").get_by_text("Juniper Lane").wait_for()
        assert 1 == page.locator("shopclerk-chat").count()

    def test_bundled_without_an_address_says_what_is_missing(
        self, page: Any, open_shop: OpenShop
    ) -> None:
        """A script inside a page came from nowhere; `data-shop` says where the clerk is."""
        script = page.request.get("/widget.js").text().replace("</script", "<\\/script")
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        inlined = f'<!doctype html><body><script type="module">{script}</script></body>'
        shown(page, "/bundled", inlined)
        page.wait_for_function("document.querySelector('shopclerk-chat')")
        assert any("data-shop" in line for line in said)
        assert page.evaluate("document.querySelector('shopclerk-chat').shadowRoot === null")

        element = f'<shopclerk-chat data-shop="{open_shop.address}"></shopclerk-chat>'
        shown(page, "/told", inlined.replace("<body>", f"<body>{element}"))
        open_chat(page)

    def test_one_tab_reaches_the_launcher(self, page: Any) -> None:
        """However many links the shop's page has."""
        shown(page, "/links", PLAIN)
        assert ["SHOPCLERK-CHAT"] == reached(page, tabs=1)

    @pytest.mark.parametrize(
        "skip", ['<a href="#main">Skip</a>', '<nav><a href="#main">Skip</a></nav>']
    )
    def test_a_skip_link_stays_the_first_that_tab_reaches(self, page: Any, skip: str) -> None:
        """Then the launcher, before the page's links."""
        shown(page, "/links", PLAIN.replace("<body>", f"<body>{skip}"))
        assert ["A", "SHOPCLERK-CHAT"] == reached(page, tabs=2)

    def test_enter_that_ends_an_input_method_is_not_sent(self, page: Any) -> None:
        """Safari says 229, and not that it is composing."""
        page.evaluate("document.querySelector('shopclerk-chat').open()")
        page.get_by_label("Your message").fill("你好")
        page.get_by_label("Your message").evaluate(
            "node => node.dispatchEvent(new KeyboardEvent('keydown',"
            " {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
        )
        assert "你好" == page.get_by_label("Your message").input_value()


class TestPhone:
    def test_chat_steps_aside_for_the_page_it_led_to(self, new_page: NewPage) -> None:
        """It fills the screen there: after *View* the product is seen, and so on the basket."""
        page = new_page(viewport=PHONE, has_touch=True)
        page.goto("/")
        open_chat(page)
        page.get_by_label("Your message").fill("Recommend me a backpack, please")
        page.keyboard.press("Enter")
        page.get_by_role("list", name="Products").get_by_role("link").first.click()
        page.wait_for_url("**/products/*shopclerk_click=*")
        launcher = page.get_by_role("button", name="Chat with our clerk")
        launcher.wait_for()
        assert not page.get_by_role("log").is_visible()
        page.goto("/basket")
        launcher.wait_for()
        assert not page.get_by_role("log").is_visible()
        launcher.click()
        page.get_by_role("log").get_by_text("Recommend me a backpack").wait_for()
