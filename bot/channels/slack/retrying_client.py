"""Slack API calls with retries: each ends as sent, refused for good, or to be tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.block_rules import broken_rules
from bot.channels.slack.refusals import ALREADY, LIMITED, PLAINER, Holds, refusal_of
from bot.channels.slack.routes import POST, REACT, UPLOAD, WHISPER

log = structlog.get_logger()

TIMEOUT_S: Final = 10  # of one call; Slack answers within one second, nearly always
METADATA: Final = "shopclerk_message"  # the event_type under which our key travels
LOOK_BACK: Final = timedelta(minutes=1)  # clocks differ


@dataclass(frozen=True)
class Call:
    """A call to make: the Web API's method and its arguments."""

    method: str  # chat_postMessage, chat_update, chat_postEphemeral, reactions_add, respond
    arguments: Mapping[str, Any]

    @property
    def is_post(self) -> bool:
        """Whether doing it twice would be seen."""
        return self.method == POST


class Result(NamedTuple):
    """What came of a call.

    `arrived`: True it is there, False surely not, None nobody knows. The rest is `Refusal`'s.
    """

    arrived: bool | None
    ts: str | None = None
    error: str | None = None
    retry_s: float | None = None
    holds: Holds = "message"
    tries: int | None = None


class Caller:
    """Makes calls, richest form first."""

    def __init__(self, client: AsyncWebClient) -> None:
        """`client` must not try again by itself: a post that was answered late would be doubled."""
        self._client = client

    async def make(self, forms: Sequence[Call], key: str) -> Result:
        """Make the first of `forms` that Slack takes; what breaks its rules is not tried."""
        result = Result(False, error="nothing to send")
        for form in filter(None, map(_within_rules, forms)):
            result = await self._once(form, key)
            if result.error not in PLAINER:
                return result
            log.warning("slack.blocks_refused", error=result.error)
        return result

    async def find(
        self, channel: str, thread_ts: str | None, key: str, since: datetime
    ) -> str | None:
        """The name of the message that carries our key, if Slack has it.

        Raises:
            SlackApiError, aiohttp.ClientError, TimeoutError: Slack did not tell.
        """
        oldest = str((since - LOOK_BACK).timestamp())
        options: dict[str, Any] = {
            "channel": channel,
            "oldest": oldest,
            "include_all_metadata": True,
            "limit": 200,
        }
        if thread_ts is None:
            found = await self._client.conversations_history(**options)
        else:
            found = await self._client.conversations_replies(ts=thread_ts, **options)
        for message in found.get("messages") or []:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == key:
                return str(message["ts"])
        return None

    async def find_file(self, upload: Call, since: datetime) -> bool:
        """Whether a thread holds this file of ours already: its name and size.

        Raises:
            SlackApiError, aiohttp.ClientError, TimeoutError: Slack did not tell.
        """
        found = await self._client.conversations_replies(
            channel=upload.arguments["channel"],
            ts=upload.arguments["thread_ts"],
            oldest=str((since - LOOK_BACK).timestamp()),
            limit=200,
        )
        wanted = (upload.arguments["title"], len(upload.arguments["content"]))
        return any(
            (file.get("title"), file.get("size")) == wanted
            for message in found.get("messages") or []
            for file in message.get("files") or []
        )

    async def _once(self, call: Call, key: str) -> Result:
        try:
            if call.method == "respond":
                return await self._respond(call.arguments)
            arguments = dict(call.arguments)
            if call.is_post:
                payload = {"key": key}
                arguments["metadata"] = {"event_type": METADATA, "event_payload": payload}
            answer = await getattr(self._client, call.method)(**arguments)
            # A file's message has a name that Slack does not tell.
            ts = None if call.method == UPLOAD else answer.get("ts") or answer.get("message_ts")
            return Result(True, ts=ts)
        except SlackApiError as refusal:
            result = read_refusal(refusal, call.method)
            passing = result.error == "ratelimited" or result.arrived is None
            # A whisper or a tick is not worth holding anything up for, but for the token.
            small = call.method in (WHISPER, REACT) and result.holds != "all"
            return result if passing or not small else result._replace(retry_s=None)
        except (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError) as error:
            never_left = isinstance(error, aiohttp.ClientConnectorError)
            return Result(False if never_left else None, error=type(error).__name__, retry_s=1)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Result(None, error=type(error).__name__, retry_s=1)

    async def _respond(self, arguments: Mapping[str, Any]) -> Result:
        """To a command's own address, which is good for half an hour."""
        options = dict(arguments)
        webhook = AsyncWebhookClient(options.pop("url"), timeout=TIMEOUT_S)
        answer = await webhook.send(**options)
        if answer.status_code == 200:
            return Result(True)
        if answer.status_code == 429 or answer.status_code >= 500:
            return Result(False, error=f"http_{answer.status_code}", retry_s=2)
        return Result(False, error=f"http_{answer.status_code}")


def _within_rules(form: Call) -> Call | None:
    """The call, where Slack will take its blocks; None: a plainer form is tried."""
    broken = broken_rules(form.arguments.get("blocks") or [], "message")
    if not broken:
        return form
    log.error("slack.blocks_broken", method=form.method, rules=broken[:5])
    return None


def read_refusal(refused: SlackApiError, method: str) -> Result:
    """What a refusal of a call means."""
    response: Any = refused.response
    # An answer that is no JSON is aiohttp's own: its status has another name.
    status: int = getattr(response, "status_code", getattr(response, "status", 200))
    headers = getattr(response, "headers", None) or {}
    said = response.get("error") if hasattr(response, "get") else None
    error = str(said or f"http_{status}")
    if status == 429 or error in LIMITED:
        holds: Holds = "channel" if method == POST else "method"
        return Result(False, error="ratelimited", retry_s=retry_after(headers), holds=holds)
    if status >= 500 or (said is None and status < 400):  # not Slack's words: nobody knows
        return Result(None, error=error, retry_s=1)
    if error in ALREADY:
        return Result(True)
    found = refusal_of(error)
    return Result(found.arrived, None, error, found.retry_s, found.holds, found.tries)


def retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds Slack asks to wait; 1 where it does not say.

    >>> retry_after({"Retry-After": "30"}), retry_after({})
    (30.0, 1.0)
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    value = lowered.get("retry-after", "1")
    text = str(value[0] if isinstance(value, list) else value)
    return float(text) if text.replace(".", "", 1).isdigit() else 1.0
