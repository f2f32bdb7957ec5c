"""Reads Shopify's metafields of text as HTML: lines, lists, and its rich text. Pure."""

import json
from html import escape
from typing import Any, Final

ELEMENTS: Final = {"paragraph": "p", "list-item": "li", "root": "div"}


def metafield_html(kind: str, value: str) -> str:
    """A metafield's text as HTML; "" where it is no text.

    >>> metafield_html("multi_line_text_field", "Wash cold.\\nDry flat.")
    '<p>Wash cold.</p><p>Dry flat.</p>'
    >>> metafield_html("list.single_line_text_field", '["Cotton", "Wool"]')
    '<ul><li>Cotton</li><li>Wool</li></ul>'
    >>> metafield_html("number_integer", "3")
    ''
    """
    if kind in ("single_line_text_field", "multi_line_text_field"):
        return "".join(f"<p>{escape(line)}</p>" for line in value.splitlines() if line.strip())
    if kind not in ("list.single_line_text_field", "rich_text_field"):
        return ""
    try:
        told = json.loads(value)
        if kind == "rich_text_field":
            return _element(told)
        return f"<ul>{''.join(f'<li>{escape(str(one))}</li>' for one in told)}</ul>"
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ""


def _element(node: dict[str, Any]) -> str:
    """A node of Shopify's rich text.

    >>> text = [{"type": "text", "value": "Wash "}, {"type": "text", "value": "cold", "bold": True}]
    >>> _element({"type": "root", "children": [{"type": "paragraph", "children": text}]})
    '<div><p>Wash cold</p></div>'
    """
    kind = node.get("type")
    if kind == "text":
        return escape(str(node.get("value", "")))
    inner = "".join(_element(child) for child in node.get("children", ()))
    if kind == "heading":
        name = "h3"
    elif kind == "list":
        name = "ol" if node.get("listType") == "ordered" else "ul"
    else:
        name = ELEMENTS.get(str(kind), "")
    return f"<{name}>{inner}</{name}>" if name else inner
