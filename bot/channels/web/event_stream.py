"""The dialogue as server-sent events: what the staff write, late replies, other tabs' turns.

The store is the truth and `Last-Event-ID` (a turn's number) the place in it, so that a cut
connection, a restart or another replica loses nothing. The notifier only makes it quick.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any, NamedTuple

import anyio
from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.channels.web.auth import WithShopper
from bot.channels.web.schemas import ChatLine
from bot.channels.web.serialize import Lines
from bot.http import Problem, WebContext, WithContext, address_of, documented
from feedback.db import StoreUnreadable

MAX_EVENT_ID = 2**63 - 1

router = APIRouter(prefix="/api/chat", tags=["chat"])


class NewTurns(NamedTuple):
    """What a look into the store found."""

    state: str
    lines: list[ChatLine]
    attention: str = ""  # JSON: whether the staff type, and how far they have read


class EventStream(StreamingResponse):
    """A stream that is counted until it ends, also where it never began."""

    def __init__(self, ended: Callable[[], None], *content: Any, **more: Any) -> None:
        """`ended` is called once."""
        super().__init__(*content, **more)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={
        **documented(401, 403, 404, 422, 429, 503),
        200: {
            "description": "`turn` events (their id is the turn's number) and `state` events.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def events(
    request: Request,
    context: WithContext,
    shopper: WithShopper,
    last_event_id: Annotated[str | None, Header(max_length=40)] = None,
) -> StreamingResponse:
    """Stream the dialogue's turns and states as server-sent events, from `Last-Event-ID` on."""
    seen, address = _event_id(last_event_id), address_of(request)
    context.streams.check(address)
    most = context.config.streams_per_dialogue
    if context.notifier.count(shopper.dialogue_id) >= most:
        raise Problem(
            "too-many-requests",
            f"{most} streams of this dialogue are open; close a tab.",
            {"Retry-After": "30"},
        )
    first = await _look(context, shopper.dialogue_id, seen)
    if first is None:
        raise Problem("unknown-dialogue", "The dialogue is gone; POST /api/chat/sessions.")
    context.streams.take(address)
    return EventStream(
        partial(context.streams.give_back, address),
        _stream(context, shopper.dialogue_id, seen, first),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(
    context: WebContext, dialogue_id: str, seen: int, first: NewTurns
) -> AsyncIterator[str]:
    config = context.config
    loop = asyncio.get_running_loop()
    ends, beats = loop.time() + config.stream_seconds, loop.time() + config.heartbeat_seconds
    looks = loop.time() + config.safety_seconds
    news: NewTurns | None = first
    state, attention = "", ""
    context.metrics.streams.inc()
    try:
        with context.notifier.listening(dialogue_id) as woken:
            context.watch.ensure()
            woken.set()  # for what was written between the first look and this
            yield "retry: 2000\n\n"
            while news is not None and loop.time() < ends:
                for line in news.lines:
                    seen = line.message_id
                    yield f"id: {seen}\nevent: turn\ndata: {line.model_dump_json()}\n\n"
                if news.state != state:
                    state = news.state
                    yield f'event: state\ndata: {{"state": "{state}"}}\n\n'
                if news.attention not in ("", attention):
                    attention = news.attention
                    yield f"event: attention\ndata: {attention}\n\n"
                if loop.time() >= beats:
                    beats = loop.time() + config.heartbeat_seconds
                    yield ": still here\n\n"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), max(0, min(beats, ends) - loop.time()))
                if not woken.is_set() and loop.time() < looks:
                    news = NewTurns(state, [])
                    continue
                woken.clear()  # before the look: what is written during it wakes us again
                looks = loop.time() + config.safety_seconds
                try:
                    news = await _look(context, dialogue_id, seen)
                except StoreUnreadable:
                    # The line stays open: if all came again, that would not bring the store back.
                    news = NewTurns(state, [])
                    woken.set()
                    await asyncio.sleep(config.look_again_seconds)
    finally:
        context.metrics.streams.dec()


async def _look(context: WebContext, dialogue_id: str, seen: int) -> NewTurns | None:
    def look() -> NewTurns | None:
        dialogue = context.store.dialogue(dialogue_id)
        if dialogue is None:
            return None
        marks = context.attention.of(dialogue_id)
        told = {"typing": marks.typing(context.clock()), "seen": marks.staff}
        lines = Lines(context).after(dialogue_id, seen)
        return NewTurns(dialogue.state, lines, json.dumps(told))

    return await anyio.to_thread.run_sync(look, limiter=context.stream_threads)


def _event_id(text: str | None) -> int:
    if not text:
        return 0
    if not text.isdecimal() or not text.isascii() or int(text) > MAX_EVENT_ID:
        raise Problem(
            "invalid", f"Last-Event-ID is {text!r}; send the id of an event, or leave it out."
        )
    return int(text)
