"""API documentation page, made from the OpenAPI document; loads no script."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.http.problems import KINDS
from bot.http.templates import render

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


class Operation(NamedTuple):
    """One thing that can be asked of the API."""

    method: str
    path: str
    summary: str
    fields: list[tuple[str, str, bool]]  # name, kind, required
    answers: list[tuple[str, str]]  # status, meaning


@router.get("/api/docs")
async def explained(request: Request) -> str:
    """Every operation and every kind of problem."""
    schema = request.app.openapi()
    return render(
        request, "api.html", operations=list(operations(schema)), kinds=sorted(KINDS.items())
    )


def operations(schema: dict[str, Any]) -> Iterator[Operation]:
    """The operations of an OpenAPI document, in its order."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield Operation(
                method=method.upper(),
                path=path,
                summary=operation.get("description") or operation.get("summary", ""),
                fields=list(_fields(schema, operation)),
                answers=[
                    (status, answer["description"])
                    for status, answer in sorted(operation["responses"].items())
                ],
            )


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for parameter in operation.get("parameters", []):
        yield f"{parameter['name']} ({parameter['in']})", "string", parameter.get("required", False)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = _resolved(schema, content.get("schema", {}))
        for name, field in body.get("properties", {}).items():
            yield name, _kind(field), name in body.get("required", [])


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    for option in part.get("anyOf", []):
        if "$ref" in option:
            part = option
    reference = part.get("$ref")
    if reference is None:
        return part
    found: dict[str, Any] = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return found


def _kind(field: dict[str, Any]) -> str:
    options = field.get("anyOf", [field])
    return " or ".join(
        "/".join(map(str, option["enum"]))
        if "enum" in option
        else str(option.get("type", "object"))
        for option in options
    )
