"""Receives Slack's events: stored first, then acknowledged, handled later."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.channels.slack import action_ids
from bot.channels.slack.messages import Press, read_edit, read_message, read_press, read_reaction
from feedback.desk import Inbox, Incoming
from feedback.knowledge import loose_text

log = structlog.get_logger()

Body = dict[str, Any]
REACTIONS: Final = ("eyes", "white_check_mark")  # see `staff_events`
AT_ONCE: Final = (*action_ids.OPENS_MODAL, *action_ids.IN_MODAL)
MOST_TOGETHER: Final = 64  # events in one commit


class Receiver:
    """Bolt's first middleware: what can wait goes into the inbox, the rest goes on to listeners."""

    def __init__(
        self, inbox: Inbox, *, clock: Callable[[], datetime], arrived: Callable[[], None]
    ) -> None:
        """`arrived` is called when there is something to work off."""
        self._inbox = inbox
        self._clock = clock
        self._arrived = arrived
        self._together: list[tuple[Incoming, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        # Of its own: with the threads of those at work (six on two cores) an acknowledgement would
        # wait until one of eight answers is done.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slack-door")

    async def __call__(
        self, req: AsyncBoltRequest, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Keep it and acknowledge, or pass it on."""
        body: Body = req.body
        incoming = read_incoming(body, req.context.bot_user_id or "")
        if incoming is not None:
            await self.take(incoming)
            return BoltResponse(status=200, body="")
        if body.get("type") == "event_callback":
            return BoltResponse(status=200, body="")  # not for us: joins, other bots
        return await next_()

    async def take(self, incoming: Incoming) -> None:
        """Keep it; returns once it is committed, and raises where it could not be.

        What comes while a commit is under way is kept with the next one: a thousand events in a
        burst wait for tens of commits, not for a thousand.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._together.append((incoming, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._together:
            batch, self._together = (
                self._together[:MOST_TOGETHER], self._together[MOST_TOGETHER:]
            )  # fmt: skip
            incoming = [each for each, _ in batch]
            try:
                await asyncio.get_running_loop().run_in_executor(
                    self._thread, self._inbox.put_all, incoming, self._clock()
                )
            except Exception as failure:  # not acknowledged: Slack tells it again
                log.exception("slack.not_kept", events=len(batch))
                for _, kept in batch:
                    if not kept.done():
                        kept.set_exception(failure)
                continue
            for _, kept in batch:
                if not kept.done():
                    kept.set_result(None)
            self._arrived()


def read_incoming(body: Mapping[str, Any], bot_user_id: str) -> Incoming | None:
    """What of a payload is to be worked off later; None: nothing, or it must be answered now."""
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, bot_user_id)
    if kind == "block_actions":
        return _action(body)
    if "command" in body and "response_url" in body:
        return _command(body)
    return None


def submission(view: Mapping[str, Any], lane: str, body: Body) -> Incoming:
    """A submitted modal; its view names it."""
    return Incoming(f"view:{view.get('id') or digest(body)}", "submission", lane, "", body)


def told(body: Mapping[str, Any], press: Press, text: str) -> Incoming:
    """Words for who pressed a button that did nothing else, once a press."""
    named = [body.get("trigger_id"), press.action_id, press.user]
    lane = f"{press.channel}:{press.thread_ts}" if press.channel else f"home:{press.user}"
    return Incoming(f"told:{digest(named)}", "told", lane, "", {**press._asdict(), "told": text})


def digest(body: Any) -> str:
    """A name for a payload that has none."""
    packed = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(packed.encode("utf-8", "ignore")).hexdigest()


def _event(body: Mapping[str, Any], bot_user_id: str) -> Incoming | None:
    event = body.get("event") or {}
    key = f"event:{body.get('event_id') or digest(event)}"
    if event.get("type") == "app_home_opened":
        kept = {
            name: loose_text(event.get(name)) for name in ("user", "tab", "channel")
        }  # fmt: skip
        kept["team"] = loose_text(body.get("team_id"))
        lane = f"home:{kept['user']}"
        return Incoming(key, "home", lane, str(event.get("event_ts") or ""), kept)
    if event.get("type") == "reaction_added":
        reaction = read_reaction(body, bot_user_id)
        if reaction is None or reaction.name not in REACTIONS:
            return None
        lane = f"{reaction.channel}:{reaction.ts}"
        return Incoming(key, "reaction", lane, str(event.get("event_ts")), reaction._asdict())
    if edit := read_edit(body, bot_user_id):
        return Incoming(key, "edit", f"{edit.channel}:{edit.thread_ts}", edit.at, edit._asdict())
    message = read_message(body, bot_user_id)
    if message is None:
        return None
    lane = f"{message.channel}:{message.thread_ts}"
    return Incoming(key, "message", lane, message.ts, message._asdict())


def _action(body: Mapping[str, Any]) -> Incoming | None:
    press = read_press(body)
    if press is None or press.action_id.startswith(AT_ONCE):
        return None
    actions = body.get("actions") or [{}]
    named = [body.get("trigger_id"), actions[0].get("action_ts"), press.action_id, press.user]
    lane = f"{press.channel}:{press.thread_ts}" if press.channel else f"home:{press.user}"
    sort = loose_text(actions[0].get("action_ts"))
    return Incoming(f"action:{digest(named)}", "action", lane, sort, press._asdict())


def _command(body: Mapping[str, Any]) -> Incoming:
    kept = {
        name: loose_text(body.get(name))
        for name in ("team_id", "channel_id", "user_id", "user_name", "text", "response_url")
    }
    key = f"command:{body.get('trigger_id') or digest(dict(body))}"
    return Incoming(key, "command", f"command:{kept['user_id']}", "", kept)
