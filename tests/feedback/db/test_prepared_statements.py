"""Statements run by the driver itself say what they would say otherwise."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from feedback.db.errors import UnknownDialogue
from feedback.db.prepared_statements import Prepared
from feedback.db.tables.dialogues import ImpressionRow
from feedback.db.tables.people import Identity
from tests.factories import NOW

SHOPPERS, IMPRESSIONS = (SQLModel.metadata.tables[name] for name in ("shopper", "impression"))
ADD = Prepared(insert(SHOPPERS).returning(SHOPPERS.c.shopper_id), "shopper_id", "created_at")
FIND = Prepared(
    select(SHOPPERS)
    .where(SHOPPERS.c.created_at >= bindparam("since"))
    .order_by(SHOPPERS.c.shopper_id)
    .limit(bindparam("count"))
)
MOVE = Prepared(
    update(SHOPPERS)
    .where(SHOPPERS.c.shopper_id == bindparam("who"))
    .values(created_at=bindparam("at"))
)
ANNA = {"shopper_id": "anna", "created_at": NOW}


class TestPrepared:
    def test_takes_and_gives_what_execute_does(self, database):
        """
        Times go in and come out aware, though both stores keep numbers.
        """
        with database.engine.begin() as connection:
            assert [("anna",)] == ADD.all(connection, ANNA)
            ADD.send(connection, {**ANNA, "shopper_id": "ben"})
            named = {"since": datetime(2020, 1, 1, tzinfo=UTC), "count": 5}

            assert [("anna", NOW), ("ben", NOW)] == FIND.all(connection, named)
            assert FIND.all(connection, named) == [
                tuple(row) for row in connection.execute(FIND.statement, named)
            ]
            assert ("anna", NOW) == FIND.first(connection, {**named, "count": 1})
            assert FIND.first(connection, {**named, "since": datetime.max.replace(tzinfo=UTC)}) is (
                None
            )

    def test_lists_and_numbers_keep_their_types(self, database):
        """
        What JSON holds, and what nothing, are read as they were written.
        """
        names = list(ImpressionRow.model_fields)
        add = Prepared(insert(IMPRESSIONS), *names)
        read = Prepared(select(*(IMPRESSIONS.c[name] for name in names)))
        row = ImpressionRow(
            impression_id="i1",
            dialogue_id="d1",
            shopper_id="anna",
            arm="champion",
            kind="answer",
            text="Ja, gern – 好的 \x00 \ud800",
            locale="en",
            candidates=[{"reply_id": "returns", "score": 0.5}],
            confidence=0.25,
            served_by="model",
            shown_at=NOW,
        )
        with database.engine.connect() as connection, connection.begin() as it:
            if database.is_sqlite:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            else:
                connection.exec_driver_sql("SET session_replication_role = replica")
            add.send(connection, dict(row))
            ours = read.first(connection, {})
            theirs = connection.execute(select(*(IMPRESSIONS.c[name] for name in names))).one()
            it.rollback()

        assert tuple(theirs) == ours
        assert [{"reply_id": "returns", "score": 0.5}] == ours[names.index("candidates")]
        assert ours[names.index("model_version")] is None

    def test_a_refusal_is_sqlalchemys_and_tells_no_values(self, database):
        """
        Whoever catches errors of the store catches these; they may be logged.
        """

        def add_twice():
            with database.engine.begin() as connection:
                ADD.send(connection, ANNA)
                ADD.send(connection, ANNA)

        with pytest.raises(IntegrityError) as refused:
            add_twice()

        assert "INSERT INTO shopper" in str(refused.value)
        assert "parameters" not in str(refused.value)
        with database.engine.begin() as connection:
            assert [] == FIND.all(connection, {"since": NOW, "count": 5})

    def test_those_of_the_object_mapper_tell_none_either(self, database):
        """
        A question's words in an error would come into the log.
        """

        def add_half():
            with database.transaction() as session:
                session.add(
                    Identity(kind="cart", value="my words", shopper_id="nobody", seen_at=NOW)
                )

        with pytest.raises(IntegrityError) as refused:
            add_half()

        assert "my words" not in str(refused.value)

    def test_a_statement_without_rows_says_nothing(self, database):
        """
        An update has none to give.
        """
        later = datetime(2030, 1, 1, tzinfo=UTC)
        with database.engine.begin() as connection:
            ADD.send(connection, ANNA)
            assert [] == MOVE.all(connection, {"who": "anna", "at": later})
            assert ("anna", later) == FIND.first(connection, {"since": NOW, "count": 1})

    def test_whoever_watches_statements_sees_these(self, database):
        """
        Spans are made of them too.
        """
        seen = []

        def watch(_connection, _cursor, statement, *_):
            seen.append(statement)

        event.listen(database.engine, "before_cursor_execute", watch)
        try:
            with database.engine.begin() as connection:
                assert [("anna",)] == ADD.all(connection, ANNA)
                MOVE.send(connection, {"who": "anna", "at": NOW})
        finally:
            event.remove(database.engine, "before_cursor_execute", watch)

        assert ["INSERT", "UPDATE"] == [
            said.split()[0] for said in seen if said.split()[0] in ("INSERT", "UPDATE")
        ]


class TestFewTrips:
    """Statements that travel together, on PostgreSQL."""

    def test_rows_are_there_when_they_are_asked_for(self, postgresql_database):
        """
        One asked for in the middle, one after the commit.
        """

        def write(connection):
            anna = ADD.send(connection, ANNA)
            named = {"since": NOW, "count": 5}
            found = FIND.all(connection, named)
            ben = ADD.send(connection, {**ANNA, "shopper_id": "ben"})
            return lambda: (anna.rows(), found, ben.rows())

        assert ([("anna",)], [("anna", NOW)], [("ben",)]) == postgresql_database.group_commit(write)

    @pytest.mark.parametrize("asked", [True, False])
    def test_an_error_on_the_way_leaves_nothing_behind(self, postgresql_database, asked):
        """
        Whether somebody waits for it or it shows at the end; the connection is as good as new.
        """
        database = postgresql_database

        def add_twice(connection):
            ADD.send(connection, ANNA)
            again = ADD.send(connection, ANNA)
            ADD.send(connection, {**ANNA, "shopper_id": "ben"})
            return again.rows if asked else lambda: None

        for _ in range(3):
            with pytest.raises(IntegrityError) as refused:
                database.group_commit(add_twice)
            assert "parameters" not in str(refused.value)
        with database.statements(reading=True) as connection:
            assert [] == FIND.all(connection, {"since": NOW, "count": 5})
        database.group_commit(lambda connection: ADD.send(connection, ANNA).rows)
        with database.statements(reading=True) as connection:
            assert [("anna", NOW)] == FIND.all(connection, {"since": NOW, "count": 5})

    def test_what_python_refuses_is_taken_back_too(self, postgresql_database):
        """
        What was sent before it arrived, and is not committed.
        """
        database = postgresql_database

        def give_up(connection):
            ADD.send(connection, ANNA)
            raise UnknownDialogue("d1")

        with pytest.raises(UnknownDialogue):
            database.group_commit(give_up)
        with database.statements(reading=True) as connection:
            assert [] == FIND.all(connection, {"since": NOW, "count": 5})

    def test_whoever_watches_statements_sees_them_one_by_one(self, postgresql_database):
        """
        And they are committed all the same.
        """
        database, seen = postgresql_database, []

        def watch(_connection, _cursor, statement, *_):
            seen.append(statement.split()[0])

        event.listen(database._brief, "before_cursor_execute", watch)
        try:
            database.group_commit(lambda connection: ADD.send(connection, ANNA).rows)
        finally:
            event.remove(database._brief, "before_cursor_execute", watch)

        assert ["BEGIN", "SET", "INSERT", "COMMIT"] == seen
        with database.statements(reading=True) as connection:
            assert [("anna", NOW)] == FIND.all(connection, {"since": NOW, "count": 5})
