"""A reply that was superseded: its successor is said at once, by the model that knows only it."""

from datetime import timedelta

import pytest

from feedback.db.database import Database
from feedback.knowledge.supersessions import Supersessions
from tests.bot.shop import NOON, Shop

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def shop(one_database: Database) -> Shop:
    """A shop where delivery and returns are answered alike from now on."""
    shop = Shop(one_database)
    Supersessions(one_database).supersede("return_how", "shipping_cost", staff="mei", now=LATER)
    return shop


def said(shop: Shop, question: str) -> str:
    answer = shop.clerk.reply(shop.open(), question, client_id="m1")
    return answer.text if answer else ""


class TestASupersededReply:
    def test_what_the_model_ranks_first_is_said_by_its_successor(self, shop: Shop) -> None:
        """Neither a training nor a new version is waited for."""
        shop.ranker.says("give it back", "return_how", "return_policy")
        assert "Delivery costs $6." == said(shop, "give it back")

    def test_a_question_of_the_book_is_answered_by_its_successor(self, shop: Shop) -> None:
        """Word for word, whatever the model would say."""
        assert "Delivery costs $6." == said(shop, "how do i send it back")
