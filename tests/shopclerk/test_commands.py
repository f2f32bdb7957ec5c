"""The command line as people use it: good input in, bad input named, one line for each failure."""

import gzip
import json
import sqlite3
from contextlib import closing

import pytest

from feedback.db.database import Database
from feedback.demo_shop import DemoShop
from serving.versions.folder import VersionFolder
from shopclerk.demo_shop import DEMO_DIR, put_demo_shop
from tests.factories import NOW
from tests.scenarios.running import Shop
from tests.serving.fakes import write_version

pytestmark = pytest.mark.slow

REPLIES = [
    {"reply_id": "returns", "text": "Send it back within 30 days.", "locale": "en"},
    {"reply_id": "shipping", "text": "Delivery costs $6.", "locale": "en"},
]
QUESTIONS = [
    {"question": text, "reply_id": reply_id, "locale": "en"}
    for reply_id, texts in {
        "returns": ["can i send it back", "return policy", "i want to return this", "give it back"],
        "shipping": ["what is shipping", "delivery price", "how much is postage", "cost of post"],
        None: ["what is the weather", "sing a song", "who won the match", "tell a joke"],
    }.items()
    for text in texts
]


@pytest.fixture
def shop(tmp_path):
    """A folder with nothing in it."""
    return Shop(tmp_path, 0)


def write(path, lines, *, compress=False):
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    data = text.encode("utf-8", "surrogateescape")
    path.write_bytes(gzip.compress(data) if compress else data)
    return str(path)


def count(shop, table):
    with closing(sqlite3.connect(shop.folder / "data" / "shopclerk.db")) as store:
        return store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


class TestImport:
    @pytest.mark.parametrize("kind", ["replies", "products", "orders"])
    def test_what_is_imported_closes_the_demo_storefront(self, shop, kind):
        """With the first good line; a file without one closes nothing."""
        database = Database(f"sqlite:///{shop.folder}/data/shopclerk.db")
        database.make_folder()
        database.migrate()
        put_demo_shop(database, now=NOW, currency="USD")
        order = {
            "order_id": "1", "placed_at": "2026-01-31T12:00:00Z", "currency": "USD",
            "total": "5.00", "lines": [],
        }  # fmt: skip
        good = {
            "replies": write(shop.folder / "replies.jsonl", REPLIES),
            "products": str(DEMO_DIR / "products.csv"),
            "orders": write(shop.folder / "orders.jsonl", [order]),
        }[kind]

        shop.run("import", kind, write(shop.folder / f"empty.{kind}.jsonl", []))
        assert DemoShop(database).is_open()
        done = shop.run("import", kind, good)

        assert not DemoShop(database).is_open()
        assert "demo storefront is closed" in done.stderr
        assert (kind != "orders") == (f"{kind} of the demo shop have made room" in done.stderr)
        database.close()

    def test_good_lines_are_kept_and_bad_ones_named(self, shop):
        """File, line and reason; exit code 1 unless --skip-bad."""
        lines = [REPLIES[0], "{half\n", {"text": "no id"}, "\udcff\n", REPLIES[1]]
        path = write(shop.folder / "replies.jsonl", lines)

        done = shop.run("import", "replies", path)

        assert 1 == done.returncode
        for number in (2, 3, 4):
            assert f"replies.jsonl:{number}: " in done.stderr
        assert 2 == count(shop, "reply")
        assert 0 == shop.run("import", "replies", path, "--skip-bad").returncode
        assert 2 == count(shop, "reply")

    def test_gzipped_files_are_read_as_they_are(self, shop):
        """`.gz` is accepted everywhere."""
        path = write(shop.folder / "questions.jsonl.gz", QUESTIONS, compress=True)

        assert 0 == shop.run("import", "questions", path).returncode
        assert len(QUESTIONS) == count(shop, "question")

    def test_products_come_as_shopify_exports_them(self, shop):
        """The demo shop's own file is one."""
        done = shop.run("import", "products", str(DEMO_DIR / "products.csv"))

        assert 0 == done.returncode, done.stderr
        assert 42 == count(shop, "product")

    def test_a_file_that_is_not_there_is_named(self, shop):
        """In one line, with exit code 1."""
        done = shop.run("import", "orders", "nowhere.jsonl")

        assert 1 == done.returncode
        assert "nowhere.jsonl" in done.stderr
        assert "Traceback" not in done.stderr

    def test_an_unknown_kind_is_wrong_usage(self, shop):
        """Exit code 2, with the kinds there are."""
        done = shop.run("import", "poems", "x")

        assert 2 == done.returncode
        assert "replies" in done.stderr


