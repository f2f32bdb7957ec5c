"""`shopclerk backup` and `restore`, as somebody uses them after a disk has died."""

import json
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pyrage
import pytest
from sqlmodel import select

from feedback.db.database import Database
from feedback.db.tables.dialogues import DialogueTurn
from feedback.privacy.erasure import Erasure
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from shopclerk.archive import BadBackup, read_contents, written
from shopclerk.commands.backup import backup, restore
from shopclerk.settings import BadSettings, read_settings
from shopclerk.wiring import open_database, utc_now, version_folder
from shopclerk.wiring.base import keep_erasures
from tests.factories import answer, make_store, open_dialogue
from tests.feedback.db.test_dump import digests, fill
from tests.scenarios.running import Shop
from tests.serving.fakes import write_version
from tests.shopclerk.test_settings import writing_nothing


@pytest.fixture
def shop(tmp_path, monkeypatch, sqlite_database):
    """A shop with a history, two versions of which the second answers, and made-up secrets."""
    for name in [name for name in os.environ if name.startswith("SHOPCLERK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    fill(sqlite_database)
    sqlite_database.close()
    shutil.copyfile(sqlite_database.url.database, tmp_path / "data" / "shopclerk.db")
    settings = read_settings()
    settings.secret("secret_key")
    folder = version_folder(settings)
    for _ in range(2):
        folder.publish(write_version())
    rollout = Rollout(folder)
    for version in (1, 2):
        rollout.promote(version)
    return settings


def lost(settings) -> None:
    """The disk died."""
    shutil.rmtree(settings.data_dir)


def state(settings):
    """What has to come back."""
    database = Database(settings.database_url)
    found = digests(database)
    database.close()
    folder = version_folder(settings)
    rollout = Rollout(folder)
    for version in folder.versions():
        folder.verify(version)
    return found, folder.versions(), rollout.labels(), rollout.predecessor()


def _middle_of_the_largest(path):
    """Where the data of its largest file are half over: a bit of a header may mean nothing."""
    with zipfile.ZipFile(path) as archive:
        largest = max(archive.infolist(), key=lambda each: each.compress_size)
    head = path.read_bytes()[largest.header_offset :][:30]
    named = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    return largest.header_offset + len(head) + named + largest.compress_size // 2


class TestBackup:
    def test_a_dead_disk_is_survived(self, shop, tmp_path):
        """Rows, versions, labels, where a rollback leads, and the keys that sign all this."""
        before, key = state(shop), shop.secret("secret_key")
        made = backup(tmp_path / "safe.zip")
        lost(shop)

        found = restore(tmp_path / "safe.zip")

        assert before == state(shop)
        assert ([1, 2], {"stable": 2}, 1) == before[1:]
        assert key == read_settings().secret("secret_key")
        assert made["rows"] == found["rows"] == sum(d.rows for d in before[0].values())
        assert {"secret_key.txt", "signing.key"} == set(found["secrets"])

    def test_only_its_owner_reads_it(self, shop, tmp_path):
        """There are secrets in it, and what shoppers wrote."""
        backup(tmp_path / "safe.zip")

        assert 0o600 == stat.S_IMODE((tmp_path / "safe.zip").stat().st_mode)
        assert ["safe.zip"] == [p.name for p in tmp_path.iterdir() if "safe" in p.name]

    def test_a_folder_keeps_the_newest(self, shop, tmp_path):
        """As many as were asked for; files of other names are nobody's business."""
        folder = tmp_path / "backups"
        folder.mkdir()
        (folder / "holiday.zip").write_text("mine")
        for day in range(1, 4):
            (folder / f"shopclerk-2020010{day}T000000Z.zip").write_text("old")

        made = backup(folder, keep=2)

        names = sorted(path.name for path in folder.iterdir())
        assert ["holiday.zip", "shopclerk-20200103T000000Z.zip"] == names[:2]
        assert 3 == len(names)
        assert 2 == len(made["deleted"])

    def test_is_no_larger_for_replies_that_were_edited(self, shop, tmp_path):
        """Each edit makes a version: of former champions it holds the one that a rollback needs,
        and the newest version, which may wait for its promotion."""
        rollout = Rollout(version_folder(shop), keep=5)
        for _ in range(6):
            rollout.promote(rollout.folder.publish(write_version()))
        rollout.folder.publish(write_version())
        before = state(shop)

        made = backup(tmp_path / "safe.zip")

        assert len(before[1]) > 3
        assert [7, 8, 9] == made["versions"]
        lost(shop)
        restore(tmp_path / "safe.zip")
        assert ([7, 8, 9], {"stable": 8}, 7) == state(shop)[1:]

    @pytest.mark.parametrize("damage", ["cut", "bit", "nonsense", "gone"])
    def test_a_damaged_file_touches_nothing(self, shop, tmp_path, damage):
        """It is read whole before anything is changed."""
        path, before = tmp_path / "safe.zip", state(shop)
        backup(path)
        data = bytearray(path.read_bytes())
        if damage == "cut":
            data = data[: len(data) // 2]
        elif damage == "bit":
            data[_middle_of_the_largest(path)] ^= 1
        elif damage == "nonsense":
            data = bytearray(b"PK\x03\x04" + b"no" * 100)
        path.write_bytes(data)
        if damage == "gone":
            path.unlink()

        with pytest.raises(BadBackup, match="Take an earlier backup"):
            restore(path, replace=True)

        assert before == state(shop)

    def test_a_changed_bit_is_noticed_wherever_it_lies(self, shop, tmp_path):
        """In a header, in what is packed, in the list at the end."""
        path = tmp_path / "safe.zip"
        backup(path)
        whole = path.read_bytes()
        for place in range(0, len(whole), max(len(whole) // 300, 1)):
            data = bytearray(whole)
            data[place] ^= 1 << place % 8
            path.write_bytes(data)
            try:
                same = read_contents(path)
            except BadBackup:
                continue
            path.write_bytes(whole)
            assert same == read_contents(path), place  # a bit that says nothing: a time, a flag

    def test_an_added_file_is_noticed(self, shop, tmp_path):
        """What the list of contents does not name was put there by somebody else."""
        backup(tmp_path / "safe.zip")
        with zipfile.ZipFile(tmp_path / "safe.zip", "a") as archive:
            archive.writestr("models/clerk/9/../../../../evil", "x")

        with pytest.raises(BadBackup, match="missing or was added"):
            read_contents(tmp_path / "safe.zip")

    def test_versions_that_differ_are_not_lost_by_accident(self, shop, tmp_path):
        """The same number may be another model."""
        backup(tmp_path / "safe.zip")
        lost(shop)
        other = VersionFolder(shop.models_dir)
        other.publish(write_version("Add"))

        with pytest.raises(Exception, match="another version of the same number"):
            restore(tmp_path / "safe.zip")
        restore(tmp_path / "safe.zip", replace=True)

        assert {"stable": 2} == state(shop)[2]

    @pytest.mark.slow
    def test_moving_to_postgresql_is_a_restore(self, shop, tmp_path, monkeypatch, postgresql_url):
        """One setting, one command; and again is refused unless the other is said."""
        before = state(shop)
        backup(tmp_path / "safe.zip")
        monkeypatch.setenv("SHOPCLERK_DATABASE_URL", postgresql_url)

        restore(tmp_path / "safe.zip")

        assert before == state(read_settings())
        with pytest.raises(Exception, match="--replace"):
            restore(tmp_path / "safe.zip")


@pytest.mark.slow
class TestCommands:
    def test_backup_verify_restore(self, tmp_path):
        """One line each; the reason and exit code 1 where it can not be done."""
        shop = Shop(tmp_path, 0)
        replies = tmp_path / "replies.jsonl"
        replies.write_text(json.dumps({"reply_id": "a", "text": "Yes.", "locale": "en"}) + "\n")
        shop.run("import", "replies", str(replies))

        made = shop.run("backup", "safe.zip")
        again = shop.run("restore", "safe.zip")
        verified = shop.json("restore", "safe.zip", "--verify", "--json")

        assert "verified" in made.stdout
        assert (1, True) == (again.returncode, "--replace" in again.stderr)
        assert verified["verified"]
        assert 1 == verified["tables"]["reply"]
        assert 0 == shop.run("restore", "safe.zip", "--replace").returncode


class TestErasures:
    def erased(self, settings, shopper):
        database = open_database(settings)
        Erasure(database).erase_shopper(shopper, utc_now())
        keep_erasures(settings, database)
        database.close()

    def said(self, settings):
        database = open_database(settings)
        with database.reading() as session:
            found = {turn.text for turn in session.exec(select(DialogueTurn))}
        database.close()
        return found

    def talk(self, settings):
        database = open_database(settings)
        store = make_store(database)
        dialogue = open_dialogue(store, shopper_id="wanda")
        answer(store, dialogue, question="can elmgate be reached")
        database.close()

    def test_a_backup_of_before_does_not_bring_anybody_back(self, shop, tmp_path, monkeypatch):
        """Though the disk died meanwhile: the list lies where the backups are, too."""
        self.talk(shop)
        monkeypatch.setenv("SHOPCLERK_BACKUP_DIR", str(tmp_path / "backups"))
        made = backup(tmp_path / "backups")
        assert "can elmgate be reached" in self.said(shop)
        self.erased(read_settings(), "wanda")
        lost(shop)

        found = restore(Path(made["path"]))

        assert 1 == found["erasures"]
        assert "can elmgate be reached" not in self.said(shop)

    def test_a_store_whose_file_was_copied_back_forgets_again(self, shop, tmp_path):
        """By whatever opens it first."""
        self.talk(shop)
        shutil.copyfile(shop.data_dir / "shopclerk.db", tmp_path / "copy.db")
        self.erased(shop, "wanda")

        for path in shop.data_dir.glob("shopclerk.db*"):
            path.unlink()
        shutil.copyfile(tmp_path / "copy.db", shop.data_dir / "shopclerk.db")

        assert "can elmgate be reached" not in self.said(shop)


class TestEncryption:
    @pytest.fixture
    def key(self, tmp_path, monkeypatch):
        """A key pair as `age-keygen` writes it; the machine is told the public half."""
        identity = pyrage.x25519.Identity.generate()
        path = tmp_path / "key.txt"
        path.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
        monkeypatch.setenv("SHOPCLERK_BACKUP_RECIPIENT", str(identity.to_public()))
        return path

    def test_it_opens_with_the_secret_key_alone(self, shop, tmp_path, key):
        """Nothing of it is readable without, the folder holds nothing else, and all comes back."""
        before = state(shop)
        made = backup(tmp_path / "backups")
        path = Path(made["path"])
        assert path.name.endswith(".zip.age")
        assert [path] == list(path.parent.iterdir())
        assert not zipfile.is_zipfile(path)
        assert b"tables/" not in path.read_bytes()
        lost(shop)

        restore(path, identity=key)

        assert before == state(shop)
        assert not list(shop.data_dir.glob(".*"))

    def test_what_is_in_plain_has_no_name(self, tmp_path):
        """Nobody opens it while it is made, and nothing of it stays when the machine stops."""
        folder = tmp_path / "backups"

        with written(folder / "safe.zip.age", lambda plain, file: None) as writer:
            writer.table("shopper", iter([b'["shopper_id"]\n', b'["sara"]\n' * 10_000]))

            assert [(".part", 0)] == [(p.suffix, p.stat().st_size) for p in folder.iterdir()]
            writer.close(made_at=utc_now(), revision="1", labels={}, history=None)

    def test_one_in_a_folder_that_is_read_only_is_opened(self, shop, tmp_path, key):
        """As a volume is mounted for a restore."""
        path = Path(backup(tmp_path / "backups")["path"])

        with writing_nothing(path.parent):
            found = restore(path, only_verify=True, identity=key)

        assert found["verified"]

    def test_without_the_key_or_with_another_it_says_so(self, shop, tmp_path, key):
        """And touches nothing."""
        backup(tmp_path / "safe.zip.age")
        other = tmp_path / "other.txt"
        other.write_text(f"{pyrage.x25519.Identity.generate()}\n")
        lost(shop)

        with pytest.raises(BadBackup, match="--identity"):
            restore(tmp_path / "safe.zip.age")
        with pytest.raises(BadBackup, match="does not open it"):
            restore(tmp_path / "safe.zip.age", identity=other)
        with pytest.raises(BadBackup, match="no identity of age"):
            restore(tmp_path / "safe.zip.age", identity=tmp_path / "safe.zip.age")
        assert not (shop.data_dir / "shopclerk.db").exists()

    def test_a_changed_one_is_told_from_a_whole_one(self, shop, tmp_path, key):
        """A single bit."""
        path = tmp_path / "safe.zip.age"
        backup(path)
        data = bytearray(path.read_bytes())
        data[-100] ^= 1
        path.write_bytes(data)

        with pytest.raises(BadBackup, match="damaged"):
            restore(path, only_verify=True, identity=key)

    def test_a_folder_keeps_the_newest_of_both_kinds(self, shop, tmp_path, key):
        """Those of before encryption are deleted in their turn."""
        folder = tmp_path / "backups"
        folder.mkdir()
        (folder / "shopclerk-20200101T000000Z.zip").write_text("old")

        backup(folder, keep=1)

        assert [".age"] == [path.suffix for path in folder.iterdir()]

    def test_a_key_that_is_none_is_named_at_once(self, shop, monkeypatch):
        """Not in the night."""
        monkeypatch.setenv("SHOPCLERK_BACKUP_RECIPIENT", "my password")

        with pytest.raises(BadSettings, match=r"BACKUP_RECIPIENT.*age-keygen"):
            read_settings()
