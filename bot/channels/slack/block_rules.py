"""Checks Block Kit against Slack's documented limits, before Slack does: places, lengths, counts.

Slack refuses a whole message for one character too many, and no test peer does. The limits are
those of docs.slack.dev/reference/block-kit; a block or an element that is not listed here is one
that we do not send.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from bot.channels.slack.element_rules import (
    MAX_ID,
    Part,
    count_rules,
    element_rules,
    elements_rules,
    image_rules,
    length_rules,
    plain_rules,
    repeated_rules,
    text_rules,
)

Surface = Literal["message", "modal", "home"]

MAX_BLOCKS: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}
MAX_ALL: Final = 13_200  # of a message; not documented: more is `msg_blocks_too_long`
MAX_METADATA: Final = 3_000  # of a modal's private_metadata
MAX_TABLE: Final = 10_000  # characters of all cells
EVERYWHERE: Final = ("message", "modal", "home")
PLACES: Final[Mapping[str, Sequence[str]]] = {
    "actions": EVERYWHERE,
    "alert": ("modal",),
    "card": ("message",),
    "carousel": ("message",),
    "context": EVERYWHERE,
    "context_actions": ("message",),
    "data_visualization": ("message",),
    "divider": EVERYWHERE,
    "header": EVERYWHERE,
    "image": EVERYWHERE,
    "input": EVERYWHERE,
    "markdown": ("message",),
    "section": EVERYWHERE,
    "table": ("message",),
}
OF_ACTIONS: Final = (
    "button", "checkboxes", "datetimepicker", "external_select", "overflow", "radio_buttons",
    "static_select", "users_select",
)  # fmt: skip
OF_INPUT: Final = (
    "checkboxes", "datetimepicker", "external_select", "file_input", "plain_text_input",
    "radio_buttons", "static_select", "users_select",
)  # fmt: skip
OF_SECTION: Final = (*OF_ACTIONS, "image")


class BrokenView(Exception):
    """A modal or a home page that Slack would refuse; the message says why."""


def broken_rules(blocks: Sequence[Part], surface: Surface) -> list[str]:
    """Which of Slack's rules these blocks break, in words; [] where Slack takes them.

    >>> broken_rules([{"type": "alert", "text": {"type": "mrkdwn", "text": "!"}}], "message")
    ['0 alert: not on a message']
    """
    found = [f"{n} {b.get('type')}: {words}" for n, b in enumerate(blocks)
             for words in _of_block(b, surface)]  # fmt: skip
    if len(blocks) > MAX_BLOCKS[surface]:
        found.append(f"{len(blocks)} blocks, at most {MAX_BLOCKS[surface]}")
    found += repeated_rules("block_id", [b["block_id"] for b in blocks if "block_id" in b])
    if sum(block.get("type") == "table" for block in blocks) > 1:
        found.append("more than one table")
    if sum(block.get("type") == "data_visualization" for block in blocks) > 2:
        found.append("more than two charts")
    if surface == "message" and (size := characters(blocks)) > MAX_ALL:
        found.append(f"{size} characters in all, at most {MAX_ALL}")
    return found


def broken_view_rules(view: Part) -> list[str]:
    """The same of a modal or a home page."""
    surface: Surface = "home" if view.get("type") == "home" else "modal"
    blocks = view.get("blocks") or []
    found = [] if blocks else ["no blocks"]
    found += length_rules("private_metadata", view.get("private_metadata"), MAX_METADATA)
    found += length_rules("callback_id", view.get("callback_id"), MAX_ID)
    if surface == "modal":
        found += plain_rules("title", view.get("title"), 24)
        for name in ("submit", "close"):
            found += plain_rules(name, view[name], 24) if name in view else []
        if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
            found.append("an input without submit")
    return found + broken_rules(blocks, surface)


def checked_view(view: dict[str, Any]) -> dict[str, Any]:
    """The view, looked at before Slack does.

    Raises:
        BrokenView: it breaks a rule.
    """
    if broken := broken_view_rules(view):
        raise BrokenView("; ".join(broken))
    return view


def characters(value: Any) -> int:
    """How many characters of text and addresses a block holds."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(characters(part) for part in value.values())
    if isinstance(value, Sequence):
        return sum(characters(part) for part in value)
    return 0


