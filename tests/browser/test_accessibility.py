"""Axe finds nothing to complain about, on any page, in light and dark."""

from typing import Any

import pytest

from feedback.db.database import Database
from tests.browser.conftest import NewPage
from tests.browser.shop import opened
from tests.browser.test_journey import ask, open_chat

pytestmark = pytest.mark.slow


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
class TestAccessibility:
    @pytest.mark.parametrize(
        "path",
        ["/", "/?lang=zh", "/?shelf=Bags", "/products/rain-jacket", "/basket", "/checkout",
         "/thanks?order=1001", "/desk/login", "/api/docs"],
    )  # fmt: skip
    def test_a_page(self, new_page: NewPage, path: str, scheme: str) -> None:
        """As a visitor finds it, the chat's button included."""
        page = new_page(color_scheme=scheme)
        page.goto(path)
        page.wait_for_load_state("networkidle")

        assert [] == violations(page)

    def test_the_open_chat(self, new_page: NewPage, scheme: str) -> None:
        """With cards, buttons, thumbs and a comment field."""
        page = new_page(color_scheme=scheme)
        page.goto("/")
        open_chat(page)
        ask(page, "recommend me a backpack")
        page.get_by_role("button", name="This did not help").last.click()
        ask(page, "size")

        assert [] == violations(page)

    def test_the_desk(self, new_page: NewPage, scheme: str) -> None:
        """Its queue with somebody in it, the book, the model and the reports."""
        page = new_page(color_scheme=scheme)
        page.goto("/")
        open_chat(page)
        ask(page, "can i return it")
        page.get_by_role("button", name="Talk to a person").click()
        page.get_by_text("A person will answer you here.").wait_for()
        page.goto("/desk/login")
        page.get_by_label("Password").fill("open sesame")
        page.get_by_role("button", name="Log in").click()

        page.locator(".line").last.click()
        page.locator("#turns").wait_for()
        assert [] == violations(page), "a conversation"
        for path in (
            "/desk",
            "/desk/start",
            "/desk/answers",
            "/desk/replies?ask=can+i+return+it",
            "/desk/replies/return_policy",
            "/desk/replies/problems",
            "/desk/facts",
            "/desk/proposals",
            "/desk/sources",
            "/desk/model",
            "/desk/reports",
            "/desk/plan",
            "/desk/actions",
            "/desk/staff",
            "/desk/audit",
            "/mail/end/some-token",
            "/reports/latest",
        ):
            page.goto(path)
            assert [] == violations(page), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_a_real_shop(
    browser: Any, sqlite_database: Database, lang: str, scheme: str
) -> None:
    """Its clerk runs, and this is how to embed it."""
    with opened(sqlite_database) as real:
        real.shop.demo.close()
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{real.address}/?lang={lang}")

        assert f"{real.address}/widget.js" in page.locator("code").first.inner_text()
        assert [] == violations(page)
        context.close()
