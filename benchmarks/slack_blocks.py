"""Slack's blocks drawn as a page of HTML, for the docs' pictures."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

Part = Mapping[str, Any]
STYLE: Final = """
body{margin:0;background:#fff;font:15px/1.46 Lato,"Noto Sans",sans-serif;color:#1d1c1d}
main{width:%dpx;padding:14px 16px;box-sizing:border-box}
.section{display:flex;gap:12px;justify-content:space-between;margin:6px 0;white-space:pre-wrap}
.section>div{min-width:0;overflow-wrap:anywhere}
.context{white-space:pre-wrap;font-size:12px;color:#616061;margin:4px 0}
.actions{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0}
.b{border:1px solid #bbb;border-radius:4px;padding:4px 12px;font-weight:700;font-size:13px;
white-space:nowrap;height:22px;background:#fff}
.primary{background:#007a5a;color:#fff;border-color:#007a5a}
.danger{color:#e01e5a;border-color:#e01e5a}
h1{font-size:18px;margin:6px 0}hr{border:0;border-top:1px solid #ddd}
table{border-collapse:collapse;font-size:13px}td{border:1px solid #ddd;padding:4px 8px}
label{font-weight:700;display:block;margin-top:10px}.field{border:1px solid #bbb;border-radius:4px;
padding:6px 10px;min-height:20px;white-space:pre-wrap}.hint{font-size:12px;color:#616061}
blockquote{margin:0;border-left:4px solid #ddd;padding-left:8px}
code{color:#e01e5a;background:#f6f6f6}
a{color:#1264a3;text-decoration:none}
.title{font-weight:900;font-size:18px;border-bottom:1px solid #ddd}
"""


def page(blocks: Sequence[Part], *, width: int = 560, title: str = "") -> str:
    """Blocks as a page; `title` is a modal's."""
    head = f'<div class="title">{html.escape(title)}</div>' if title else ""
    body = "".join(_block(block) for block in blocks)
    style = STYLE.replace("%d", str(width))
    return f'<meta charset="utf-8"><style>{style}</style><main>{head}{body}</main>'


def _block(block: Part) -> str:
    kind = block["type"]
    if kind == "header":
        return f"<h1>{html.escape(block['text']['text'])}</h1>"
    if kind == "divider":
        return "<hr>"
    if kind == "section":
        accessory = _element(block["accessory"]) if "accessory" in block else ""
        return f'<div class="section"><div>{_text(block["text"])}</div>{accessory}</div>'
    if kind == "context":
        return f'<div class="context">{" ".join(map(_text, block["elements"]))}</div>'
    if kind == "table":
        rows = ("".join(f"<td>{html.escape(c['text'])}</td>" for c in row) for row in block["rows"])
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    if kind == "data_visualization":
        points = block["chart"]["series"][0]["data"]
        most = max(point["value"] for point in points)
        bars = "".join(
            f'<tr><td>{html.escape(p["label"])}</td><td><div style="background:#1264a3;height:14px;'
            f'width:{200 * p["value"] / most:.0f}px"></div></td><td>{p["value"]}</td></tr>'
            for p in points
        )
        return f"<b>{html.escape(block['title'])}</b><table>{bars}</table>"
    if kind == "input":
        hint = f'<div class="hint">{_text(block["hint"])}</div>' if "hint" in block else ""
        return f"<label>{_text(block['label'])}</label>{_element(block['element'])}{hint}"
    return f'<div class="actions">{"".join(map(_element, block["elements"]))}</div>'


def _element(element: Part) -> str:
    kind = element["type"]
    if kind == "button":
        return f'<span class="b {element.get("style", "")}">{_text(element["text"])}</span>'
    if kind == "overflow":
        return '<span class="b">⋯</span>'
    if kind == "checkboxes":
        ticked = element.get("initial_options") or []
        boxes = [("☑" if option in ticked else "☐", option) for option in element["options"]]
        return "".join(f"<div>{box} {_text(option['text'])}</div>" for box, option in boxes)
    if kind == "plain_text_input":
        return f'<div class="field">{html.escape(element.get("initial_value", ""))}</div>'
    if kind == "datetimepicker":
        return '<div class="field">Select a date and time ▾</div>'
    if kind == "radio_buttons":
        return "".join(f"<div>○ {_text(option['text'])}</div>" for option in element["options"])
    chosen = element.get("initial_option") or {"text": element.get("placeholder")}
    shown = _text(chosen["text"]) if chosen["text"] else "Choose an option"
    return f'<div class="field">{shown} ▾</div>'


def _text(text: Part) -> str:
    """A text object; of Slack's markup what we write."""
    said = str(text["text"])
    if text["type"] == "plain_text":
        return html.escape(said)
    said = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", said)
    said = re.sub(r"<(https?://[^|>]+)\|([^>]*)>", r'<a href="\1">\2</a>', said)
    said = re.sub(r"(?m)^&gt;(.*)$|^>(.*)$", r"<blockquote>\1\2</blockquote>", said)
    said = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", said)
    said = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", said)
    return re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"<i>\1</i>", said)
