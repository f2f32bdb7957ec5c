"""Which words of people a version may hold, and that none of a single shopper's is in its files."""

import shutil

import pytest
from hypothesis import given, strategies as st

from feedback.db.jobs import Runs
from feedback.knowledge.importers.records import DialogueLine, QuestionLine, TurnLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.signals.examples import Example, Gathered, collect
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from tests.factories import NOW, answer, days, make_store, open_dialogue, signals_of
from tests.training.conftest import REPLIES, make_questions, small_config, train_small
from training.data.sources import TrainingSources
from training.data.vouched_words import said_by_shoppers
from training.model.private_words import FEWEST_VOICES, small_words, vouched_words, without_names

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=24)


def voices(count):
    return [f"shopper {n}" for n in range(count)]


def strings_of(folder):
    """Every byte below a folder, as `strings` would read it, small letters only."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return b"\n".join(path.read_bytes() for path in files).lower()


class TestVouchedWords:
    @given(LETTERS, st.integers(1, FEWEST_VOICES - 1), st.integers(1, 50))
    def test_what_fewer_than_five_people_said_is_nobodys(self, word, people, times):
        """However often they say it."""
        said = [(f"where is {word}", [one]) for one in voices(people)] * times

        assert {} == vouched_words(said)

    @given(LETTERS)
    def test_what_five_people_said_is_known(self, word):
        """With how often it was said, so that spelling knows what a slip most likely meant."""
        said = [(f"about {word}", [one]) for one in voices(FEWEST_VOICES)]

        assert FEWEST_VOICES == vouched_words(said)[word] - (word == "about") * FEWEST_VOICES

    def test_one_text_of_many_people_counts_for_each(self):
        """Equal questions are one example, which says whose words it is."""
        assert {"parcel": 1} == vouched_words([("parcel", voices(5))])

    @pytest.mark.parametrize(
        "text",
        [
            "where is Wanda's parcel",
            "hi wanda",
            "good morning wanda how are you",
            "my name is wanda",
            "thanks, wanda",
            "it is not here\nregards\nana wanda",
            "this is wanda",
            "Bonjour, je m'appelle wanda",
            "ms. wanda wrote",
            "WANDA",
            "wanda77",
            "wanda_b@home".replace("_", "2"),
        ],
    )
    def test_what_stands_where_a_name_would_counts_for_nobody(self, text):
        """A capital, a greeting, a closing, a title: though fifty people say it."""
        assert "wanda" not in vouched_words([(text, voices(50))])

    def test_a_word_among_chinese_characters_is_one(self):
        """Chinese puts no spaces around it."""
        assert ["iphone"] == small_words("我的iphone坏了")

    def test_a_word_with_other_letters_is_none(self):
        """Spelling knows Latin letters only, and never a part of another word."""
        assert [] == small_words("müller straßenbahn")


class TestWithoutNames:
    @pytest.mark.parametrize(
        ("said", "left"),
        [
            ("Hello Maria Lopez, how are you?", "Hello , how are you?"),
            ("Thank you Chloé! Have a nice day", "Thank you ! Have a nice day"),
            ("Thanks! Your order is here.", "Thanks! Your order is here."),
            ("Hi, how can I help?", "Hi, how can I help?"),
        ],
    )
    def test_takes_out_whom_a_clerk_calls_by_name(self, said, left):
        """And nothing else of the sentence."""
        assert left == without_names(said)


class TestShoppersWords:
    def test_a_question_taken_into_the_book_is_still_the_shoppers(self, database):
        """One person asks five things about one street, and the staff label all of them."""
        store, book = make_store(database), ReplyBook(database)
        dialogue = open_dialogue(store, shopper_id="anna")
        asked = [f"does it reach elmgate by {n} o'clock" for n in ("one", "two", "six", "ten", "x")]
        for question in asked:
            answer(store, dialogue, question=question)
        book.put_questions([QuestionLine(one, "returns", "en") for one in asked], NOW)

        examples = collect(database, now=NOW + days(1))

        assert {("anna",)} == {one.shoppers for one in examples if one.signal == "question"}
        assert "elmgate" not in said_by_shoppers(examples)

    def test_questions_of_nobody_known_are_of_one_person_each(self):
        """Imported ones: their authors are not told."""
        lone = [
            Example((("shopper", f"about plinths, {n}"),), "returns", 1.0)
            for n in range(FEWEST_VOICES)
        ]

        assert "plinths" in said_by_shoppers(lone)
        assert "plinths" not in said_by_shoppers(lone[1:])


@pytest.mark.slow
class TestVersions:
    NAMES = ("wandaline", "kowalczyk", "elmgate", "quillmere")

    def test_a_trained_version_holds_no_word_of_a_single_shopper(self, one_database, tmp_path):
        """From the chat to the files of the version; nor does anything else the training left."""
        from training.jobs.outcomes import RetrainOptions
        from training.retrain import Retrainer

        database = one_database
        store, book = make_store(database), ReplyBook(database)
        book.put_replies(REPLIES, NOW)
        book.put_questions(make_questions(), NOW)
        for n, name in enumerate(self.NAMES):
            dialogue = open_dialogue(store, shopper_id=f"s{n}")
            for ask in ("where is my parcel", "send back my shirt", "track it"):
                shown = answer(store, dialogue, question=f"{ask} {name}", reply_id="order_status")
                signals_of(store).rate(
                    impression_id=shown.impression.impression_id, voter=f"s{n}", value="up",
                    comment=None, now=NOW,
                )  # fmt: skip
        for n in range(FEWEST_VOICES):
            dialogue = open_dialogue(store, shopper_id=f"p{n}")
            shown = answer(
                store, dialogue, question=f"has the flumph come {n}", reply_id="order_status"
            )
            signals_of(store).rate(
                impression_id=shown.impression.impression_id, voter=f"p{n}", value="up",
                comment=None, now=NOW,
            )  # fmt: skip
        learned = collect(database, now=NOW + days(1))
        assert all(any(name in str(one.turns) for one in learned) for name in self.NAMES)

        outcome = Retrainer(
            TrainingSources(book, gather=lambda: Gathered(learned)),
            Runs(database),
            Rollout(VersionFolder(tmp_path / "models")),
            RetrainOptions(small_config()),
            clock=lambda: NOW + days(1),
            new_id=lambda: "run-1",
        ).run("a test")

        assert "promoted" == outcome.state, outcome.sentence
        written = strings_of(tmp_path / "models")
        assert [] == [name for name in self.NAMES if name.encode() in written]
        assert b"flumph" in written

    def test_a_version_of_dialogues_holds_no_name_that_a_clerk_called(self, tmp_path):
        """Its drafts are learned from what clerks said: the words of several dialogues."""
        talks = [
            DialogueLine(
                f"d{n}",
                [
                    TurnLine("shopper", line.question),
                    TurnLine("clerk", f"Hi {self.NAMES[n % 4].title()}, we look into the matter"),
                    TurnLine("shopper", "what now"),
                    TurnLine("clerk", f"Mail box{n}at{self.NAMES[n % 4]} again"),
                ],
            )
            for n, line in enumerate(make_questions()[:40])
        ]

        train_small(tmp_path, replies=[], questions=[], dialogues=talks)

        written = strings_of(tmp_path)
        assert [] == [name for name in self.NAMES if name.encode() in written]
        assert b" matter" in written
        shutil.rmtree(tmp_path)
