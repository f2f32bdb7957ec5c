"""The desk's page of the experiment's plan: worked out, begun by an owner, told where it stands."""

from collections.abc import Iterator
from typing import Any

import pytest

from feedback.experiments.plan_log import PlanLog
from tests.bot.desk.test_account_pages import enter, put
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop

NUMBERS = {"visitors": "4000", "cvr": "3", "basket": "60", "effect": "20"}


@pytest.fixture
def shop(one_database: Any) -> Shop:
    """A shop where one may log in often."""
    return open_shop(one_database, logins_per_minute=100, address_per_minute=500)


@pytest.fixture
def desk(shop: Shop) -> Iterator[Visitor]:
    """Mei, an owner, logged in."""
    with shop.visitor() as web:
        log_in(web)
        yield web


def ask(desk: Visitor, **changes: str) -> Any:
    return desk.get("/desk/plan", params={**NUMBERS, **changes})


class TestPlanPage:
    def test_what_is_not_known_is_asked_for(self, desk: Visitor) -> None:
        """A shop without shoppers says how many it expects."""
        page = desk.get("/desk/plan").text

        assert "No experiment runs yet" in page
        assert "What each split takes" not in page

    def test_each_split_has_its_time_and_its_cost(self, desk: Visitor) -> None:
        """4,000 a week of whom 3 % buy: a fifth more is seen in 11 weeks, half held out."""
        page = ask(desk).text

        assert "<td>50 %</td><td>11</td>" in page
        assert "720.00 USD" in page  # 2,000 × 3 % × 60 × a fifth: what half of them cost a week
        assert "Proposed: 50 % held out for 11 weeks at most" in page

    def test_an_owner_begins_it_and_the_page_says_where_it_stands(
        self, shop: Shop, desk: Visitor
    ) -> None:
        """From the log, as the command writes it."""
        answer = desk.post("/desk/plan", data={**NUMBERS, "csrf": csrf(desk)})
        shop.clock.pass_by(days=15)
        log_in(desk)

        assert 303 == answer.status_code
        logged = PlanLog(shop.store.db, shop.store.experiment).newest()
        assert logged is not None
        assert (11, 0.2, "person") == (logged.plan.weeks, logged.plan.effect, logged.plan.origin)
        assert "50 % held out: week 2 of 11" in desk.get("/desk/plan").text

    @pytest.mark.parametrize("wrong", [{"visitors": "0"}, {"cvr": "100"}, {"effect": "x"}])
    def test_numbers_that_are_none_are_refused(self, desk: Visitor, wrong: dict[str, str]) -> None:
        """Neither no shoppers nor more buyers than shoppers."""
        assert 422 == ask(desk, **wrong).status_code

    def test_a_colleague_looks_and_does_not_begin(self, desk: Visitor) -> None:
        """Beginning anew throws away what was counted."""
        put(desk, "Ana", "owner")
        enter(desk, "Ana")
        put(desk, "Robin", "staff")
        enter(desk, "Robin")

        assert "Beginning a plan is for owners." in ask(desk).text
        assert 403 == desk.post("/desk/plan", data={**NUMBERS, "csrf": csrf(desk)}).status_code
