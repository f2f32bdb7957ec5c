"""Parts of modals: the form itself, fields of text, entries of menus; what was filled in. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.channels.slack.blocks import Block, plain

MAX_ANSWER: Final = 3_000  # characters a text field of Slack takes
MAX_NAME: Final = 60
MAX_OPTIONS: Final = 100  # of a menu


def modal(
    callback_id: str, title: str, submit: str, about: Mapping[str, Any], blocks: list[Block]
) -> Block:
    """A form: what it is about travels with it."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Cancel", 24),
        "private_metadata": json.dumps(dict(about)),
        "blocks": blocks,
    }


def text_input(
    block_id: str, label: str, text: str, hint: str, *, limit: int = MAX_ANSWER
) -> Block:
    """A field for several lines."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": True,
        "max_length": limit,
    }
    if text:
        element["initial_value"] = text[:limit]
    made: Block = {
        "type": "input", "block_id": block_id, "label": plain(label), "element": element
    }  # fmt: skip
    return made | ({"hint": plain(hint, 150)} if hint else {})


def line_input(block_id: str, label: str, hint: str, text: str) -> Block:
    """A field for a name."""
    element: Block = {"type": "plain_text_input", "action_id": "value", "max_length": MAX_NAME}
    if text:
        element["initial_value"] = text[:MAX_NAME]
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "hint": plain(hint, 150),
        "element": element,
    }


def option(title: str, value: str) -> Block:
    """An entry of a menu."""
    return {"text": plain(title), "value": value}


def read_about(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a modal was about; {} where it says nothing readable."""
    try:
        about = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return about if isinstance(about, dict) else {}


def read_field(view: Mapping[str, Any], block_id: str) -> str:
    """What was written or chosen in a field."""
    values = (view.get("state") or {}).get("values") or {}
    field = (values.get(block_id) or {}).get("value") or {}
    chosen = field.get("selected_option") or {}
    return str(field.get("value") or chosen.get("value") or "").strip()


def read_ticks(view: Mapping[str, Any], block_id: str) -> list[str]:
    """Which boxes were ticked."""
    values = (view.get("state") or {}).get("values") or {}
    field = (values.get(block_id) or {}).get("value") or {}
    return [str(option.get("value")) for option in field.get("selected_options") or []]
