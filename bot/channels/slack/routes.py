"""Slack routes: order, budget and urgency of each message; words first, each method by its rate.

Slack's limits (docs.slack.dev/apis/web-api/rate-limits): about one posted message a second and
channel, with short bursts; other methods so many a minute in the whole workspace: 50 of tier 3
(`chat.update`, `reactions.add`), 100 of tier 4 (`chat.postEphemeral`). A bucket of 10 refilled
40 times a minute never makes more than 50 calls in any minute.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from bot.channels.slack.refusals import Holds
from feedback.desk import Route, Waiting

POST: Final = "chat_postMessage"
UPDATE: Final = "chat_update"
WHISPER: Final = "chat_postEphemeral"
UPLOAD: Final = "files_upload_v2"
REACT: Final = "reactions_add"
RESPOND: Final = "respond"
ALL: Final = "all"  # closed while the token is refused


class _Rate(NamedTuple):
    paces: float  # between two calls, in units of the pace: a second
    burst: int


RATES: Final = {
    POST: _Rate(1, 4),
    UPDATE: _Rate(1.5, 10),
    REACT: _Rate(1.5, 10),
    WHISPER: _Rate(0.75, 25),
    RESPOND: _Rate(0, 1),
    UPLOAD: _Rate(3, 4),  # three calls each, the third of tier 4
}
METHODS: Final = {"whisper": WHISPER, "mark": REACT, "respond": RESPOND, "file": UPLOAD}
# How much later than words, in paces: a new card is somebody who waits, a tick is a nicety.
PATIENCE: Final = {"card": 2, "sheet": 30, "mark": 5}


def slack_route(message: Waiting, pace: timedelta) -> Route:
    """A message's order, budget and urgency.

    Words in a thread go one after another; a card, a whisper or a tick waits for no other message.
    """
    method = method_of(message.kind, message.payload)
    alone = message.thread_ts is None or (message.kind in METHODS and method != UPLOAD)
    rate = RATES[method]
    # A post is counted by its channel, everything else in the whole workspace.
    budget = f"post {message.lane}" if method == POST else method
    return Route(
        order=message.message_key if alone else f"{message.lane}:{message.thread_ts}",
        budget=budget,
        interval=pace * rate.paces,
        burst=rate.burst,
        closed_by=(ALL, budget, method),
        patience=pace * PATIENCE.get(message.kind, 0),
    )


def method_of(kind: str, payload: Mapping[str, Any]) -> str:
    """The Web API's method by which a message is sent; what is shown already is updated."""
    return METHODS.get(kind) or (UPDATE if payload.get("ts") else POST)


def closed_by(holds: Holds, lane: str, method: str) -> str | None:
    """What of `Route.closed_by` an error closes; None: the message alone waits, with its thread."""
    if holds == "channel" and method == POST:
        return f"post {lane}"
    return {"method": method, "all": ALL}.get(holds)
