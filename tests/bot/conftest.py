"""The small shop, for every test of this room."""

import pytest

from feedback.db.database import Database
from tests.bot.shop import Shop


@pytest.fixture
def shop(one_database: Database) -> Shop:
    """A shop whose new shoppers are in the champion's arm."""
    return Shop(one_database)
