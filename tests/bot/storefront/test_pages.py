"""The demo storefront, without a browser."""

import json
import re
from typing import Any

import pytest
from sqlmodel import select

from bot.storefront.pages import OrderNumbers
from feedback.db.tables.sales import Order
from tests.bot.samples import order, shopify_product
from tests.bot.shops.test_webhook import GENERIC, REFUND, report, shopify
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Clock, Shop, open_shop
from tests.factories import make_product

MUG = {"variant_id": "clay-mug", "quantity": 2}


def buy(web: Visitor, items: Any = (MUG,), email: str = "ana@example.org", **more: str) -> Any:
    form = {"items": json.dumps(list(items)), "email": email, **more}
    return web.post("/demo/checkout", data=form)


class TestPages:
    @pytest.mark.parametrize(
        "path",
        ["/", "/?shelf=Bags", "/products/clay-mug", "/basket", "/checkout", "/thanks?order=1"],
    )
    @pytest.mark.parametrize("lang", ["en", "zh-CN"])
    def test_every_page_is_there_in_both_languages(
        self, web: Visitor, path: str, lang: str
    ) -> None:
        """The language follows the browser."""
        page = web.get(path, headers={"Accept-Language": lang})

        assert 200 == page.status_code
        assert f'<html lang="{lang}">' in page.text
        assert "widget.js" in page.text

    def test_the_language_in_the_address_wins_and_stays(self, web: Visitor) -> None:
        """Links on the page keep it."""
        page = web.get("/?lang=zh", headers={"Accept-Language": "en"}).text

        assert "陶杯" in page
        assert 'href="/products/clay-mug?lang=zh"' in page

    def test_a_large_catalogue_is_shown_a_page_at_a_time(self, shop: Shop, web: Visitor) -> None:
        """Twenty-four products a page, on each shelf too; past the last page there is nothing."""
        shop.catalogue.put_products(
            [
                make_product(product_id=f"p{n:03}", title=f"Thing {n:03}", category="Bags")
                for n in range(60)
            ],
            shop.clock(),
        )
        pages = [web.get(f"/?shelf=Bags&page={page}").text for page in (1, 2, 3, 9)]
        shown = [len(re.findall('class="card"', page)) for page in pages]

        assert 24 == shown[0] == shown[1]
        assert 0 < shown[2] < 24
        assert 0 == shown[3]
        assert "page=2&amp;shelf=Bags#products" in pages[0]
        assert "page=1&amp;shelf=Bags#products" in pages[1]
        assert "Next page" not in pages[2]
        assert 422 == web.get("/?page=0").status_code

    def test_titles_are_escaped(self, web: Visitor) -> None:
        """What a catalogue holds is text."""
        assert "Clay Mug &lt;3" in web.get("/products/clay-mug").text

    def test_an_unknown_product_is_explained(self, web: Visitor) -> None:
        """A page for a person, with the way back."""
        page = web.get("/products/nope", headers={"Accept": "text/html"})

        assert 404 == page.status_code
        assert "No product is called" in page.text

    @pytest.mark.parametrize("name", ["mug.svg", "../conftest.py", "nope.svg", "%2e%2e%2fx.svg"])
    def test_pictures_come_from_their_folder_only(self, web: Visitor, name: str) -> None:
        """A name is looked up, never joined to a path."""
        answer = web.get(f"/demo/pictures/{name}")

        assert (200 if name == "mug.svg" else 404) == answer.status_code


