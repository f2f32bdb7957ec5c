"""The dialogue as server-sent events."""

import json
import threading
import time
from typing import Any, NamedTuple

import pytest

from feedback.db.errors import StoreAway
from feedback.dialogues.repository import Store
from tests.bot.visitor import Visitor
from tests.bot.web_shop import open_shop


class Event(NamedTuple):
    id: str | None
    name: str
    data: dict[str, Any]


def read(web: Visitor, after: str | None = None) -> list[Event]:
    """What one stream tells until the server ends it."""
    headers = {"Last-Event-ID": after} if after is not None else {}
    answer = web.get("/api/chat/events", headers=headers)
    assert "text/event-stream" in answer.headers["content-type"]
    events = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            events.append(Event(fields.get("id"), fields["event"], json.loads(fields["data"])))
    return events


def ask(web: Visitor, text: str, client_id: str) -> Any:
    return web.post("/api/chat/messages", json={"text": text, "client_id": client_id}).json()


def told_while_open(web: Visitor, shop: Any, dialogue_id: str) -> list[Event]:
    """What a stream tells in which a staff member's "Hi!" comes."""
    told: list[Event] = []
    reader = threading.Thread(target=lambda: told.extend(read(web)))
    reader.start()
    notifier = shop.app.state.context.notifier
    while not notifier.count(dialogue_id):
        time.sleep(0.01)
    shop.store.record_staff_turn(dialogue_id, "Hi!", "Mei", shop.clock())
    while reader.is_alive():  # the last wake also ends the stream, whose time is up
        notifier.wake(dialogue_id)
        reader.join(0.05)
    return told


class TestEvents:
    def test_tells_what_was_said_and_the_state(self, web: Visitor, session: dict[str, Any]) -> None:
        """Turns carry their number as the event's id."""
        answer = ask(web, "can i return it", "c1")

        turns = [event for event in read(web) if event.name == "turn"]

        assert ["shopper", "clerk"] == [turn.data["speaker"] for turn in turns]
        assert str(answer["message_id"]) == turns[1].id
        assert answer["reply"] == turns[1].data["reply"]

    def test_resumes_after_the_last_event(self, web: Visitor, session: dict[str, Any]) -> None:
        """What was seen is not told again; what came meanwhile is not lost."""
        seen = ask(web, "can i return it", "c1")["message_id"]
        ask(web, "where is my order", "c2")

        turns = [event for event in read(web, str(seen)) if event.name == "turn"]

        assert ["where is my order"] == [t.data["text"] for t in turns if t.data["client_id"]]
        assert 2 == len(turns)

    def test_never_tells_another_shoppers_lines(
        self, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Walking through the numbers shows nothing of others."""
        ask(web, "can i return it", "c1")
        other = web.post("/api/chat/sessions", json={}, headers={"Authorization": ""}).json()
        web.headers["Authorization"] = f"Bearer {other['token']}"

        assert [] == [event for event in read(web, "0") if event.name == "turn"]

    def test_a_staff_members_line_arrives_while_the_stream_is_open(self, one_database: Any) -> None:
        """Woken by the writer, long before the store would be polled."""
        shop = open_shop(one_database, poll_seconds=30, stream_seconds=0.3)
        with shop.visitor() as web:
            begun = web.post("/api/chat/sessions", json={}).json()
            web.headers["Authorization"] = f"Bearer {begun['token']}"
            told = told_while_open(web, shop, begun["dialogue_id"])

        assert ["Mei"] == [event.data["author"] for event in told if event.name == "turn"]
        assert "staff" == told[-1].data["state"]

    def test_a_store_that_is_away_ends_no_stream(self, one_database: Any, monkeypatch: Any) -> None:
        """It looks again, and tells what was said meanwhile."""
        shop = open_shop(one_database, poll_seconds=30, stream_seconds=0.5, look_again_seconds=0.05)
        with shop.visitor() as web:
            begun = web.post("/api/chat/sessions", json={}).json()
            web.headers["Authorization"] = f"Bearer {begun['token']}"
            store, looks = shop.app.state.context.store, []

            def away_at_first(*asked: Any, **more: Any) -> Any:
                looks.append(asked)
                if 1 < len(looks) < 4:
                    raise StoreAway("somewhere", "the server does not answer", "Wait.")
                return Store.turns(store, *asked, **more)

            monkeypatch.setattr(store, "turns", away_at_first)
            told = told_while_open(web, shop, begun["dialogue_id"])

        assert ["Mei"] == [event.data["author"] for event in told if event.name == "turn"]
        assert len(looks) > 3

    @pytest.mark.parametrize("wrong", ["-1", "abc", "9" * 30, "1.5", "²"])
    def test_a_wrong_event_id_is_refused(
        self, web: Visitor, session: dict[str, Any], wrong: str
    ) -> None:
        """Named, with the remedy."""
        answer = web.get("/api/chat/events", headers={b"Last-Event-ID": wrong.encode()})

        assert 422 == answer.status_code
        assert "Last-Event-ID" in answer.json()["detail"]

    def test_a_dialogue_has_only_so_many_streams(self, one_database: Any) -> None:
        """A page that opens them without end is stopped."""
        with open_shop(one_database, streams_per_dialogue=0).visitor() as web:
            token = web.post("/api/chat/sessions", json={}).json()["token"]
            answer = web.get("/api/chat/events", headers={"Authorization": f"Bearer {token}"})

        assert 429 == answer.status_code
