"""The list of erasures: a store that was put back forgets again whom it forgot before."""

import json
import shutil
import stat
from typing import Any

import pytest

from feedback.db.database import Database
from feedback.knowledge.importers.records import QuestionLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.privacy.erasure import Erasure
from feedback.privacy.erasure_list import FILE, ErasureList, keep_list, read_list
from feedback.sales.purchase import OrderKey
from tests.factories import (
    NOW,
    answer,
    hours,
    make_orders,
    make_purchase,
    make_store,
    open_dialogue,
)
from tests.feedback.privacy.test_erasure import everything

WORDS = "can the wobbly plinth reach elmgate"


def talk(database: Any, shopper: str = "anna") -> None:
    dialogue = open_dialogue(make_store(database), shopper_id=shopper)
    answer(make_store(database), dialogue, question=WORDS)
    make_orders(database).record(
        make_purchase(order_id=f"70-{shopper}", email=f"{shopper}@home.example"), NOW
    )
    ReplyBook(database).put_questions([QuestionLine(WORDS, "return_policy", "en")], NOW + hours(1))


@pytest.fixture
def copies(migrated_file, tmp_path):
    """A store, and a copy of its file made before somebody was erased."""
    shutil.copyfile(migrated_file, tmp_path / "shop.db")
    store = Database(f"sqlite:///{tmp_path / 'shop.db'}")
    talk(store)
    store.close()
    shutil.copyfile(tmp_path / "shop.db", tmp_path / "older.db")
    store, older = (Database(f"sqlite:///{tmp_path / n}") for n in ("shop.db", "older.db"))
    yield store, older
    store.close()
    older.close()


class TestKeepList:
    def test_a_store_of_before_forgets_what_the_file_lists(self, copies, tmp_path):
        """What was said, what the staff took into the book, and who bought."""
        store, older = copies
        Erasure(store).erase_shopper("anna", NOW + hours(2))
        Erasure(store).erase_orders([OrderKey("orders", "70-anna")], NOW + hours(2))
        keep_list(store, [tmp_path / FILE])
        assert WORDS in everything(older)

        applied = keep_list(older, [tmp_path / FILE])

        assert 2 == applied
        assert WORDS not in everything(older)
        assert make_orders(older).look_up("70-anna", "anna@home.example") is None
        assert 0 == keep_list(older, [tmp_path / FILE])
        assert 2 == len(read_list(tmp_path / FILE))

    def test_the_file_names_nobody_and_only_its_owner_reads_it(self, copies, tmp_path):
        """Hashes of random ids, and the orders' own."""
        store, _ = copies
        Erasure(store).erase_shopper("anna", NOW)

        keep_list(store, [tmp_path / "beside" / FILE])

        text = (tmp_path / "beside" / FILE).read_text()
        assert "anna" not in text
        assert 0o600 == stat.S_IMODE((tmp_path / "beside" / FILE).stat().st_mode)

    def test_whoever_comes_back_is_not_erased_again(self, copies, tmp_path):
        """An entry that the store has is done."""
        store, _ = copies
        Erasure(store).erase_shopper("anna", NOW)
        keep_list(store, [tmp_path / FILE])
        talk(store)

        keep_list(store, [tmp_path / FILE])

        assert WORDS in everything(store)

    def test_a_line_cut_off_by_a_crash_loses_no_other(self, copies, tmp_path):
        """It stays where it is; what follows has a line of its own."""
        store, older = copies
        path = tmp_path / FILE
        Erasure(store).erase_shopper("anna", NOW)
        path.write_text(json.dumps({"forgetting_id": "x"})[:9])

        keep_list(store, [path])

        assert 1 == keep_list(older, [path])

    def test_several_files_end_alike(self, copies, tmp_path):
        """One beside the store, one where the backups are: either alone is enough."""
        store, _ = copies
        Erasure(store).erase_shopper("anna", NOW)
        one, other = tmp_path / "a" / FILE, tmp_path / "b" / FILE

        keep_list(store, [one, other])

        assert read_list(one) == read_list(other) == ErasureList(store).entries()