def _of_block(block: Part, surface: Surface) -> Iterator[str]:
    kind = str(block.get("type"))
    if kind not in PLACES:
        yield "not a block that we know"
        return
    if surface not in PLACES[kind]:
        yield f"not on a {surface}"
    yield from length_rules("block_id", block.get("block_id"), MAX_ID)
    yield from _BLOCKS[kind](block)


def _actions(block: Part) -> Iterator[str]:
    yield from elements_rules(block, 25, OF_ACTIONS)
    ids = [each["action_id"] for each in block.get("elements", []) if "action_id" in each]
    yield from repeated_rules("action_id", ids)


def _context_actions(block: Part) -> Iterator[str]:
    yield from elements_rules(block, 5, ("feedback_buttons", "icon_button"))


def _context(block: Part) -> Iterator[str]:
    elements = block.get("elements") or []
    yield from count_rules("elements", elements, 1, 10)
    for each in elements:
        yield from (
            image_rules(each) if each.get("type") == "image" else text_rules("element", each, 3_000)
        )


def _section(block: Part) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "neither text nor fields"
    if "text" in block:
        yield from text_rules("text", block["text"], 3_000)
    if "fields" in block:
        yield from count_rules("fields", block["fields"], 1, 10)
        for each in block["fields"]:
            yield from text_rules("field", each, 2_000)
    if "accessory" in block:
        yield from element_rules(block["accessory"], OF_SECTION)


def _header(block: Part) -> Iterator[str]:
    yield from plain_rules("text", block.get("text"), 150)


def _input(block: Part) -> Iterator[str]:
    yield from plain_rules("label", block.get("label"), 2_000)
    if "hint" in block:
        yield from plain_rules("hint", block["hint"], 2_000)
    yield from element_rules(block.get("element") or {}, OF_INPUT)


def _markdown(block: Part) -> Iterator[str]:
    yield from length_rules("text", block.get("text"), 12_000, least=1)


def _table(block: Part) -> Iterator[str]:
    rows = block.get("rows") or []
    yield from count_rules("rows", rows, 1, 100)
    for row in rows:
        yield from count_rules("cells", row, 1, 20)
        for cell in row:
            if cell.get("type") not in ("raw_text", "rich_text"):
                yield f"a cell of type {cell.get('type')}"
            elif cell.get("type") == "raw_text":
                yield from length_rules("cell", cell.get("text"), MAX_TABLE, least=1)
    yield from count_rules("column_settings", block.get("column_settings") or [], 0, 20)
    if characters([[cell.get("text") for cell in row] for row in rows]) > MAX_TABLE:
        yield f"more than {MAX_TABLE} characters in its cells"


def _card(block: Part) -> Iterator[str]:
    if not {"hero_image", "title", "body", "actions"} & set(block):
        yield "nothing on it"
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        if name in block:
            yield from text_rules(name, block[name], most)
    if "hero_image" in block:
        yield from image_rules(block["hero_image"])
    for each in block.get("actions") or []:
        yield from element_rules(each, ("button",))


def _carousel(block: Part) -> Iterator[str]:
    cards = block.get("elements") or []
    yield from count_rules("elements", cards, 1, 10)
    for card in cards:
        yield from _card(card)


def _chart(block: Part) -> Iterator[str]:
    """A bar chart; of others we draw none."""
    yield from length_rules("title", block.get("title"), 50, least=1)
    chart = block.get("chart") or {}
    if chart.get("type") != "bar":
        yield f"a chart of type {chart.get('type')}"
        return
    series = chart.get("series") or []
    categories = (chart.get("axis_config") or {}).get("categories") or []
    yield from count_rules("series", series, 1, 6)
    yield from count_rules("categories", categories, 1, 20)
    for each in series:
        labels = [point.get("label") for point in each.get("data") or []]
        yield from length_rules("series", each.get("name"), 20, least=1)
        if labels != categories:
            yield "points that are not the categories"
        for label in labels:
            yield from length_rules("label", label, 20, least=1)


def _alert(block: Part) -> Iterator[str]:
    yield from text_rules("text", block.get("text"), 3_000)


def _divider(_: Part) -> Iterator[str]:
    yield from ()


_BLOCKS: Final[Mapping[str, Callable[[Part], Iterator[str]]]] = {
    "actions": _actions,
    "alert": _alert,
    "card": _card,
    "carousel": _carousel,
    "context": _context,
    "context_actions": _context_actions,
    "data_visualization": _chart,
    "divider": _divider,
    "header": _header,
    "image": image_rules,
    "input": _input,
    "markdown": _markdown,
    "section": _section,
    "table": _table,
}
