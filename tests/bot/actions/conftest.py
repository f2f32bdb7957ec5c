"""A shop whose clerk can change orders."""

import pytest

from feedback.db.database import Database
from tests.bot.actions.acting_shop import ActingShop


@pytest.fixture
def shop(one_database: Database) -> ActingShop:
    """Ann has a pending order A1001, a delivered one A1002, one on its way A1003."""
    return ActingShop(one_database)
