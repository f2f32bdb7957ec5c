"""RFC 9457 problem documents: every error says what is wrong, with which value, and what to do.

A person's browser gets the same words as a page; programs get JSON.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.http.templates import render
from feedback.db import StoreUnreadable
from feedback.redaction import kept_page

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
SECRETS: Final = ("password", "token", "secret")  # fields whose wrong value is not repeated
SHOWN_CHARS: Final = 60  # of a wrong value; enough to recognise it
ANYWHERE: Final = (413, 500)  # what any request may meet
# What programs read: always JSON, whatever they say they accept.
PROGRAM_PATHS: Final = ("/api/", "/webhooks/", "/slack/", "/demo/quote", "/healthz", "/readyz")


class ProblemKind(NamedTuple):
    """A kind of problem: its status and its title, the same each time it happens."""

    status: int
    title: str


KINDS: Final[dict[str, ProblemKind]] = {
    "not-json": ProblemKind(400, "The body is not JSON"),
    "bad-request": ProblemKind(400, "The request cannot be read"),
    "no-token": ProblemKind(401, "A session token is needed"),
    "bad-token": ProblemKind(401, "The session token is not valid"),
    "bad-signature": ProblemKind(401, "The signature does not match"),
    "origin-not-allowed": ProblemKind(403, "This site may not embed the chat"),
    "not-yours": ProblemKind(403, "This belongs to another shopper"),
    "owners-only": ProblemKind(403, "Only an owner may do this"),
    "form-expired": ProblemKind(403, "The form has expired"),
    "not-found": ProblemKind(404, "There is nothing here"),
    "unknown-dialogue": ProblemKind(404, "The dialogue is not known"),
    "unknown-impression": ProblemKind(404, "The reply is not known"),
    "unknown-file": ProblemKind(404, "The file is not known"),
    "bad-link": ProblemKind(404, "The link is not valid"),
    "method-not-allowed": ProblemKind(405, "The method is not allowed here"),
    "action-decided": ProblemKind(409, "The action was decided already"),
    "action-unchanged": ProblemKind(422, "The action was not changed"),
    "model-refused": ProblemKind(409, "The model did not do it"),
    "too-slow": ProblemKind(408, "The request did not come in time"),
    "client-id-reused": ProblemKind(409, "The client_id was used for another message"),
    "too-many-files": ProblemKind(409, "The dialogue holds too many files"),
    "too-large": ProblemKind(413, "The body is too large"),
    "not-json-type": ProblemKind(415, "The body must be sent as JSON"),
    "file-kind": ProblemKind(415, "This kind of file is not taken"),
    "file-broken": ProblemKind(422, "The file cannot be read"),
    "file-unsafe": ProblemKind(422, "The file is not safe"),
    "invalid": ProblemKind(422, "A value is not as it should be"),
    "too-many-requests": ProblemKind(429, "Too many requests"),
    "too-many-connections": ProblemKind(429, "Too many connections"),
    "head-too-large": ProblemKind(431, "The request's head is too large"),
    "server-error": ProblemKind(500, "Something went wrong on our side"),
    "busy": ProblemKind(503, "Too much arrives at once"),
    "clerk-away": ProblemKind(503, "The clerk cannot answer right now"),
    "file-unchecked": ProblemKind(503, "Files cannot be checked right now"),
    "full": ProblemKind(503, "All connections are taken"),
    "store-away": ProblemKind(503, "The store cannot be reached"),
    "not-configured": ProblemKind(503, "This is not set up"),
}


class Problem(HTTPException):
    """Something the sender can mend; `detail` names the value and the remedy."""

    def __init__(self, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.kind = kind
        super().__init__(KINDS[kind].status, detail, dict(headers) if headers else None)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """A route's error responses, for OpenAPI."""
    return {
        status: {
            "description": "; ".join(
                kind.title for kind in KINDS.values() if kind.status == status
            ),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, *ANYWHERE})
    }


PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Address of an explanation.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "The wrong value, and what to do."},
        "request_id": {"type": "string", "description": "Quote it when you report the problem."},
    },
}


def problem_response(
    request: Request, kind: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The problem as JSON, or as a page for a person's browser."""
    status, title = KINDS[kind]
    request_id = request.scope.get("state", {}).get("request_id", "")
    if _is_person(request):
        page = render(
            request,
            "problem.html",
            title=title,
            status=status,
            detail=detail,
            request_id=request_id,
        )
        return HTMLResponse(page, status, headers)
    body = {
        "type": f"/api/docs#{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": request_id,
    }
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have `app` answer every foreseen failure with a problem; `crashed` answers the others."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(StoreUnreadable, _on_store_away)


async def _on_problem(request: Request, error: Any) -> Response:
    return problem_response(request, error.kind, error.detail, error.headers)


async def _on_invalid(request: Request, error: Any) -> Response:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return problem_response(
            request, "not-json", f"Not JSON: {first['ctx']['error']}. Send one JSON object."
        )
    where = ".".join(str(part) for part in first["loc"] if part != "body") or "the body"
    said = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "missing":
        return problem_response(request, "invalid", f"{where} is missing; the request needs it.")
    is_secret = any(word in where for word in SECRETS)
    value = "(not shown)" if is_secret else shown(first.get("input"))
    return problem_response(request, "invalid", f"{where} is {value}: {said}.")


async def _on_http(request: Request, error: Any) -> Response:
    path = request.url.path
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"{shown(path)} does not exist. The addresses are listed at /api/docs."
        return problem_response(request, "not-found", detail)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "another method")
        detail = f"{request.method} is not possible at {shown(path)}; use {allowed}."
        return problem_response(request, "method-not-allowed", detail, error.headers)
    detail = f"{error.detail}. Send UTF-8 JSON as described at /api/docs."
    return problem_response(request, "bad-request", detail, error.headers)


async def _on_store_away(request: Request, error: Exception) -> Response:
    log.error("store.away", path=kept_page(request.url.path), error=str(error))
    detail = "Nothing was recorded. Send it again in a moment; the log says what to mend."
    return problem_response(request, "store-away", detail, {"Retry-After": "5"})


def crashed(request: Request, error: Exception) -> Response:
    """The answer to a failure nobody foresaw: a reference, and nothing of the failure itself."""
    path = kept_page(request.url.path)
    log.error("request.crashed", path=path, error=type(error).__name__, exc_info=error)
    detail = "It was logged under this request_id. Try again; if it stays, tell the shop."
    return problem_response(request, "server-error", detail)


def shown(value: object) -> str:
    """A wrong value, short enough for one line."""
    text = ascii(value) if not isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"


def _is_person(request: Request) -> bool:
    if request.url.path.startswith(PROGRAM_PATHS):
        return False
    return "text/html" in request.headers.get("accept", "")
