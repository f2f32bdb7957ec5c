"""docs/settings.md: every setting with its default and what it is, as Markdown."""

from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from shopclerk.settings.groups import GROUPS
from shopclerk.settings.reading import variable

HEAD = """# Settings

Environment variables or a `.env` file. Everything has a default. Lengths of time are written as
ISO 8601 says: `PT24H`, `P7D`. Secrets "made once" are kept next to the database, in files that only
their owner can read. This page is written by `shopclerk settings`.
"""
_TEXT = TypeAdapter(timedelta)


def settings_page() -> str:
    """The page, a table for each group of settings."""
    parts = [HEAD]
    for group in GROUPS:
        title, _, more = (group.__doc__ or "").partition("\n\n")
        parts.append(f"## {title.strip()}\n")
        if more.strip():
            parts.append(" ".join(more.split()) + "\n")
        rows = [_row(name, field) for name, field in group.model_fields.items()]
        parts.append("\n".join(["| setting | default | is |", "| --- | --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{variable(name)}` | {_default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra.get("unset"):
        return str(extra["unset"])
    value: Any = field.default
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{','.join(map(str, value))}`"
    if isinstance(value, timedelta):
        return f"`{_TEXT.dump_python(value, mode='json')}`"
    return f"`{value}`"
