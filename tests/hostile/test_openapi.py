"""Every operation of the OpenAPI document meets what it allows and what it forbids."""

from typing import Any

from tests.bot.model import Model
from tests.bot.web_shop import open_shop
from tests.hostile.openapi import OPEN, send_all


class TestEveryOperation:
    def test_nothing_fails_and_every_answer_is_documented(self, one_database: Any) -> None:
        """A few cases each; benchmarks/battery/openapi_cases.py sends thousands."""
        shop = open_shop(one_database, controls=Model().controls(), **OPEN)
        with shop.visitor() as web:
            tally = send_all(shop, web, each=4)

        assert [] == tally.wrong
        assert sum(tally.statuses.values()) > 200
