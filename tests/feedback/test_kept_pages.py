"""Stories of pages: what the shop's addresses tell of people is not kept with a dialogue."""

import pytest
from alembic import command
from hypothesis import given, strategies as st
from sqlalchemy import text

from feedback.db.migrate import alembic_config
from feedback.redaction import kept_page
from tests.factories import make_store, open_dialogue

PERSONAL = "ana@home.example"


class TestQueries:
    def test_only_a_few_known_names_are_kept(self):
        """Campaigns and the product stay, whoever it is goes."""
        page = (
            "https://shop.example/products/mug?variant=42&p=7&utm_source=news&utm_medium=mail"
            f"&utm_campaign=spring&email={PERSONAL}&token=9f86d0&customer_id=17&q=ana#top"
        )
        kept = (
            "https://shop.example/products/mug?variant=42&p=7&utm_source=news&utm_medium=mail"
            "&utm_campaign=spring"
        )
        assert kept == kept_page(page)

    @pytest.mark.parametrize("value", [PERSONAL, "9f86d081884c7d659a2feaa0c55ad015", "a" * 65])
    def test_a_known_name_hides_no_value_of_somebody(self, value):
        """An address or a key is not kept under `utm_source` either."""
        assert kept_page(f"/products/mug?utm_source={value}") == "/products/mug"

    def test_a_login_in_the_address_goes(self):
        """https://ana:secret@shop.example/ is the shop's front page."""
        assert kept_page("https://ana:secret@shop.example:8443/") == "https://shop.example:8443/"


class TestPaths:
    @pytest.mark.parametrize(
        ("page", "kept"),
        [
            ("/orders/9f86d081884c7d659a2feaa0c55ad015", "/orders/-"),
            ("/58231/orders/ab12cd34/authenticate", "/58231/orders/-/authenticate"),
            ("/account/activate/4711/9f86d0", "/account/activate/-/-"),
            ("/account/reset/4711/9f86d0-1700000000", "/account/reset/-/-"),
            (
                "/checkouts/cn/Z2NwLXVzLWNlbnRyYWwxOjAxSFBG/information",
                "/checkouts/cn/-/information",
            ),
            ("/checkout/order-received/1234/", "/checkout/order-received/-/"),
            ("/my-account/view-order/1234", "/my-account/view-order/-"),
            (f"/unsubscribe/{PERSONAL}", "/unsubscribe/-"),
            ("/u/ana%40home.example/wishlist", "/u/-/wishlist"),
            ("/s/123e4567-e89b-12d3-a456-426614174000", "/s/-"),
            ("/products/mug;jsessionid=9f86d0", "/products/mug"),
        ],
    )
    def test_keys_and_people_are_shortened(self, page, kept):
        """An order's key, a link to log in with, an e-mail."""
        assert kept == kept_page(page)

    @pytest.mark.parametrize(
        "page",
        [
            "/", "/products/organic-cotton-t-shirt-2024", "/collections/mugs/products/blue-mug",
            "/account/orders", "/cart", "https://shop.example/pages/faq.html", "/?p=93",
            "/produkt/tasse-123", "/checkout/thank-you",
        ],
    )  # fmt: skip
    def test_pages_of_the_shop_stay(self, page):
        """The clerk answers "in blue?" by the product's page."""
        assert page == kept_page(page)

    @pytest.mark.parametrize(
        "page", ["mailto:ana@home.example", "data:text/html,ana", "http://[", ""]
    )
    def test_what_is_no_page_is_not_kept(self, page):
        """Only http and paths name one."""
        assert kept_page(page) is None

    @given(st.text(alphabet="ab1/?&=#@%.-", max_size=60))
    def test_keeping_twice_changes_nothing(self, page):
        """What is kept holds nothing that would not be kept."""
        kept = kept_page(page)
        assert kept == kept_page(kept)
        assert "@" not in (kept or "")


class TestTheStore:
    def test_a_dialogue_keeps_no_query(self, database):
        """Whatever the widget or a script sends."""
        store = make_store(database)
        dialogue = open_dialogue(store, page=f"/account/activate/1/ab12?email={PERSONAL}")
        kept = store.dialogue(dialogue.dialogue_id)
        assert kept is not None
        assert kept.page == "/account/activate/-/-"

    def test_what_older_versions_kept_is_shortened(self, empty_database):
        """By the migration, on both databases."""
        empty_database.make_folder()
        with empty_database.engine.connect() as connection, connection.begin():
            command.upgrade(alembic_config(connection), "0017")
            connection.execute(text("INSERT INTO shopper (shopper_id, created_at) VALUES ('s', 0)"))
            for number, page in enumerate(("/products/mug", f"/cart?email={PERSONAL}")):
                connection.execute(
                    text(
                        "INSERT INTO dialogue (dialogue_id, shopper_id, channel, locale, arm, page,"
                        " state, failed_lookups, started_at, last_at)"
                        " VALUES (:id, 's', 'web', 'en', 'champion', :page, 'clerk', 0, 0, 0)"
                    ),
                    {"id": f"d{number}", "page": page},
                )
            command.upgrade(alembic_config(connection), "head")
            pages = connection.execute(text("SELECT page FROM dialogue ORDER BY dialogue_id"))
            assert [page for (page,) in pages] == ["/products/mug", "/cart"]
