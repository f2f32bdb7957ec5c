"""Ready means ready: what a probe finds of a full disk and of damaged pages."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feedback.db.database import Database
from feedback.db.errors import StoreDamaged, StoreFailing, StoreUnreadable
from feedback.db.health import FRESH_S, LOOK_S, Health
from tests.factories import NOW, answer, make_store, open_dialogue

PAGE = 4096


@pytest.fixture
def clock():
    """Seconds, to be set."""
    return [0.0]


@pytest.fixture(scope="module")
def talked(migrated_file, tmp_path_factory):
    """A store's file in which two hundred people asked: written once, copied for each test."""
    path = tmp_path_factory.mktemp("talked") / "shopclerk.db"
    shutil.copyfile(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    store = make_store(database)
    for number in range(200):
        answer(store, open_dialogue(store, shopper_id=f"s{number}", now=NOW), now=NOW)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def health(talked, sqlite_database, clock):
    """Of a store in which something was said."""
    sqlite_database.close()
    shutil.copyfile(talked, str(sqlite_database.url.database))
    return Health(sqlite_database, lambda: clock[0])


def damage(database: Database) -> bytes:
    """Overwrite every tenth page but the first ones; the file as it was."""
    with closing(sqlite3.connect(str(database.url.database))) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    path = Path(str(database.url.database))
    whole = path.read_bytes()
    broken = bytearray(whole)
    for page in range(20, len(whole) // PAGE, 10):
        broken[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    path.write_bytes(broken)
    return whole


class TestWrites:
    def test_a_probe_is_committed(self, database):
        """Another connection sees it: what is rolled back proves nothing."""
        Health(database).check()

        with database.statements(reading=True) as connection:
            found = connection.exec_driver_sql("SELECT probe_id, filling FROM write_probe").all()
        assert [(1, "")] == [tuple(row) for row in found]

    def test_probes_of_one_second_are_one_write(self, health, clock, sqlite_database):
        """However many ask."""
        written = []
        sqlite_database.check_writable = lambda **how: written.append(how)
        for moment in (0.0, 0.1, 0.5, FRESH_S + 0.1):
            clock[0] = moment
            health.check()

        assert 2 == len(written)

    def test_a_message_that_did_not_fit_makes_it_unready(self, health, clock, sqlite_database):
        """Though a small row still fits: until a larger one than any message does."""
        health.check()
        with sqlite_database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        limit(sqlite_database, pages)
        with pytest.raises(StoreFailing, match="disk is full"):
            talk_on(sqlite_database)

        for moment in (0.1, 5.0, 10.0):
            clock[0] = moment
            with pytest.raises(StoreFailing, match="Make room"):
                health.check()
        limit(sqlite_database, 2**30)
        health.check()
        assert sqlite_database.failing is None


class TestDamage:
    def test_the_first_probe_finds_it(self, health, sqlite_database):
        """With the remedy."""
        damage(sqlite_database)
        with pytest.raises(StoreDamaged, match=r"damaged.*restore"):
            health.check()

    def test_one_that_comes_later_is_found_by_a_later_look(self, health, clock, sqlite_database):
        """And a file that was put back is taken again."""
        health.check()
        whole = damage(sqlite_database)
        clock[0] = LOOK_S + 1
        with pytest.raises(StoreUnreadable):
            look_until_seen(health)
        Path(str(sqlite_database.url.database)).write_bytes(whole)
        sqlite_database.close()
        health.look()
        health.check()

    def test_a_statement_that_meets_it_makes_it_unready_at_once(
        self, health, clock, sqlite_database
    ):
        """Nobody waits for the next look."""
        health.check()
        damage(sqlite_database)
        with pytest.raises(StoreDamaged):
            read_all(sqlite_database)
        with pytest.raises(StoreDamaged):
            health.check()


def talk_on(database: Database) -> None:
    """More than there is room for."""
    store = make_store(database)
    for number in range(500):
        open_dialogue(store, shopper_id=f"more{number}", now=NOW)


def read_all(database: Database) -> None:
    """Every row of what was said."""
    with database.statements(reading=True) as connection:
        for table in ("dialogueturn", "impression", "dialogue", "shopper"):
            connection.exec_driver_sql(f"SELECT * FROM {table}").all()


def look_until_seen(health: Health) -> None:
    """What the thread of the look finds, this process finds at the next probe."""
    health.check()
    assert health._looking is not None
    health._looking.join()
    health.check()


def limit(database: Database, pages: int) -> None:
    """No more pages than these, in every connection from now on."""
    from sqlalchemy import event

    def set_limit(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    database.close()
    event.listen(database.engine, "connect", set_limit)
