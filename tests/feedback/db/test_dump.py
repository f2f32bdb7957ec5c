"""Stories of dumps: what was dumped comes back in another database, the same or not at all."""

import threading

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from feedback.db.database import Database
from feedback.db.dump import (
    NotAsDumped,
    NotEmpty,
    UnknownRevision,
    load_snapshot,
    store_snapshot,
)
from feedback.db.migrate import alembic_config, revisions
from feedback.db.tables.dialogues import Dialogue, DialogueTurn, Impression
from feedback.db.tables.knowledge import Reply
from feedback.db.tables.people import Shopper
from feedback.desk.inbox import Inbox, Incoming
from tests.factories import NOW, answer, make_orders, make_purchase, make_store, open_dialogue
from tests.feedback.world import fill_shop
from tests.snapshots import dumped

ODD = "Größe 退货 🎁 \\N \t tab \\. backslash 'quote' \"double\" </script>\r\nnew line"


def digests(database: Database):
    return {name: digest for name, _, digest in dumped(database)[1]}


def fill(database: Database) -> None:
    """Some of everything, with text that a careless dump would break."""
    fill_shop(database, shoppers={"champion": 40, "holdout": 40}, cvr={"champion": 1, "holdout": 0})
    store = make_store(database)
    dialogue = open_dialogue(store, locale="zh")
    answer(store, dialogue, question=ODD)
    make_orders(database).record(make_purchase(), NOW)
    Inbox(database).put(Incoming("e1", "event", "lane", "1", {"text": ODD, "list": [1, None]}), NOW)


@pytest.fixture
def other(request, tmp_path):
    """A store without tables, of the kind that the parameter names."""

    def make(kind: str) -> Database:
        if kind == "sqlite":
            made = Database(f"sqlite:///{tmp_path}/other/shopclerk.db")
        else:
            made = Database(request.getfixturevalue("postgresql_url"))
        request.addfinalizer(made.close)
        return made

    return make


class TestDumps:
    @pytest.mark.parametrize(
        "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], ids="to-{}".format
    )
    def test_everything_comes_back(self, request, sqlite_database, other, kind):
        """
        Rows, odd characters, nulls, JSON: into a database of either kind.
        """
        fill(sqlite_database)
        revision, tables = dumped(sqlite_database)

        restored = other(kind)
        rows = load_snapshot(restored, revision, tables)

        assert sum(digest.rows for *_, digest in tables) == rows > 300
        assert digests(sqlite_database) == digests(restored)
        with restored.reading() as session:
            asked = session.exec(select(DialogueTurn).where(DialogueTurn.text == ODD)).one()
            assert ("shopper", NOW) == (asked.speaker, asked.at)
            assert session.exec(select(Impression.candidates)).first() is not None

    @pytest.mark.slow
    def test_postgresql_moves_back_to_a_file(self, postgresql_database, other):
        """
        And numbers of turns go on after the newest, on both sides.
        """
        fill(postgresql_database)
        revision, tables = dumped(postgresql_database)
        restored = other("sqlite")

        load_snapshot(restored, revision, tables)
        load_snapshot(postgresql_database, revision, tables, replace=True)

        assert digests(postgresql_database) == digests(restored)
        numbers = []
        for database in (restored, postgresql_database):
            store = make_store(database)
            newest = answer(store, open_dialogue(store)).turn.turn_id or 0
            numbers.append(newest)
            with database.reading() as session:
                assert newest == max(session.exec(select(DialogueTurn.turn_id)).all(), key=int)
        assert numbers[0] == numbers[1]

    def test_a_dump_is_of_one_moment(self, database):
        """
        Somebody goes on writing while it is read, and is not kept from it.
        """
        fill(database)
        with store_snapshot(database) as store:
            before = {name: sum(1 for _ in store.lines(name)) for name in store.tables}
            late = make_store(database)
            writer = threading.Thread(target=lambda: answer(late, open_dialogue(late)))
            writer.start()
            writer.join(10)
            assert not writer.is_alive()
            assert before == {name: sum(1 for _ in store.lines(name)) for name in store.tables}
        with database.reading() as session:
            assert before["dialogue"] - 1 < len(session.exec(select(Dialogue)).all())

    def test_rows_are_not_lost_by_accident(self, database):
        """
        A store that holds something is left alone, unless the other is said.
        """
        fill(database)
        revision, tables = dumped(database)
        with database.transaction() as session:
            session.add(Shopper(shopper_id="later", created_at=NOW))

        with pytest.raises(NotEmpty, match="--replace"):
            load_snapshot(database, revision, tables)
        with database.reading() as session:
            assert session.get(Shopper, "later") is not None
        load_snapshot(database, revision, tables, replace=True)

        with database.reading() as session:
            assert session.get(Shopper, "later") is None
        assert {name: digest for name, _, digest in tables} == digests(database)

    def test_what_does_not_come_back_changes_nothing(self, database):
        """
        A digest that does not fit ends it, with every row as it was.
        """
        fill(database)
        revision, tables = dumped(database)
        tables = [
            (name, lines[:-1] if name == "shopper" else lines, d) for name, lines, d in tables
        ]
        before = digests(database)

        with pytest.raises(NotAsDumped, match="table shopper"):
            load_snapshot(database, revision, tables, replace=True)

        assert before == digests(database)

    def test_a_newer_programs_dump_is_refused(self, sqlite_database):
        """
        By the revision's name.
        """
        with pytest.raises(UnknownRevision, match="9999"):
            load_snapshot(sqlite_database, "9999", [])


class TestMigrationsWithData:
    def test_an_older_dump_is_migrated_when_it_is_loaded(self, empty_database, other):
        """
        A backup made before an update can be restored after it.
        """
        empty_database.make_folder()
        with empty_database.engine.connect() as connection, connection.begin():
            command.upgrade(alembic_config(connection), "0001")
            connection.execute(
                text("INSERT INTO reply VALUES ('returns', 'en', 'Send it back.', 1)")
            )
        revision, tables = dumped(empty_database)
        assert "0001" == revision

        restored = other("sqlite")
        load_snapshot(restored, revision, tables)

        assert revisions()[-1] == dumped(restored)[0]
        with restored.reading() as session:
            assert "Send it back." == session.get_one(Reply, ("returns", "en")).text

    def test_down_and_up_keep_what_older_tables_hold(self, database):
        """
        Each revision is taken back and done again: rows and digests of what stayed are the same.
        """
        fill(database)
        before = digests(database)
        for revision in reversed(revisions()[:-1]):
            self.migrate(database, command.downgrade, revision)
            kept = digests(database)
            self.migrate(database, command.upgrade, "head")
            self.migrate(database, command.downgrade, revision)
            assert kept == digests(database)
        self.migrate(database, command.upgrade, "head")

        after = digests(database)
        old = {"shopper", "reply", "dialogueturn", "impression", "click", "orderline", "identity"}
        assert {name: before[name] for name in old} == {name: after[name] for name in old}

    @staticmethod
    def migrate(database, move, revision) -> None:
        with database.long_transaction() as connection:
            if database.is_sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                move(alembic_config(connection), revision)
        database.close()
