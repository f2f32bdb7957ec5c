"""What shoppers wrote, for a teacher to read."""

from feedback.signals.unlabelled import PER_SHOPPER, UnlabelledMessage, read_unlabelled
from tests.factories import NOW, answer, days, make_store, open_dialogue


def texts(database, **options):
    return [each.text for each in read_unlabelled(database, now=NOW + days(1), **options)]


class TestUnlabelledMessages:
    def test_are_the_shoppers_own_newest_first_and_each_once(self, one_database):
        """Whatever the clerk did with them; what it said is none of them."""
        store = make_store(one_database)
        dialogue = open_dialogue(store)
        for text in ("where is it", "any news", "where is it"):
            answer(store, dialogue, question=text)

        assert ["where is it", "any news"] == texts(one_database)
        assert ["where is it"] == texts(one_database, most=1)

    def test_name_whose_they_are_so_that_they_are_erased_with_them(self, one_database):
        """The versions that learned from them are found by it."""
        store = make_store(one_database)
        dialogue = open_dialogue(store)
        answer(store, dialogue, question="any news")

        found = read_unlabelled(one_database, now=NOW + days(1))
        assert [UnlabelledMessage("any news", dialogue.shopper_id)] == found

    def test_hold_no_personal_data(self, one_database):
        """Addresses leave the text."""
        store = make_store(one_database)
        answer(store, open_dialogue(store), question="write to ann.lee@mail.example please")

        assert "ann.lee" not in " ".join(texts(one_database))

    def test_of_one_shopper_are_a_few(self, one_database):
        """Nobody's way of writing is the shop's."""
        store = make_store(one_database)
        dialogue = open_dialogue(store)
        for number in range(PER_SHOPPER + 5):
            answer(store, dialogue, question=f"and what about tent {'x' * number}")

        assert PER_SHOPPER == len(texts(one_database))
