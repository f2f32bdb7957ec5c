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

log = structlog.get_logger()

TIMEOUT_S: Final = 10  # of one call; Slack answers within one second, nearly always
METADATA: Final = "shopclerk_message"  # the event_type under which our key travels
LOOK_BACK: Final = timedelta(minutes=1)  # clocks differ

# What Slack answers to blocks it does not know, pictures it can not fetch, or too much of both.
REFUSALS: Final = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
# What no second attempt mends.
FOR_GOOD: Final = {
    "message_not_found", "cant_update_message", "edit_window_closed", "is_archived", "msg_too_long",
    "no_text", "user_not_found", "user_not_in_channel", "thread_not_found", "already_reacted",
    "invalid_arguments", "too_many_reactions", "expired_trigger_id", "invalid_trigger_id",
    "cannot_reply_to_message", "messages_tab_disabled", "unknown_method", *REFUSALS,
}  # fmt: skip
ALREADY: Final = {"already_reacted"}  # as good as done


@dataclass(frozen=True)
class Call:
    """A call to make: the Web API's method and its arguments."""

    method: str  # chat_postMessage, chat_update, chat_postEphemeral, reactions_add, respond
    arguments: Mapping[str, Any]

    @property
    def is_post(self) -> bool:
        """Whether doing it twice would be seen."""
        return self.method == "chat_postMessage"


class Result(NamedTuple):
    """What came of a call.

    `arrived`: True it is there, False surely not, None nobody knows. `retry_s` None: no second
    attempt helps.
    """

    arrived: bool | None
    ts: str | None = None
    error: str | None = None
    retry_s: float | None = None


class Caller:
    """Makes calls, richest form first."""

    def __init__(self, client: AsyncWebClient) -> None:
        """`client` must not try again by itself: a post that was answered late would be doubled."""
        self._client = client

    async def make(self, forms: Sequence[Call], key: str) -> Result:
        """Make the first of `forms` that Slack takes."""
        result = Result(False, error="nothing to send")
        for form in forms:
            result = await self._once(form, key)
            if result.error not in REFUSALS:
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

    async def _once(self, call: Call, key: str) -> Result:
        try:
            if call.method == "respond":
                return await self._respond(call.arguments)
            arguments = dict(call.arguments)
            if call.is_post:
                payload = {"key": key}
                arguments["metadata"] = {"event_type": METADATA, "event_payload": payload}
            answer = await getattr(self._client, call.method)(**arguments)
            return Result(True, ts=answer.get("ts") or answer.get("message_ts"))
        except SlackApiError as refusal:
            result = read_refusal(refusal)
            passing = result.error == "ratelimited" or result.arrived is None
            # A whisper or a tick is not worth holding a channel up for.
            small = call.method in ("chat_postEphemeral", "reactions_add")
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


def read_refusal(refusal: SlackApiError) -> Result:
    """What a refusal means."""
    response: Any = refusal.response
    status = getattr(response, "status_code", 200)
    headers = getattr(response, "headers", None) or {}
    said = response.get("error") if hasattr(response, "get") else None
    error = str(said or f"http_{status}")
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return Result(False, error="ratelimited", retry_s=retry_after(headers))
    if status >= 500:
        return Result(None, error=error, retry_s=1)
    if error in ALREADY:
        return Result(True)
    if error in FOR_GOOD:
        return Result(False, error=error)
    if error in ("fatal_error", "internal_error", "service_unavailable", "request_timeout"):
        return Result(None, error=error, retry_s=1)
    # A channel without the bot, a token taken back, a scope that is missing: people mend these,
    # and then what waits is still wanted.
    return Result(False, error=error, retry_s=15)


def retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds Slack asks to wait; 1 where it does not say.

    >>> retry_after({"Retry-After": "30"}), retry_after({})
    (30.0, 1.0)
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    value = lowered.get("retry-after", "1")
    text = str(value[0] if isinstance(value, list) else value)
    return float(text) if text.replace(".", "", 1).isdigit() else 1.0
