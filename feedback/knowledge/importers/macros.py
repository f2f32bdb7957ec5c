"""Reads the saved replies of helpdesks (macros, canned responses) as replies of our book.

Their placeholders become our slots where we can look the value up; a customer's name is left out,
since the clerk never names people; anything else is for a person to write anew.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from feedback.knowledge.importers.fields import list_or_nothing, object_of
from feedback.knowledge.importers.html_text import plain_text
from feedback.knowledge.importers.records import BadShape, ReplyLine
from feedback.languages import script_of

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}|\{%[^%]*%\}")
# What a placeholder's name says → our slot; the first that occurs holds. "" leaves it out.
MEANINGS: Final = (
    (re.compile(r"tracking", re.I), "{order.tracking}"),
    (re.compile(r"order.*(number|name|id)\b|order_number", re.I), "{order.number}"),
    (re.compile(r"order.*(status|fulfil)", re.I), "{order.status}"),
    (re.compile(r"order.*(total|price)", re.I), "{order.total}"),
    (re.compile(r"order.*(created|date)", re.I), "{order.placed_on}"),
    (re.compile(r"refund.*amount", re.I), "{order.refunded}"),
    (re.compile(r"name|signature", re.I), ""),
)


def is_macro(fields: Mapping[str, Any]) -> bool:
    """Whether a line is a helpdesk's saved reply and not one of ours."""
    return "reply_id" not in fields and any(
        key in fields for key in ("actions", "short_code", "content", "body_text", "body")
    )


def reply_from_macro(fields: Mapping[str, Any]) -> ReplyLine:
    """A reply from a macro of Zendesk, Gorgias or Intercom, a canned response of the others.

    Raises:
        BadShape: it says nothing, or holds a placeholder we can not fill.
    """
    title = fields.get("title") or fields.get("name") or fields.get("short_code")
    text = with_our_slots(_text(fields).strip())
    if not text:
        raise BadShape("the macro sends no text")
    reply_id = re.sub(r"\W+", "_", str(title or fields.get("id") or text[:40])).strip("_").lower()
    return ReplyLine(reply_id or "macro", text, _locale(fields, text))


def with_our_slots(text: str) -> str:
    """The text with our slots for their placeholders.

    >>> with_our_slots("Hi {{ticket.requester.first_name}}, order {{order.number}} is on its way.")
    'Hi, order {order.number} is on its way.'

    Raises:
        BadShape: there is one we can not fill.
    """

    def ours(match: re.Match[str]) -> str:
        name = match[1] or match[0]
        for meaning, slot in MEANINGS:
            if meaning.search(name):
                return slot
        raise BadShape(f"it holds {match[0]!r:.60}, which nothing here fills; write it in words")

    filled = PLACEHOLDER.sub(ours, text)
    return re.sub(r"[ \t]+([,.!?:;，。！？])", r"\1", filled).strip()


def _text(fields: Mapping[str, Any]) -> str:
    for action in (object_of(one, "an action") for one in list_or_nothing(fields, "actions")):
        if action.get("field") in ("comment_value", "comment_value_html"):  # Zendesk
            value = action.get("value")
            return plain_text(str(value[-1] if isinstance(value, list) else value))
        if action.get("name") == "setResponseText":  # Gorgias
            arguments = object_of(action.get("arguments") or {}, "arguments")
            return str(arguments.get("body_text") or plain_text(str(arguments.get("body_html"))))
    for key in ("content", "body_text"):
        if isinstance(fields.get(key), str):
            return str(fields[key])
    return plain_text(str(fields.get("body") or ""))


def _locale(fields: Mapping[str, Any], text: str) -> str:
    named = fields.get("locale") or fields.get("language")
    if isinstance(named, str) and named:
        return named.split("-")[0].lower()
    return script_of(text) or "en"
