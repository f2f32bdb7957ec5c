"""The widget in Firefox and WebKit: a question, an answer, and the token at a checkout."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.shop import OpenShop
from tests.engines import ENGINES, Engine, launched
from tests.feedback.knowledge.sites.site_server import Answer, LocalSite

pytestmark = pytest.mark.slow

ENTER = "\ue007"
ROOT = "document.querySelector('shopclerk-chat')?.shadowRoot"
FIELD = f"{ROOT}?.querySelector('textarea')"
LINES = f"{ROOT}.querySelectorAll('.line:not(.mine):not([role])')"
MINE = f"{ROOT}.querySelectorAll('.line.mine')"
# An error of any script of the page is kept where the test finds it.
PAGE = """<!doctype html><html lang="{language}"><body><script>window.wrong = [];
addEventListener('error', (event) => wrong.push(event.message));
addEventListener('unhandledrejection', (event) => wrong.push(String(event.reason)));</script>
{body}<script src="{clerk}/widget.js" defer></script></body></html>"""
HOSTS = {"en": "127.0.0.1", "zh-CN": "localhost"}  # each language's shopper begins anew
CHECKOUT = """<form action="/ordered"><input type="hidden" name="shopclerk_shopper">
<button id="order">Order</button></form>"""


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: Any) -> Iterator[Engine]:
    """One browser after the other."""
    with launched(request.param) as browser:
        yield browser


@pytest.fixture(scope="module")
def shop_settings(theirs: LocalSite) -> dict[str, Any]:
    """That shop may embed the clerk."""
    address = theirs.url.rstrip("/")
    hosts = HOSTS.values()
    return {"allowed_origins": tuple(address.replace("127.0.0.1", host) for host in hosts)}


def shown(engine: Engine, shop: OpenShop, theirs: LocalSite, body: str, language: str) -> None:
    """Open a page of theirs with the chat on it."""
    html = PAGE.format(body=body, clerk=shop.address, language=language)
    theirs.pages["/page"] = Answer(html.encode())
    engine.go(f"{theirs.url}page".replace("127.0.0.1", HOSTS[language]))


@pytest.mark.parametrize(
    ("language", "question", "words"),
    [("en", "can i return it", "return"), ("zh-CN", "可以退货吗", "退货")],
)
class TestMainPath:
    def test_asked_by_the_keyboard_and_answered(
        self, engine: Engine, open_shop: OpenShop, theirs: LocalSite, language, question, words
    ) -> None:
        """From the launcher on; the Enter that ends an input method sends nothing."""
        shown(engine, open_shop, theirs, "<main>Cups</main>", language)
        engine.press(f"{ROOT}?.querySelector('button')")
        engine.becomes(f"{ROOT} && {LINES}.length > 0")
        greeted = engine.js(f"return {LINES}.length")
        engine.press(FIELD)
        engine.type(question)
        engine.becomes(f"{FIELD}.value === {question!r}")
        engine.js(
            f"{FIELD}.dispatchEvent(new KeyboardEvent('keydown',"
            " {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
        )
        kept = engine.js(f"return {FIELD}.value")
        engine.type(ENTER)
        engine.becomes(f"{MINE}.length === 1 && {LINES}.length > {greeted}")
        said = engine.js(f"return [...{LINES}].at(-1).innerText")

        assert question == kept
        assert words in said
        assert [] == engine.js("return window.wrong")


class TestCheckout:
    @pytest.mark.parametrize("send", ["document.forms[0].submit()", ""])
    def test_the_token_goes_with_the_order(
        self, engine: Engine, open_shop: OpenShop, theirs: LocalSite, send: str
    ) -> None:
        """By the button, and by a script; on a page where the chat was not opened."""
        shown(engine, open_shop, theirs, "<main>Cups</main>", "en")
        engine.becomes(f"{ROOT}?.querySelector('button')")
        if not engine.js("return localStorage.length"):
            engine.press(f"{ROOT}?.querySelector('button')")
        engine.becomes("localStorage.getItem('shopclerk_shopper')")
        shown(engine, open_shop, theirs, CHECKOUT, "en")
        engine.becomes("document.querySelector('[name=shopclerk_shopper]')?.value")
        wrong = engine.js("return window.wrong")
        if send:
            engine.js(f"setTimeout(() => {{ {send} }})")
        else:
            engine.press("document.querySelector('#order')")
        engine.becomes("location.pathname === '/ordered'")
        address = engine.js("return location.href")

        assert [] == wrong
        assert 20 < len(parse_qs(urlsplit(address).query)["shopclerk_shopper"][0])