class TestTrainAndEvaluate:
    def test_from_files_to_figures(self, shop):
        """`train` exports a version, `evaluate` measures it; JSON alone on standard output."""
        replies = write(shop.folder / "r.jsonl", REPLIES)
        questions = write(shop.folder / "q.jsonl", QUESTIONS)
        models = str(shop.folder / "m")
        files = ("--replies", replies, "--questions", questions, "--models", models)

        trained = shop.json("train", *files, "--json")
        figures = shop.json("evaluate", "--questions", questions, "--models", models, "--json")

        assert 1 == trained["version"]
        assert (shop.folder / "m" / "clerk" / "1" / "saved_model.pb").is_file()
        self.answers_from_pages(shop, models)
        wanted = {"examples", "seconds", "pairs_per_second", "peak_mb"}
        assert wanted <= trained.keys()
        assert len(QUESTIONS) == figures["n"]
        named = {"top1", "recall_at_5", "ece", "coverage_at_95", "handover_auroc", "median_ms"}
        assert named <= figures.keys()

    def answers_from_pages(self, shop, models):
        """`evaluate --knowledge` reads a folder a collection, and writes an answer a line."""
        page = shop.folder / "pages" / "help" / "returns.md"
        page.parent.mkdir(parents=True)
        page.write_text("# Returns\n\nYou may send goods back within 30 days. We use DHL.\n")
        asked = {"id": "1", "collection": "help", "question": "how many days to send goods back"}
        knowledge = write(shop.folder / "k.jsonl", [json.dumps(asked) + "\n"])
        out = shop.folder / "run.jsonl"

        folders = ("--sources", str(page.parents[1]), "--out", str(out))
        figures = shop.json(
            "evaluate", "--knowledge", knowledge, *folders, "--models", models, "--json"
        )

        assert 1 == figures["n"]
        (line,) = map(json.loads, out.read_text().splitlines())
        assert "help/returns.md" == line["answers"][0]["source"]
        assert "30 days" in line["answers"][0]["text"]
        assert {"id", "answers", "abstained", "score", "passages"} == line.keys()

    def test_without_a_model_it_says_how_to_make_one(self, shop):
        """And a version that is not there is answered with those that are."""
        questions = write(shop.folder / "q.jsonl", QUESTIONS)

        done = shop.run("evaluate", "--questions", questions)

        assert 1 == done.returncode
        assert "shopclerk retrain" in done.stderr

    def test_files_without_a_usable_line_are_named(self, shop):
        """Nothing is exported."""
        path = write(shop.folder / "q.jsonl", ["not json\n"])

        done = shop.run("train", "--questions", path)

        assert 1 == done.returncode
        assert "q.jsonl:1: " in done.stderr
        assert not (shop.folder / "data" / "models").exists()


class TestVersions:
    def test_a_strange_version_is_not_promoted_until_its_owner_takes_it(self, shop):
        """The message holds the command; a rollback leads back."""
        models = shop.folder / "data" / "models"
        VersionFolder(models).publish(write_version())
        assert 0 == shop.run("promote", "1").returncode  # the key is made: what lies there is ours
        VersionFolder(models).publish(write_version())

        refused = shop.run("promote", "2")
        assert 1 == refused.returncode
        assert "shopclerk versions --sign 2" in refused.stderr

        signed = shop.json("versions", "--sign", "2", "--json")["versions"]
        assert [True, True] == [row["signed"] for row in signed]
        assert 0 == shop.run("promote", "2").returncode
        (stable,) = (
            row for row in shop.json("versions", "--json")["versions"] if row["labels"] == "stable"
        )
        assert (2, 1) == (stable["version"], stable["rolls_back_to"])
        assert "Version 1 answers again." in shop.run("rollback").stdout


class TestReport:
    def test_an_empty_store_has_not_enough_data(self, shop):
        """It says so, in every form."""
        report = shop.json("report", "--format", "json")

        assert "not yet" == report["verdict"]
        assert {"ctr", "cvr", "click_cvr", "aov", "rps"} <= report.keys()
        assert {"uplift", "low", "high"} <= report["rps"].keys() | report["rps"].get("uplift", {})
        assert "not enough data" in shop.run("report").stdout.lower()
        assert shop.run("report", "--format", "html").stdout.startswith("<!doctype html>")

    def test_a_bad_day_is_wrong_usage(self, shop):
        """With the way to write it."""
        done = shop.run("report", "--since", "yesterday")

        assert 2 == done.returncode
        assert "2026-01-31" in done.stderr


class TestFailures:
    @pytest.mark.parametrize("command", ["check", "report"])
    def test_a_database_that_is_none_is_named(self, shop, command):
        """With its path and what to do; never a traceback, never a changed file."""
        (shop.folder / "data").mkdir()
        garbage = shop.folder / "data" / "shopclerk.db"
        garbage.write_bytes(b"this is no database" * 100)

        done = shop.run(command)

        assert 1 == done.returncode
        assert "shopclerk.db" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert garbage.read_bytes().startswith(b"this is no database")

    def test_a_bad_setting_is_named(self, shop):
        """Before anything is opened."""
        shop.environment["SHOPCLERK_HOLDOUT_SHARE"] = "lots"

        done = shop.run("report")

        assert 1 == done.returncode
        assert "SHOPCLERK_HOLDOUT_SHARE is 'lots'" in done.stderr

    def test_promoting_nothing_says_what_there_is(self, shop):
        """No version yet."""
        done = shop.run("promote", "3")

        assert 1 == done.returncode
        assert "no version 3" in done.stderr
