"""`shopclerk import knowledge`, and the passages' vectors."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from feedback.db.database import Database
from feedback.db.tables.pages import Page
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.passages import Passages
from feedback.knowledge.sources import Sources
from shopclerk.cli import app
from shopclerk.wiring.knowledge import WaitingSources, vectors_of
from tests.factories import NOW


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["import", "knowledge", *arguments])

    return run


class TestImport:
    def test_tells_what_became_of_each_page(self, imported, tmp_path):
        """One JSON object on standard output; progress, and what could not be read, beside it."""
        (tmp_path / "help").mkdir()
        (tmp_path / "help" / "returns.md").write_text("# Returns\nSend it back in 14 days.")
        (tmp_path / "help" / "scan.pdf").write_bytes(b"%PDF-no")

        done = imported("help", "--json")

        assert 0 == done.exit_code
        said = json.loads(done.stdout)
        (source,) = said["sources"]
        assert (1, 1, 1) == (source["new"], source["refused"], said["passages"])
        assert "scan.pdf: it can not be read as a PDF" in done.stderr

    def test_of_a_private_site_names_the_remedy(self, imported):
        """And exits 1."""
        done = imported("http://127.0.0.1:9/")

        assert 1 == done.exit_code
        assert "--local" in done.stderr

    def test_of_nothing_named_reads_all_again(self, imported, tmp_path):
        """What was named before, as the schedule does."""
        (tmp_path / "a.txt").write_text("We ship on weekdays.")
        imported("a.txt")
        (tmp_path / "a.txt").write_text("We ship daily.")

        said = json.loads(imported("--json").stdout)

        assert 1 == said["sources"][0]["changed"]


class TestVectors:
    def embedded(self, database: Database, title: str, *blocks: Block) -> tuple[list[str], Any]:
        """What the model is asked of a page, and the numbers that are kept."""
        Sources(database).name("site", "https://shop.example/", {}, NOW)
        (source,) = Sources(database).all()
        read = Page(
            page_id="p", source_id=source.source_id, url="u", title=title, language="en",
            state="read", version=1,
        )  # fmt: skip
        Passages(database).put(read, cut(blocks), NOW)
        asked: list[str] = []

        def embed(texts: Any) -> Any:
            asked.extend(texts)
            return np.array([[1.0, 0.5]] * len(texts), np.float32)

        ((_, made),) = vectors_of(Passages(database).without_vector(1, 10), embed).items()
        return asked, np.frombuffer(made, np.float16).tolist()

    def test_are_made_for_each_sentence(self, one_database: Database):
        """In its place: title, heading and lead-in stand before it; float16, one after another."""
        asked, made = self.embedded(
            one_database,
            "Help",
            Block("heading", "Returns", 2),
            Block("item", "Food. Tea.", lead="Not taken:"),
        )

        assert ["Help Returns Not taken: Food.", "Help Returns Not taken: Tea."] == asked
        assert [1.0, 0.5, 1.0, 0.5] == made

    def test_of_traditional_chinese_are_those_of_simplified(self, one_database: Database):
        """As the model has learned to read, and as questions are read that look for them."""
        asked, _ = self.embedded(
            one_database, "幫助", Block("heading", "退貨", 2), Block("text", "禮品卡不可退換。")
        )

        assert ["帮助 退货 礼品卡不可退换。"] == asked


class TestWaitingSources:
    def test_are_read_once(self, one_database: Database):
        """By a process of their own; where none waits, nothing is started."""
        runs: list[tuple[str, ...]] = []
        known = Sources(one_database)

        def run(*command: str) -> int:
            runs.append(command)
            return 0

        looking = WaitingSources(one_database, run)
        assert not looking.look()

        source = known.name("site", "https://shop.example/", {}, NOW)
        assert looking.look()
        known.put_state(source.source_id, "read")

        assert not looking.look()
        assert [("import", "knowledge", "--waiting")] == runs
