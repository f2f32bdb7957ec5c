"""`shopclerk bench`: one object of figures for each name, in its smallest form."""

import pytest

from benchmarks.product.apart import apart
from benchmarks.product.serve import SMALL
from benchmarks.product.serve_embedded import alike
from benchmarks.product.shop import make_dialogues, make_questions, make_replies
from serving.ranker import Candidate, Ranking
from tests.scenarios.running import Shop


@pytest.fixture
def shop(tmp_path):
    """A folder with nothing in it."""
    return Shop(tmp_path, 0)


class TestMadeUpShop:
    def test_every_reply_is_asked_for_as_often(self):
        """By questions that differ, the same ones for the same seed."""
        asked = list(make_questions(2_000, seed=1))

        assert {reply.reply_id for reply in make_replies()} == {line.reply_id for line in asked}
        assert 10 == sum(line.reply_id == asked[0].reply_id for line in asked)
        assert len({line.question for line in asked}) > 1_990
        assert asked == list(make_questions(2_000, seed=1))

    def test_a_dialogue_ends_with_the_question_to_answer(self):
        """What was replied before stands in between."""
        (dialogue, reply_id), *_ = make_dialogues(3, seed=1, turns=2)

        act, thing = reply_id.split("_")
        newest = dialogue.rpartition("\x11")[2]
        assert 2 == dialogue.count("\x11")
        assert 1 == dialogue.count("\x12")
        assert act in newest
        assert thing in newest


class TestAlike:
    """Rounding in a batch may exchange replies that tie, and nothing else."""

    RETURNS, SIZES, HOURS = (
        Candidate("returns", 2.0),
        Candidate("sizes", 1.0),
        Candidate("hours", 0.5),
    )

    def rank(self, *candidates: Candidate) -> Ranking:
        return Ranking(candidates=candidates, confidence=0.9, served_by="model", version=1)

    def test_replies_that_tie_may_change_places(self):
        """The last bits decide between them, and those of a batch are others."""
        tied = Candidate("sizes", 2.0 + 1e-6)

        assert alike(self.rank(tied, self.RETURNS), self.rank(self.RETURNS, tied))

    def test_another_order_is_another_answer(self):
        """Their scores are apart."""
        assert not alike(self.rank(self.SIZES, self.RETURNS), self.rank(self.RETURNS, self.SIZES))

    def test_another_reply_is_another_answer(self):
        """Even with a score of its own kind in the same place."""
        other = Candidate("hours", 1.5)

        assert not alike(self.rank(self.RETURNS, other), self.rank(self.RETURNS, self.SIZES))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A small version to serve, written once."""
    folder = tmp_path_factory.mktemp("models")
    apart("benchmarks.product.books:write_book", folder, SMALL)
    return str(folder)


@pytest.mark.slow
class TestBench:
    def test_serve_compares_a_long_book_with_a_short_one(self, shop):
        """Median and slowest percent of one question, questions a second, memory."""
        found = shop.json("bench", "serve", "--quick", "--part", "books", "--json")

        assert {"500", "10000"} == found["books"].keys()
        named = {"median_ms", "p99_ms", "questions_per_second", "server_mb"}
        assert all(named <= book.keys() for book in found["books"].values())
        assert found["ratio_of_medians"] > 0

    def test_serve_promotes_under_calls_and_loses_none(self, shop, models):
        """Broken versions among them, by force too; a rollback is seen by the callers."""
        asked = ("--quick", "--part", "promotions", "--models", models)
        found = shop.json("bench", "serve", *asked, "--json")
        promotions = found["promotions"]

        assert (0, None) == (promotions["unanswered"], promotions["first_error"])
        assert (2, 4, 0) == tuple(promotions[k] for k in ("corrupt", "refusals", "corrupt_served"))
        assert promotions["versions_seen"] > 1
        assert promotions["rollback_seen_seconds"] > 0

    def test_serve_answers_many_at_once_as_it_answers_one(self, shop, models):
        """Batches change no answer."""
        asked = ("--quick", "--part", "embedded", "--models", models)
        found = shop.json("bench", "serve", *asked, "--json")
        embedded = found["embedded"]

        assert (0, 0) == (embedded["unanswered"], embedded["other_answers_than_alone"])
        assert embedded["calls_per_second"] > 0
        assert embedded["graph_median_ms"] > 0

    def test_serve_says_what_its_client_costs_a_bot(self, shop):
        """Without TensorFlow."""
        found = shop.json("bench", "serve", "--part", "client", "--json")["client"]

        assert 0 < found["bot"]["added_mb"] < found["bare"]["added_mb"] < 60
        assert not found["bot"]["loads_tensorflow"]
        assert not found["bare"]["loads_tensorflow"]

    def test_a_part_of_another_measurement_is_wrong_usage(self, shop):
        """With its name."""
        done = shop.run("bench", "serve", "--part", "gemm")

        assert 2 == done.returncode
        assert "serve has no part gemm" in done.stderr

    def test_train_measures_the_parts_it_is_asked_for(self, shop):
        """Here the memory of two thousand examples."""
        found = shop.json(
            "bench", "train", "--quick", "--part", "memory", "--examples", "2000", "--json"
        )

        assert "full" not in found
        assert 2_000 == found["memory"]["examples"]
        assert found["memory"]["peak_mb"] > 100

    def test_chat_counts_messages_streams_and_products(self, shop):
        """By keywords where no model is named."""
        found = shop.json("bench", "chat", "--quick", "--json")

        assert "keywords" == found["answered_by"]
        assert (160, 30, 200) == (found["messages"], found["streams"], found["idle"]["streams"])
        assert {"messages_per_second", "median_ms", "p99_ms"} <= found.keys()
        assert 10_000 == found["catalogue"]["products"]
        assert found["catalogue"]["search"]["median_ms"] > 0

    def test_report_is_timed(self, shop):
        """On shoppers made up."""
        found = shop.json("bench", "report", "--quick", "--json")

        assert [500, 1_000, 2_000] == [size["shoppers"] for size in found["sqlite"]]
        assert found["sqlite"][2]["events"] > 15_000
        assert found["sqlite"][2]["peak_mb"] < 600
        assert found["growth_of_doubling"] > 0
        assert found["seconds"] > 0

    def test_an_unknown_name_is_wrong_usage(self, shop):
        """Exit code 2, with the names there are."""
        done = shop.run("bench", "poems")

        assert 2 == done.returncode
        assert all(name in done.stderr for name in ("chat", "serve", "train", "report"))
