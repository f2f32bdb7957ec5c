"""Threads that write at the same moment share a transaction."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import insert, text
from sqlmodel import SQLModel, select

from feedback.db.database import Database
from feedback.db.errors import StoreUnreadable, UnknownDialogue
from feedback.db.group_commit import GroupCommit
from feedback.db.prepared_statements import Prepared
from feedback.db.tables.people import Shopper
from tests.factories import NOW

SHOPPERS = SQLModel.metadata.tables["shopper"]
ADD = Prepared(insert(SHOPPERS), "shopper_id", "created_at")


def arrival_of(name):
    """What writes a shopper, and gives the name."""

    def write(connection):
        ADD.send(connection, {"shopper_id": name, "created_at": NOW})
        return lambda: name

    return write


def known(database):
    """The shoppers that were written."""
    with database.reading() as session:
        return set(session.exec(select(Shopper.shopper_id)))


class Door:
    """The first to come waits inside until as many others wait outside as are expected."""

    def __init__(self, database, others):
        self.group = GroupCommit(self.begin, self.alone)
        self.database, self.others = database, others
        self.opened = 0

    @contextmanager
    def begin(self):
        self.opened += 1
        if self.opened == 1:
            while len(self.group._waiting) < self.others:
                threading.Event().wait(0.001)
        with self.alone() as connection:
            yield connection

    @contextmanager
    def alone(self):
        with self.database.transaction() as session:
            yield session.connection()


def sent(group, works):
    """What each of `works`, each in a thread of its own, came to."""

    def outcome(work):
        try:
            return group(work)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(outcome, works))


class TestGroupCommit:
    def test_a_lone_writer_has_a_transaction_of_its_own(self, database):
        """
        It waits for nobody.
        """
        assert "anna" == database.group_commit(arrival_of("anna"))
        assert {"anna"} == known(database)

    def test_those_who_come_meanwhile_are_written_together(self, database):
        """
        Seven that wait for the first are one transaction, and each gets its own outcome.
        """
        names = [f"shopper {number}" for number in range(8)]
        door = Door(database, others=7)

        assert names == sent(door.group, [arrival_of(name) for name in names])
        assert set(names) == known(database)
        assert 2 == door.opened

    def test_one_that_fails_spoils_no_other(self, database):
        """
        The group's transaction is taken back, and each is written alone.
        """

        def lost(_connection):
            raise UnknownDialogue("gone")

        door = Door(database, others=3)
        works = [arrival_of("anna"), arrival_of("ben"), lost, arrival_of("cy")]

        anna, ben, failed, cy = sent(door.group, works)

        assert ["anna", "ben", "cy"] == [anna, ben, cy]
        assert isinstance(failed, UnknownDialogue)
        assert {"anna", "ben", "cy"} == known(database)

    def test_a_database_that_is_away_is_asked_once(self, tmp_path):
        """
        All of a group are told, and nobody waits for it in vain a second time.
        """
        broken = Database(f"sqlite:///{tmp_path}/none.db")
        door = Door(broken, others=4)

        outcomes = sent(door.group, [arrival_of(str(number)) for number in range(5)])

        assert all(isinstance(one, StoreUnreadable) for one in outcomes)
        assert 2 == door.opened

    def test_many_write_all_the_time(self, database):
        """
        Nothing is lost and nothing written twice, whoever leads.
        """
        names = [f"shopper {number}" for number in range(200)]
        with ThreadPoolExecutor(16) as pool:
            told = list(pool.map(lambda name: database.group_commit(arrival_of(name)), names))

        assert names == told
        assert set(names) == known(database)

    def test_a_lock_held_elsewhere_stops_only_who_needs_it(self, postgresql_database):
        """
        Another replica has one shopper's row for a while: the others of the group do not wait.
        """
        database = postgresql_database
        database.group_commit(arrival_of("busy"))

        def touch(connection):
            connection.execute(text("UPDATE shopper SET created_at = 1 WHERE shopper_id = 'busy'"))
            return lambda: "touched"

        with ThreadPoolExecutor(3) as pool, database.engine.begin() as elsewhere:
            touch(elsewhere)
            touched = pool.submit(database.group_commit, touch)
            arrived = [
                pool.submit(database.group_commit, arrival_of(name)) for name in ("anna", "ben")
            ]
            assert ["anna", "ben"] == [one.result(20) for one in arrived]
            assert not touched.done()
            elsewhere.commit()
            assert "touched" == touched.result(20)
