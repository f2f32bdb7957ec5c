"""Output of commands: text for people, or one JSON object."""

import json
import sys
from typing import Any

import typer


def show(value: Any, *, as_json: bool, text: str | None = None) -> None:
    """Print `value` as one JSON object, else `text`, else a plain listing of it."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False))
    elif text is not None:
        typer.echo(text)
    else:
        typer.echo(_lines(value))


def say(line: str) -> None:
    """Progress goes to standard error."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _lines(value: Any, indent: str = "") -> str:
    """A plain listing of nested figures, one to a line."""
    if isinstance(value, dict):
        rows = [
            f"{indent}{name}:\n{_lines(inner, indent + '  ')}"
            if isinstance(inner, dict | list) and inner
            else f"{indent}{name}: {_figure(inner)}"
            for name, inner in value.items()
        ]
        return "\n".join(rows)
    if isinstance(value, list):
        return "\n".join(
            indent + "  ".join(f"{name}={_figure(inner)}" for name, inner in row.items())
            if isinstance(row, dict)
            else f"{indent}{_figure(row)}"
            for row in value
        )
    return f"{indent}{_figure(value)}"


def _figure(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
