"""A real browser before a real server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from feedback.db.database import Database
from tests.browser.shop import OpenShop, opened
from tests.chromium import DESKTOP, SLOW
from tests.feedback.knowledge.sites.site_server import LocalSite, local_site

NewPage = Callable[..., Any]


@pytest.fixture(scope="module")
def theirs() -> Iterator[LocalSite]:
    """A shop's own site: another origin, with pages that a test writes."""
    with local_site() as site:
        yield site


@pytest.fixture(scope="module")
def shop_settings() -> dict[str, Any]:
    """What the clerk of a file's tests is set to; none of it unless the file says so."""
    return {}


@pytest.fixture(scope="module")
def open_shop(
    tmp_path_factory: pytest.TempPathFactory, shop_settings: dict[str, Any]
) -> Iterator[OpenShop]:
    """The demo shop, open; one for all tests of a file."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('shop') / 'shopclerk.db'}")
    database.migrate()
    with opened(database, **shop_settings) as shop:
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
        page.set_default_timeout(SLOW)
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
