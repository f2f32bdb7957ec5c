"""Modals of cards, of the daily review and of shoppers. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import MAX_OPTION, Block, plain, section
from bot.channels.slack.modal_parts import MAX_ANSWER, MAX_OPTIONS, modal, option, text_input
from bot.channels.slack.text import escape_within
from bot.languages import HomePhrases


def edit_modal(about: Mapping[str, Any], question: str, text: str) -> Block:
    """Change a text, then send it to the shopper."""
    return modal(
        action_ids.EDIT_MODAL,
        "Answer the shopper",
        "Send",
        about,
        [
            section(f"*Shopper:* {escape_within(' '.join(question.split()), 900) or '…'}"),
            text_input("text", "Your answer", text, "What the shopper will read."),
        ],
    )


def correct_modal(about: Mapping[str, Any], question: str) -> Block:
    """Name the reply that would have been right; it is found by typing."""
    choose: Block = {
        "type": "input",
        "block_id": "reply",
        "label": plain("The reply that would have been right"),
        "hint": plain("Type a part of its name or of its words.", 150),
        "element": {"type": "external_select", "action_id": "value", "min_query_length": 0},
    }
    asked = section(f"*Shopper:* {escape_within(' '.join(question.split()), 900) or '…'}")
    return modal(action_ids.CORRECT_MODAL, "What was right?", "Correct", about, [asked, choose])


def found_replies(
    replies: Collection[tuple[str, str]], typed: str, *, without: str = ""
) -> list[Block]:
    """The options for what was typed: replies whose name or words hold all of its words.

    >>> found_replies([("gift_wrap", "We wrap gifts."), ("returns", "Send it.")], "WRAP gift")
    [{'text': {'type': 'plain_text', 'text': 'gift_wrap · We wrap gifts.', 'emoji': True}, \
'value': 'gift_wrap'}]
    """
    words = typed.casefold().split()
    found = {
        reply_id: f"{reply_id} · {' '.join(text.split())}"
        for reply_id, text in sorted(replies, reverse=True)
        if reply_id != without and len(reply_id) <= MAX_OPTION
        and all(word in f"{reply_id} {text}".casefold() for word in words)
    }  # fmt: skip
    return [option(title, reply_id) for reply_id, title in sorted(found.items())][:MAX_OPTIONS]


def ask_modal(about: Mapping[str, Any], words: HomePhrases, shop: str, send: str) -> Block:
    """A question of a shopper's, asked from their home page."""
    title = words.title.format(shop=shop)
    field = text_input("text", words.question, "", "", limit=MAX_ANSWER)
    return modal(action_ids.ASK_MODAL, title, send, about, [field])


def comment_modal(about: Mapping[str, Any], title: str, label: str, send: str) -> Block:
    """The shopper says what was wrong; `title`, `label` and `send` in their language."""
    return modal(
        action_ids.COMMENT_MODAL,
        title,
        send,
        about,
        [text_input("text", label, "", "", limit=1_000)],
    )
