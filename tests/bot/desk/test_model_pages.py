"""The desk's page of the model: which version answers, and an owner's buttons."""

from typing import Any

import pytest

from tests.bot.desk.test_account_pages import enter, put
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.model import Model
from tests.bot.visitor import Visitor
from tests.bot.web_shop import open_shop


@pytest.fixture
def model() -> Model:
    """What the buttons reach."""
    return Model()


@pytest.fixture
def desk(one_database: Any, model: Model) -> Any:
    """Mei, who opened the desk with the shop's password: an owner."""
    with open_shop(one_database, controls=model.controls()).visitor() as web:
        assert 303 == log_in(web).status_code
        yield web


def press(desk: Visitor, path: str) -> Any:
    return desk.post(f"/desk/model/{path}", data={"csrf": csrf(desk)})


class TestPage:
    def test_says_which_version_answers_and_offers_the_others(self, desk: Visitor) -> None:
        """And the trial that is under way."""
        page = desk.get("/desk/model").text

        assert "Version 2 answers. Version 3 is on trial." in page
        offered = ("Promote version 3", "Promote version 1", "Roll back", "Retrain now")
        assert all(title in page for title in (*offered, "End the trial of version 3"))
        assert "Promote version 2" not in page

    def test_without_a_way_to_the_model_only_shows_what_was_made(self, one_database: Any) -> None:
        """No button that would do nothing."""
        with open_shop(one_database).visitor() as web:
            log_in(web)

            assert "Roll back" not in web.get("/desk/model").text
            assert 503 == press(web, "rollback").status_code


class TestButtons:
    @pytest.mark.parametrize(
        ("path", "asked"),
        [
            ("retrain", ("retrain", "Mei")),
            ("versions/3/promote", ("promote", 3, "Mei")),
            ("versions/3/keep", ("keep", 3, "Mei")),
            ("rollback", ("roll back", "Mei")),
        ],
    )
    def test_each_does_what_it_says(
        self, desk: Visitor, model: Model, path: str, asked: tuple[Any, ...]
    ) -> None:
        """And leads back to the page."""
        answer = press(desk, path)

        assert (303, "/desk/model") == (answer.status_code, answer.headers["location"])
        assert [asked] == model.asked

    def test_a_refusal_is_told_in_the_models_own_words(self, desk: Visitor) -> None:
        """The value and what there is instead."""
        answer = press(desk, "versions/9/promote")

        assert 409 == answer.status_code
        assert "version 9 is not there; there are 1, 2, 3." in answer.text

    @pytest.mark.parametrize("version", ["-1", "0", str(10**30), "two"])
    def test_what_is_no_version_is_refused(self, desk: Visitor, model: Model, version: str) -> None:
        """Before anything is asked: no database holds such a number."""
        assert 422 == press(desk, f"versions/{version}/keep").status_code
        assert [] == model.asked

    def test_one_retraining_at_a_time(self, desk: Visitor, model: Model) -> None:
        """The second is told of the first."""
        model.busy = True

        assert "going on already" in press(desk, "retrain").text

    def test_they_are_for_owners(self, desk: Visitor, model: Model) -> None:
        """Staff read which version answers, and that is all."""
        put(desk, "Ana", "owner")
        enter(desk, "Ana")
        put(desk, "Ben", "staff")
        enter(desk, "Ben")

        page = desk.get("/desk/model").text
        assert "Version 2 answers." in page
        assert "for owners" in page
        assert "/desk/model/rollback" not in page
        assert 403 == press(desk, "rollback").status_code
        assert [] == model.asked

    def test_a_form_from_elsewhere_does_nothing(self, desk: Visitor, model: Model) -> None:
        """Without the login's own token."""
        assert 403 == desk.post("/desk/model/rollback", data={"csrf": "guessed"}).status_code
        assert [] == model.asked
