"""Who on the machine may read what a shop keeps: its owner, and a model server it was opened to."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modes(folder: Path) -> dict[str, int]:
    """The permissions of everything below a folder, itself included."""
    return {
        str(path.relative_to(folder.parent)): stat.S_IMODE(path.stat().st_mode)
        for path in [folder, *folder.rglob("*")]
    }


def open_to_others(folder: Path) -> dict[str, str]:
    return {name: oct(mode) for name, mode in modes(folder).items() if mode & 0o077}


@pytest.fixture
def run(tmp_path):
    """Runs commands as people do, in a folder of their own, with the usual umask."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SHOPCLERK_")}

    def command(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "shopclerk", *arguments],
            cwd=tmp_path, env={**kept, "PYTHONPATH": str(ROOT)}, umask=0o022, check=True,
            capture_output=True,
        )  # fmt: skip

    (tmp_path / "replies.jsonl").write_text(
        json.dumps({"reply_id": "hours", "text": "We are open from nine.", "locale": "en"}) + "\n"
    )
    return command


class TestFiles:
    def test_what_a_command_writes_only_its_owner_reads(self, run, tmp_path):
        """The store, its log, secrets and backups, in folders that nobody else lists."""
        run("import", "replies", "replies.jsonl")
        run("backup", "backups")

        names = {*modes(tmp_path / "data"), *modes(tmp_path / "backups")}
        assert {"data", "data/shopclerk.db", "backups"} <= names
        assert {} == {
            **open_to_others(tmp_path / "data"), **open_to_others(tmp_path / "backups")
        }  # fmt: skip

    def test_what_an_earlier_version_left_open_is_closed(self, run, tmp_path):
        """The store's file, the log beside it, and our own folder."""
        run("import", "replies", "replies.jsonl")
        (tmp_path / "data").chmod(0o755)
        (tmp_path / "data" / "shopclerk.db").chmod(0o644)

        run("audit")

        assert {} == open_to_others(tmp_path / "data")
