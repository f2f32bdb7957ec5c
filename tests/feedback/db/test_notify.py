"""The bus between processes: what one tells another hears, also after the line was dropped."""

import queue

import pytest

from feedback.db.database import Database
from feedback.db.notify import Bus
from tests.bot.serving import wait_until

pytestmark = pytest.mark.slow
SECONDS = 20.0


@pytest.fixture
def two(postgresql_database: Database):
    """A bus that tells, one that hears, and what was heard and may have been missed."""
    heard: queue.Queue[str] = queue.Queue()
    missed: queue.Queue[None] = queue.Queue()
    mouth = Bus(postgresql_database, lambda _: None, lambda: None)
    ear = Bus(postgresql_database, heard.put, lambda: missed.put(None))
    for bus in (mouth, ear):
        bus.start()
    wait_until(lambda: mouth.connected and ear.connected, SECONDS)
    missed.get(timeout=SECONDS)
    yield mouth, ear, heard, missed
    for bus in (mouth, ear):
        bus.close()


class TestBus:
    def test_another_process_hears_what_was_told(self, two):
        """And nobody hears themselves."""
        mouth, ear, heard, _ = two

        ear.tell("own")
        mouth.tell("d1")

        assert "d1" == heard.get(timeout=SECONDS)
        assert heard.empty()

    def test_a_dropped_line_is_taken_up_again(self, two, postgresql_database):
        """A server that restarts drops all: then both listen and speak anew, and look once."""
        mouth, ear, heard, missed = two
        with postgresql_database.engine.connect() as server:
            server.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'shopclerk-bus' AND datname = current_database()"
            )

        missed.get(timeout=SECONDS)
        wait_until(lambda: ear.connected, SECONDS)
        mouth.tell("d2")

        assert "d2" == heard.get(timeout=SECONDS)
