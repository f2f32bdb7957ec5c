"""Slack's requests over HTTP: checks signature and shape before Bolt reads them.

Bolt parses a body before it looks at the signature, and fails at whatever has not Slack's shape:
anybody's `[]` would be a traceback in the log.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request

from bot.http import Problem

MAX_BODY: Final = 1_000_000  # bytes; Slack's payloads have some thousands
TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
# Parts of a payload that are objects, or, some of them, an id alone.
OBJECTS: Final = ("event", "user", "team", "channel", "enterprise", "view", "message", "container")
LISTS: Final = ("authorizations", "actions")


async def read_request(request: Request, verifier: SignatureVerifier) -> AsyncBoltRequest:
    """One of Slack's requests.

    Raises:
        Problem: it is not one, or not signed with our secret.
    """
    body = await request.body()
    if len(body) > MAX_BODY:
        raise Problem("too-large", f"Send at most {MAX_BODY} bytes.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("bad-request", "The body is not UTF-8.") from None
    _check_signature(request, text, verifier)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (JSON, FORM):
        raise Problem("not-json-type", f"Send {JSON} or {FORM}, as Slack does.")
    _check_shape(text, is_json=kind == JSON)
    # Bolt looks for the bare word.
    headers: dict[str, str | Sequence[str]] = {**request.headers, "content-type": kind}
    return AsyncBoltRequest(body=text, query=dict(request.query_params), headers=headers)


def _check_signature(request: Request, text: str, verifier: SignatureVerifier) -> None:
    stamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    well_formed = TIMESTAMP.fullmatch(stamp) and SIGNATURE.fullmatch(signature)
    if not well_formed or not verifier.is_valid(text, stamp, signature):
        raise Problem(
            "bad-signature",
            "X-Slack-Signature is not SLACK_SIGNING_SECRET's for this body and a time of the last"
            " five minutes.",
        )


def _check_shape(text: str, *, is_json: bool) -> None:
    if not is_json:
        text = dict(parse_qsl(text, keep_blank_values=True)).get("payload", "{}")
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem("not-json", "The payload is not JSON that can be read.") from None
    if not isinstance(payload, dict):
        raise Problem("invalid", "The payload is no JSON object.")
    _check_parts(payload)


def _check_parts(payload: dict[str, Any]) -> None:
    for name in OBJECTS:
        if not isinstance(payload.get(name), dict | str | None):
            raise Problem("invalid", f"{name} in the payload is no object.")
    for name in LISTS:
        listed = payload.get(name)
        if listed is not None and not (
            isinstance(listed, list) and all(isinstance(each, dict) for each in listed)
        ):
            raise Problem("invalid", f"{name} in the payload is no list of objects.")
    event = payload.get("event")
    if isinstance(event, str):
        raise Problem("invalid", "event in the payload is no object.")
