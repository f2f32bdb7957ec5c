"""Three replicas behind one address: what a shopper notices when one of them dies."""

import itertools
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from benchmarks.product.faulty import FaultyProxy
from feedback.db.database import Database
from feedback.db.notify import Bus
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.dialogues.repository import Store
from shopclerk.demo_shop import put_demo_shop
from shopclerk.wiring import EXPERIMENT
from tests.bot.serving import wait_until
from tests.scenarios.replicas import Chat, Replica

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store_url(postgresql_server):
    """The shop's store, filled."""
    name = f"replicas_{uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = postgresql_server.replace("/postgres?", f"/{name}?")
    database = Database(url)
    database.migrate()
    put_demo_shop(database, now=datetime.now(UTC), currency="USD")
    database.close()
    return url


@pytest.fixture(scope="module")
def replicas(store_url, tmp_path_factory):
    """Three that are ready."""
    folder = tmp_path_factory.mktemp("replicas")
    running = [Replica(folder, store_url) for _ in range(3)]
    for replica in running:
        replica.wait()
    yield running
    for replica in running:
        replica.kill()


@pytest.fixture
def balancer(replicas):
    """One address for those that live."""
    with FaultyProxy(*(replica.address.removeprefix("http://") for replica in replicas)) as proxy:
        yield proxy


class Listener(threading.Thread):
    """Keeps a stream open and notes what comes, and when."""

    def __init__(self, chat: Chat, after: int = 0, *, at: str | None = None) -> None:
        super().__init__(daemon=True)
        self.lines: list[tuple[int, str, float]] = []
        self._stream = chat.events(after, at=at)
        self.start()

    def run(self) -> None:
        """Until the stream is cut."""
        for event in self._stream:
            if event.name == "turn":
                text = event.data["text"] or event.data["reply"]["text"]
                self.lines.append((event.id, text, time.monotonic()))

    def wait_for(self, text: str, seconds: float = 60.0) -> float:
        """When a line with these words came."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for _, said, at in self.lines:
                if text in said:
                    return at
            time.sleep(0.01)
        raise AssertionError((text, self.lines))


class TestReplicas:
    """In this order: the last ones kill and end replicas."""

    def test_staff_are_heard_on_whichever_replica_holds_the_stream(
        self, replicas, balancer, store_url
    ):
        """Written by another process, told at once: the looks are 15 s apart."""
        chat = Chat(balancer)
        chat.ask("do you have backpacks?", "c1")
        streams = [Listener(chat, at=replica.address) for replica in replicas]
        for stream in streams:
            stream.wait_for("do you have backpacks?")
        database = Database(store_url)
        bus = Bus(database, heard=lambda _: None, missed=lambda: None)
        bus.start()
        wait_until(lambda: bus.connected)

        waits = []
        for number in range(3):
            text = f"Hello, this is Ann, {number}"
            Store(database, EXPERIMENT, DeskHooks()).record_staff_turn(
                chat.dialogue_id, text, "Ann", datetime.now(UTC)
            )
            said = time.monotonic()
            bus.tell(chat.dialogue_id)
            waits += [stream.wait_for(text) - said for stream in streams]
        bus.close()
        database.close()

        assert sorted(waits)[len(waits) // 2] < 5.0, waits  # 15 s by looking alone: 7 on average
        assert max(waits) < 15.0, waits

    def test_a_rate_holds_for_all_replicas_together(self, replicas, balancer):
        """Twenty messages a minute, not twenty at each of three."""
        chat = Chat(balancer)
        while time.time() % 60 > 40:  # a window that slides counts the minute before by its share
            time.sleep(0.5)

        def ask(number: int) -> int:
            try:
                chat.ask("hello", f"rate-{number}")
            except urllib.error.HTTPError as refused:
                return refused.code
            return 200

        with ThreadPoolExecutor(6) as pool:
            answered = list(pool.map(ask, range(30)))

        assert {200: 20, 429: 10} == {code: answered.count(code) for code in set(answered)}

    def test_the_figures_are_there(self, replicas):
        """Each replica tells of itself and of the store they share."""
        import urllib.request

        with urllib.request.urlopen(f"{replicas[0].address}/metrics") as answer:
            text = answer.read().decode()

        for figure in (
            "shopclerk_bus_up 1.0",
            "shopclerk_store_up 1.0",
            "shopclerk_outbox_messages",
        ):
            assert figure in text
        assert "shopclerk_model_calls_total" in text

    def test_a_chat_survives_the_death_of_its_replica(self, replicas, balancer):
        """`kill -9` in the middle: nothing acknowledged is lost, nothing is said twice."""
        chat = Chat(balancer)
        stream = Listener(chat, at=replicas[0].address)
        told = [chat.ask("what is your return policy", "before")]
        stream.wait_for("what is your return policy")

        numbers, begun, killed = itertools.count(), threading.Event(), threading.Event()

        def ask() -> None:
            number = next(numbers)
            told.append(chat.ask(f"where is order {number}", f"during-{number}"))

        def ask_on() -> None:
            """Some before the kill, some after it, and whatever comes between."""
            for _ in range(3):
                ask()
            begun.set()
            while not killed.is_set():
                ask()
            for _ in range(3):
                ask()

        asking = threading.Thread(target=ask_on)
        asking.start()
        assert begun.wait(60)
        replicas[0].kill()
        killed.set()
        asking.join(120)
        stream.join(30)
        count = next(numbers)
        seen = max(line[0] for line in stream.lines)
        rest = Listener(chat, after=seen)
        rest.wait_for(f"where is order {count - 1}")
        time.sleep(0.5)

        lines = [(number, text) for number, text, _ in (*stream.lines, *rest.lines)]
        assert 1 + count == len(told)
        assert lines == sorted(set(lines))
        asked = [text for _, text in lines if text.startswith("where is order")]
        assert [f"where is order {number}" for number in range(count)] == asked
        assert {answer["message_id"] for answer in told} <= {number for number, _ in lines}

    def test_sigterm_drains(self, replicas, balancer):
        """An open stream is closed, what is asked is answered elsewhere, and it ends by itself."""
        chat = Chat(balancer)
        stream = Listener(chat, at=replicas[1].address)
        chat.ask("hello", "c1")
        stream.wait_for("hello")

        code = replicas[1].end()

        stream.join(60)
        assert not stream.is_alive()
        assert 0 == code
        assert chat.ask("still here?", "c2")["message_id"] > 0
