"""Training reads product names as the ranker is asked them: as a placeholder."""

import pytest

from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import QuestionLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.signals.decision_log import read_log
from feedback.signals.examples import gather
from shopclerk.wiring.hidden_names import (
    log_without_names,
    names_of,
    texts_without_names,
    without_names,
)
from tests.bot.shop import product
from tests.factories import NOW, answer, hours, make_store, open_dialogue, signals_of

LANTERN = product("firefly", "Firefly Camp Lantern", "萤火虫露营灯", ({}, "54.00", 2))
CARD = product("gift-card", "Gift Card", "礼品卡", ({}, "25.00", None))
ASKED = "can i return the firefly camp lantern?"


@pytest.fixture
def database(one_database):
    """A shop whose book speaks of gift cards, with a question about a lantern that was liked."""
    Catalogue(one_database).put_products([LANTERN, CARD], NOW, currency="USD")
    book = ReplyBook(one_database)
    book.put_questions([QuestionLine("do you sell gift cards", "return_how", "en")], NOW)
    store = make_store(one_database)
    shown = answer(
        store,
        open_dialogue(store),
        question=ASKED,
        reply_id="return_how",
        candidates=[{"reply_id": "return_how", "score": 1.0}],
        served_by="model",
        model_version=1,
    ).impression
    signals_of(store).rate(
        impression_id=shown.impression_id, voter="anna", value="up", now=NOW + hours(1)
    )
    return one_database


class TestHiddenNames:
    def test_what_is_learned_is_what_is_asked(self, database):
        """Words of the book's questions stay: the model knows them."""
        gathered = gather(database, now=NOW + hours(9))
        found = without_names(gathered, names_of(database)).examples

        assert {"can i return the [product]?", "do you sell gift cards"} == {
            each.turns[-1][1] for each in found
        }

    def test_so_is_what_a_later_model_is_judged_by(self, database):
        """Else it would be judged by questions that nobody asks it."""
        log = log_without_names(read_log(database, now=NOW + hours(9)), names_of(database))

        assert ["can i return the [product]?"] == [each.question for each in log]

    def test_and_what_tells_how_many_fit_nothing(self, database):
        """In any language, whatever stands beside it."""
        texts = ["萤火虫露营灯坏了", "my lantern broke"]

        assert ["[product]坏了", "my lantern broke"] == texts_without_names(
            texts, names_of(database)
        )