class TestCheckout:
    def test_an_order_finds_the_shopper_who_chatted(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Priced by us, matched to the shopper who chatted, findable by number and e-mail."""
        answer = buy(web, shopclerk_shopper=session["shopper_token"])

        number = answer.headers["location"].removeprefix("/thanks?order=")
        found = shop.orders.look_up(number, "ana@example.org")
        assert 303 == answer.status_code
        assert found is not None
        assert ("119.80", "clay-mug", 2) == (
            str(found.total),
            found.items[0].product_id,
            found.items[0].quantity,
        )

    def test_the_basket_is_priced_by_the_catalogue(self, web: Visitor) -> None:
        """What is no longer sold falls out, and the browser is told."""
        asked = {"items": [MUG, {"variant_id": "gone", "quantity": 1}]}

        quote = web.post("/demo/quote?lang=zh", json=asked).json()

        assert ("$119.80", True) == (quote["total_text"], quote["gone"])
        assert ["陶杯"] == [line["title"] for line in quote["lines"]]

    @pytest.mark.parametrize(
        ("items", "email"),
        [
            ([], "ana@example.org"),
            ([{"variant_id": "gone"}], "ana@example.org"),
            ([{"quantity": 1}], "ana@example.org"),
            ([{"variant_id": "clay-mug", "quantity": -1}], "ana@example.org"),
            ([MUG], "not an address"),
        ],
    )
    def test_a_wrong_order_is_refused(self, web: Visitor, items: Any, email: str) -> None:
        """422 with the remedy."""
        assert 422 == buy(web, items, email).status_code

    @pytest.mark.parametrize("text", ["{", "null", "[[[", '"x"', "[]}, {"])
    def test_a_broken_basket_is_refused(self, web: Visitor, text: str) -> None:
        """Whatever the form holds."""
        answer = web.post("/demo/checkout", data={"items": text, "email": "a@example.org"})

        assert 422 == answer.status_code

    def test_no_secret_of_a_shop_signs_it(self, one_database: Any, demo_dir: Any) -> None:
        """It works where none is set, and what it books is marked as the demo's."""
        shop = open_shop(one_database, demo_dir=demo_dir, shop_settings={})
        with shop.visitor() as web:
            assert 303 == buy(web).status_code
        with one_database.reading() as rows:
            assert ["demo"] == list(rows.exec(select(Order.source)))

    def test_order_numbers_never_repeat(self) -> None:
        """Also within one second."""
        numbers = OrderNumbers(Clock())

        assert 3 == len({numbers.next() for _ in range(3)})


PAGES = ("/?shelf=Bags", "/products/clay-mug", "/basket", "/checkout", "/thanks?order=1")


def of_a_real_shop(web: Visitor) -> list[int]:
    """What each page and form of the storefront answers."""
    quote = web.post("/demo/quote", json={"items": [MUG]})
    pages = [*PAGES[1:], "/demo/checkout"]
    return [*(web.get(page).status_code for page in pages), quote.status_code]


def booked(shop: Shop) -> list[str]:
    with shop.orders.db.reading() as rows:
        return list(rows.exec(select(Order.source)))


class TestRealShop:
    @pytest.fixture
    def real(self, one_database: Any, demo_dir: Any) -> Shop:
        """Replies and products, but not the demo shop's."""
        shop = open_shop(one_database, demo_dir=demo_dir)
        shop.demo.close()
        return shop

    def test_has_no_storefront_and_no_checkout(self, real: Shop) -> None:
        """A stranger books nothing."""
        with real.visitor() as web:
            assert {404} == {*of_a_real_shop(web), buy(web).status_code}

        assert [] == booked(real)

    @pytest.mark.parametrize(("lang", "said"), [("en", "is running"), ("zh-CN", "正在运行")])
    def test_says_at_its_root_that_it_runs_and_how_to_embed_it(
        self, real: Shop, lang: str, said: str
    ) -> None:
        """In both languages, without a word of the demo shop."""
        with real.visitor() as web:
            page = web.get("/", headers={"Accept-Language": lang}).text

        assert f'<html lang="{lang}">' in page
        assert said in page
        assert '&lt;script src="http://shop.test/widget.js" defer&gt;' in page
        assert "demo" not in page.lower()
        assert "Clay Mug" not in page

    @pytest.mark.parametrize("first", ["order", "refund", "shopify order", "shopify product"])
    def test_news_of_a_shop_system_closes_the_storefront_while_it_runs(
        self, shop: Shop, web: Visitor, first: str
    ) -> None:
        """Signed news of a real shop; what the demo checkout had booked goes, too."""
        assert 303 == buy(web).status_code
        sent = {
            "order": lambda: report(web, GENERIC),
            "refund": lambda: report(web, REFUND),
            "shopify order": lambda: shopify(web, "orders/paid", order()),
            "shopify product": lambda: shopify(web, "products/update", shopify_product()),
        }[first]()

        assert "recorded" == sent.json()["status"]
        assert {404} == {*of_a_real_shop(web), buy(web).status_code}
        assert "demo" not in booked(shop)

    def test_news_that_is_not_signed_closes_nothing(self, web: Visitor) -> None:
        """A stranger cannot shut the demo shop either."""
        refused = report(web, GENERIC, secret="another")

        assert (401, 303) == (refused.status_code, buy(web).status_code)

    def test_desk_and_widget_are_there(self, real: Shop) -> None:
        """With their emblems."""
        with real.visitor() as web:
            login = web.get("/desk/login").text
            emblems = re.findall(r"/static/\w+\.svg\?v=\w+", login)
            asked = [web.get(path).status_code for path in ("/widget.js", *emblems)]

        assert 2 == len(emblems)
        assert {200} == set(asked)
