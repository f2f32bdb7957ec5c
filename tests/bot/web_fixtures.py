"""A shop for each test, and a shopper who has begun to chat in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedback.db.database import Database
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop


@pytest.fixture
def demo_dir(tmp_path: Path) -> Path:
    """A folder of drawings with one in it."""
    (tmp_path / "demo" / "pictures").mkdir(parents=True)
    (tmp_path / "demo" / "pictures" / "mug.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'/>"
    )
    return tmp_path / "demo"


@pytest.fixture
def shop(one_database: Database, demo_dir: Path) -> Shop:
    """A shop with a storefront."""
    return open_shop(
        one_database, demo_dir=demo_dir, shopper_per_minute=500, address_per_minute=500
    )


@pytest.fixture
def web(shop: Shop) -> Iterator[Visitor]:
    """A visitor."""
    with shop.visitor() as client:
        yield client


@pytest.fixture
def session(web: Visitor) -> dict[str, Any]:
    """The visitor's session; their token goes along from now on."""
    begun: dict[str, Any] = web.post("/api/chat/sessions", json={}).json()
    web.headers["Authorization"] = f"Bearer {begun['token']}"
    return begun
