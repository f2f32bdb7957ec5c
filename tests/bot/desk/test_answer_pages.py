"""The clerk's newest answers at the desk, and what colleagues make of them."""

import pytest

from tests.bot.desk.test_pages import csrf, handed_over, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop
from tests.factories import queue_of


@pytest.fixture
def desk(web: Visitor) -> Visitor:
    """Mei, logged in."""
    assert 303 == log_in(web).status_code
    return web


class TestReviews:
    @pytest.mark.parametrize(
        ("verdict", "reply_id"),
        [("approved", ""), ("rejected", ""), ("corrected", "order_status")],
    )
    def test_an_answer_is_judged(
        self, shop: Shop, desk: Visitor, verdict: str, reply_id: str
    ) -> None:
        """Right, not right, or which reply it should have been."""
        handed_over(desk)
        shown = queue_of(shop.store).recent(1)[0].impression.impression_id

        form = {"verdict": verdict, "reply_id": reply_id, "csrf": csrf(desk)}
        answer = desk.post(f"/desk/impressions/{shown}/review", data=form)

        assert 303 == answer.status_code
        assert verdict == queue_of(shop.store).recent(1)[0].verdict

    def test_a_wrong_review_is_refused(self, desk: Visitor) -> None:
        """A correction names a reply; an impression has to exist."""
        token = csrf(desk)
        path = "/desk/impressions/nope/review"

        answers = [
            desk.post(path, data={"verdict": "corrected", "csrf": token}),
            desk.post(path, data={"verdict": "approved", "csrf": token}),
        ]

        assert [422, 404] == [answer.status_code for answer in answers]
