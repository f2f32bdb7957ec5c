"""Parts of modals: the form itself, fields of text, entries of menus. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.channels.slack.blocks import Block, plain

MAX_ANSWER: Final = 3_000  # characters a text field of Slack takes
MAX_NAME: Final = 60


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
