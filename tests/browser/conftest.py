"""A real browser (Debian's Chromium) before a real server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from feedback.database import Database
from tests.browser.shop import OpenShop, opened

CHROMIUM = Path("/usr/bin/chromium")
INSTALL = "apt-get install -y chromium && uv pip install playwright axe-playwright-python"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

NewPage = Callable[..., Any]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, without a window."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright")
    if not CHROMIUM.exists():
        _missing(str(CHROMIUM))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def open_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """The demo shop, open; one for all tests of a file."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('shop') / 'shopclerk.db'}")
    database.migrate()
    with opened(database) as shop:
        yield shop
    database.close()


@pytest.fixture
def new_page(browser: Any, open_shop: OpenShop) -> Iterator[NewPage]:
    """Opens pages in fresh profiles; a script error in any of them fails the test."""
    contexts, errors = [], []

    def new(**options: Any) -> Any:
        context = browser.new_context(
            base_url=open_shop.address, **{"viewport": DESKTOP, "locale": "en-US", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(said.text) if "Content Security" in said.text else None,
        )
        return page

    yield new
    for context in contexts:
        context.close()
    assert [] == errors


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing: {INSTALL}")
    pytest.skip(f"needs {what}: {INSTALL}")
