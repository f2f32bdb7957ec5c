"""Backups that somebody made to harm, or that are none: refused, and nothing is touched."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile

import pytest

from feedback.db.dump import NotAsDumped, UnknownRevision
from shopclerk.archive import CONTENTS, BadBackup
from shopclerk.commands.backup import backup, restore
from tests.scenarios.running import ROOT
from tests.shopclerk.test_backup import lost, shop, state

__all__ = ["shop"]  # the fixture


FORMS = [
    lambda listed: [],
    lambda listed: b"{" * 100_000,
    lambda listed: {**listed, "tables": []},
    lambda listed: {**listed, "tables": {"shopper": "many"}},
    lambda listed: {**listed, "labels": {"stable": "two"}},
    lambda listed: {**listed, "history": 7},
    lambda listed: {**listed, "files": {"tables/shopper.jsonl": 7}},
    lambda listed: {**listed, "more": 1},
    lambda listed: {name: each for name, each in listed.items() if name != "revision"},
]
PLACES = [
    "models/clerk/3/../../../../evil",
    "models/clerk/3//etc/evil",
    "models/clerk/abc/saved_model.pb",
    "models/clerk/3",
    "models/clerk/-1/saved_model.pb",
    "models/clerk/٣/saved_model.pb",
    "models/other/3/saved_model.pb",
    "tables/../evil.jsonl",
    "secrets/../../evil",
    "/etc/evil",
    "evil",
    "models/clerk/3/a\\..\\evil",
]
ROWS = [
    b"",
    b"[]\n[1]\n",
    b'["shopper_id"]\nno json\n',
    b'["nothing"]\n["x"]\n',
    b'{"shopper_id": 1}\n',
    b'["shopper_id"]\n' + b"[" * 100_000 + b"\n",
]


@pytest.fixture
def made(shop, tmp_path):
    """A backup of the shop, whole."""
    path = tmp_path / "made.zip"
    backup(path)
    return path


def remade(made, *, files=None, contents=None):
    """The backup with other files and another list of what it holds, digests and all."""
    with zipfile.ZipFile(made) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    listed = json.loads(kept.pop(CONTENTS))
    for name, data in (files or {}).items():
        kept[name] = data
        listed["files"][name] = hashlib.sha256(data).hexdigest()
    listed = contents(listed) if contents else listed
    other = made.with_name("other.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
        archive.writestr(CONTENTS, listed if isinstance(listed, bytes) else json.dumps(listed))
    return other


def refused(path):
    """The reason."""
    with pytest.raises((BadBackup, NotAsDumped)) as raised:
        restore(path, replace=True)
    return str(raised.value)


@pytest.fixture
def untouched(shop):
    """What is there stays as it was."""
    before = state(shop)
    yield
    assert before == state(shop)


class TestWrongKind:
    @pytest.mark.usefixtures("untouched")
    def test_other_files_are_named(self, tmp_path):
        """A gzip, a tar, text, nothing, a folder, a zip of something else."""
        kinds = {name: tmp_path / name for name in ("a.gz", "b.tar", "c.txt", "d.zip", "e.zip")}
        kinds["a.gz"].write_bytes(gzip.compress(b"x" * 1000))
        with tarfile.open(kinds["b.tar"], "w") as archive:
            archive.add(__file__)
        kinds["c.txt"].write_text("no backup")
        kinds["d.zip"].touch()
        with zipfile.ZipFile(kinds["e.zip"], "w") as archive:
            archive.writestr("letter.txt", "dear")
        for path in (*kinds.values(), tmp_path):
            assert str(path) in refused(path)

    @pytest.mark.usefixtures("untouched")
    def test_a_list_of_another_form_is_refused(self, made):
        """In one sentence, never a traceback."""
        for form in FORMS:
            assert "can not be restored" in refused(remade(made, contents=form))

    def test_a_newer_program_made_it(self, shop, made):
        """Before anything is dropped."""
        before = state(shop)
        newer = remade(made, contents=lambda listed: {**listed, "revision": "9999"})
        with pytest.raises(UnknownRevision, match="install the version"):
            restore(newer, replace=True)
        assert before == state(shop)


class TestForged:
    @pytest.mark.usefixtures("untouched")
    def test_a_file_outside_of_its_place_is_refused(self, made):
        """Before anything is written."""
        for name in PLACES:
            said = refused(remade(made, files={name: b"evil"}))
            assert "has no place in a backup" in said, name

    @pytest.mark.usefixtures("untouched")
    def test_rows_of_another_form_are_refused(self, made):
        """And what was loaded before them is taken back."""
        for rows in ROWS:
            assert refused(remade(made, files={"tables/shopper.jsonl": rows}))

    @pytest.mark.usefixtures("untouched")
    def test_a_table_nobody_knows_is_refused(self, made):
        """It is no table of ours."""
        other = remade(
            made,
            files={"tables/evil.jsonl": b'["a"]\n'},
            contents=lambda listed: {
                **listed, "tables": {**listed["tables"], "evil": [0, "0" * 64]}
            },
        )  # fmt: skip
        assert "evil" in refused(other)


class TestBombs:
    def test_what_unpacks_to_much_more_is_refused_unread(self, made):
        """A gigabyte of one letter is a megabyte, packed."""
        other = made.with_name("bomb.zip")
        with (
            zipfile.ZipFile(made) as whole,
            zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name in whole.namelist():
                archive.writestr(name, whole.read(name))
            with archive.open("tables/bomb.jsonl", "w", force_zip64=True) as entry:
                for _ in range(64):
                    entry.write(b"x" * (1 << 20))

        assert "would unpack to 67,108,864 bytes" in refused(other)

    def test_its_memory_is_bounded(self, made):
        """A list of 70 MB is refused by a process that may have 60 MB more than it starts with."""
        other = remade(made, contents=lambda listed: os.urandom(70 << 20))
        code = (
            "import sys, resource, pathlib\n"
            "from shopclerk.archive import BadBackup, read_contents\n"
            "pages = int(open('/proc/self/statm').read().split()[0])\n"
            "most = pages * resource.getpagesize() + (60 << 20)\n"
            "resource.setrlimit(resource.RLIMIT_AS, (most, most))\n"
            "try:\n    read_contents(pathlib.Path(sys.argv[1]))\n"
            "except BadBackup as bad:\n    print(bad)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(other)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "its backup.json has 73,400,320 bytes" in done.stdout, done.stderr


def test_a_shop_that_lost_its_disk_is_left_empty(shop, made):
    """Nothing of a refused backup stays."""
    other = remade(made, files={"tables/shopper.jsonl": b'["shopper_id"]\n[1, 2]\n'})
    lost(shop)
    with pytest.raises((BadBackup, NotAsDumped)):
        restore(other)
    assert not (shop.models_dir / "clerk").exists()
