"""Modals of an order action's card: decline with words, approve a part. Pure."""

import json
from collections.abc import Sequence

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import Block, plain

MAX_WORDS = 1_000


def decline_modal(run_id: str, channel: str, thread_ts: str) -> Block:
    """Why it is declined, in words the shopper reads."""
    hint = "The shopper reads this behind: a colleague looked at it and declined."
    words = _words("Words for the shopper", hint)
    return _modal(
        action_ids.DECLINE_MODAL, "Decline", "Decline", (run_id, channel, thread_ts), [words]
    )


def change_modal(run_id: str, channel: str, thread_ts: str, pieces: Sequence[str]) -> Block:
    """Which of the pieces it is done with; the shopper is asked for their yes to that."""
    options = [
        {"text": plain(piece, 75), "value": str(place)} for place, piece in enumerate(pieces)
    ][:10]
    boxes: Block = {
        "type": "input",
        "block_id": "keep",
        "label": plain("What we do"),
        "hint": plain("Untick what we do not. The shopper is asked for their yes.", 150),
        "element": {
            "type": "checkboxes",
            "action_id": "value",
            "options": options,
            "initial_options": options,
        },
    }
    words = _words("Why, for the shopper", "")
    return _modal(
        action_ids.CHANGE_MODAL,
        "Approve with change",
        "Offer this",
        (run_id, channel, thread_ts),
        [boxes, words],
    )


def _words(label: str, hint: str) -> Block:
    made: Block = {
        "type": "input",
        "block_id": "text",
        "label": plain(label),
        "optional": True,
        "element": {
            "type": "plain_text_input",
            "action_id": "value",
            "multiline": True,
            "max_length": MAX_WORDS,
        },
    }
    return made | ({"hint": plain(hint, 150)} if hint else {})


def _modal(
    callback_id: str, title: str, submit: str, about: tuple[str, str, str], blocks: list[Block]
) -> Block:
    run_id, channel, thread_ts = about
    kept = {"run_id": run_id, "channel": channel, "thread_ts": thread_ts}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Cancel", 24),
        "private_metadata": json.dumps(kept),
        "blocks": blocks,
    }
