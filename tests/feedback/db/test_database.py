"""Stories of the database: transactions, migrations, and what is said when it can not be used."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from feedback.db import engines
from feedback.db.database import Database
from feedback.db.errors import StoreAway, StoreUnreadable
from feedback.db.migrate import alembic_config
from feedback.db.tables.people import Shopper
from feedback.db.upsert import take_turns
from tests.factories import NOW


class TestMigrations:
    def test_tables_are_those_of_the_models(self, database):
        """
        Between the models and the migrated tables there is no drift, on either database.
        """
        with database.engine.connect() as connection, connection.begin():
            config = alembic_config(connection)
            config.stdout = sys.stdout  # the one from when Alembic was imported may be closed
            command.check(config)

    def test_migrating_again_changes_nothing(self, database):
        """
        A second start finds everything there.
        """
        database.migrate()
        with database.reading() as session:
            names = inspect(session.connection()).get_table_names()
        assert set(SQLModel.metadata.tables) <= set(names)

    def test_processes_may_start_together(self, empty_database):
        """
        Four that migrate at the same moment make the tables once.
        """
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: empty_database.migrate(), range(4)))
        with empty_database.reading() as session:
            assert session.get(Shopper, "nobody") is None

    def test_down_and_up_again(self, empty_database):
        """
        The revision can be taken back.
        """
        empty_database.migrate()
        with empty_database.engine.connect() as connection, connection.begin():
            command.downgrade(alembic_config(connection), "base")
        empty_database.migrate()
        with empty_database.reading() as session:
            assert session.get(Shopper, "nobody") is None


class TestTransactions:
    def test_nothing_is_left_of_a_failure(self, database):
        """
        What is raised inside a transaction takes its rows along.
        """

        def fail_midway() -> None:
            with database.transaction() as session:
                session.add(Shopper(shopper_id="anna", created_at=NOW))
                session.flush()
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail_midway()
        with database.reading() as session:
            assert session.get(Shopper, "anna") is None

    def test_sqlite_keeps_the_last_commit_and_its_references(self, sqlite_database):
        """
        WAL, full synchronisation and foreign keys are on in every connection.
        """
        with sqlite_database.reading() as session:
            settings = [
                session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        assert settings == ["wal", 2, 1, 30_000]


class TestUnreadable:
    def test_address_of_something_else(self):
        """
        Only SQLite and PostgreSQL are known; a password is never repeated.
        """
        with pytest.raises(StoreUnreadable, match="neither") as refused:
            Database("mysql://clerk:hunter2@db/shop")
        assert "hunter2" not in str(refused.value)
        with pytest.raises(StoreUnreadable, match="not an address"):
            Database("hunter2")

    def test_folder_in_place_of_a_file(self, tmp_path: Path):
        """
        The path and what to check are in the message.
        """
        with pytest.raises(StoreUnreadable, match="Check that it is a file") as refused:
            Database(f"sqlite:///{tmp_path}").migrate()
        assert str(tmp_path) in str(refused.value)

    def test_garbage_in_place_of_a_database(self, tmp_path: Path):
        """
        A file of another kind is refused, and left as it was.
        """
        path = tmp_path / "shopclerk.db"
        path.write_bytes(b"not a database at all" * 100)
        with pytest.raises(StoreUnreadable, match="not a database"):
            Database(f"sqlite:///{path}").migrate()
        assert path.read_bytes().startswith(b"not a database")

    def test_folder_that_can_not_be_made(self, tmp_path: Path):
        """
        A file where a folder should be is named.
        """
        (tmp_path / "taken").write_text("")
        with pytest.raises(StoreUnreadable, match="taken"):
            Database(f"sqlite:///{tmp_path}/taken/deeper/shopclerk.db").migrate()

    def test_no_tables_yet(self, tmp_path: Path):
        """
        A database that was never migrated says what makes the tables.
        """
        database = Database(f"sqlite:///{tmp_path}/shopclerk.db")
        with pytest.raises(StoreUnreadable, match="shopclerk up"), database.reading() as session:
            session.get(Shopper, "anna")
        database.close()

    def test_refused_connection_names_the_host(self):
        """
        A PostgreSQL that is not there is named by host and port, without the password.
        """
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        database = Database(f"postgresql://clerk:hunter2@127.0.0.1:{port}/shop")
        with pytest.raises(StoreUnreadable, match=rf"127\.0\.0\.1:{port}/shop") as refused:
            database.migrate()
        assert "hunter2" not in str(refused.value)

    @pytest.mark.slow
    def test_missing_postgresql_database_is_named(self, postgresql_server):
        """
        A name the server does not know is told apart from a server that is away.
        """
        database = Database(postgresql_server.replace("/postgres?", "/nowhere?"))
        with pytest.raises(StoreUnreadable, match="does not exist"):
            database.migrate()

    def test_tables_of_a_later_version(self, sqlite_database):
        """
        A database written by a newer shopclerk is left alone.
        """
        with sqlite_database.transaction() as session:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
        with pytest.raises(StoreUnreadable, match="another version"):
            sqlite_database.migrate()


@pytest.mark.slow
class TestCutConnections:
    """PostgreSQL's connections that were cut while nobody used them."""

    def test_after_a_rest_nobody_notices(self, postgresql_database, monkeypatch):
        """A ping finds out, and the pool connects anew."""
        self._cut_all(postgresql_database)
        monkeypatch.setattr(engines, "PING_AFTER_S", 0.0)

        with postgresql_database.reading() as session:
            assert session.execute(text("SELECT 1")).scalar() == 1

    def test_in_the_middle_of_work_one_transaction_fails(self, postgresql_database):
        """No ping then: the failure says that the store is away, and the next one works."""
        self._cut_all(postgresql_database)

        with pytest.raises(StoreAway), postgresql_database.reading() as session:
            session.execute(text("SELECT 1"))
        with postgresql_database.reading() as session:
            assert session.execute(text("SELECT 1")).scalar() == 1

    def test_who_waits_too_long_for_a_lock_is_told_to_come_again(self, postgresql_database):
        """A failure of the moment, with where to look; not one that nobody foresaw."""

        def wait():
            with postgresql_database.transaction() as session:
                session.execute(text("SET LOCAL statement_timeout = '50ms'"))
                take_turns(session, 1)

        with postgresql_database.transaction() as holding:
            take_turns(holding, 1)
            with pytest.raises(StoreUnreadable, match="pg_stat_activity"):
                wait()

    def _cut_all(self, database: Database) -> None:
        with database.reading() as session:
            pid = session.execute(text("SELECT pg_backend_pid()")).scalar()
        other = Database(database.url.render_as_string(hide_password=False))
        with other.reading() as session:
            session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        other.close()
