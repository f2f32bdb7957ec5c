"""Checks Block Kit against Slack's documented limits, before Slack does: places, lengths, counts.

Slack refuses a whole message for one character too many, and no test peer does. The limits are
those of docs.slack.dev/reference/block-kit; a block or an element that is not listed here is one
that we do not send.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

Surface = Literal["message", "modal", "home"]
Part = Mapping[str, Any]

MAX_BLOCKS: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}
MAX_ALL: Final = 13_200  # of a message; not documented: more is `msg_blocks_too_long`
MAX_ID: Final = 255
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
# Elements whose choices Slack or we give when they are opened.
UNLISTED: Final = ("datetimepicker", "external_select", "file_input", "users_select")


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
    found += _repeated("block_id", [b["block_id"] for b in blocks if "block_id" in b])
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
    found += _length("private_metadata", view.get("private_metadata"), MAX_METADATA)
    found += _length("callback_id", view.get("callback_id"), MAX_ID)
    if surface == "modal":
        found += _plain("title", view.get("title"), 24)
        for name in ("submit", "close"):
            found += _plain(name, view[name], 24) if name in view else []
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
    yield from _length("block_id", block.get("block_id"), MAX_ID)
    yield from _BLOCKS[kind](block)


def _actions(block: Part) -> Iterator[str]:
    yield from _elements(block, 25, OF_ACTIONS)
    ids = [each["action_id"] for each in block.get("elements", []) if "action_id" in each]
    yield from _repeated("action_id", ids)


def _context_actions(block: Part) -> Iterator[str]:
    yield from _elements(block, 5, ("feedback_buttons", "icon_button"))


def _context(block: Part) -> Iterator[str]:
    elements = block.get("elements") or []
    yield from _count("elements", elements, 1, 10)
    for each in elements:
        yield from _image(each) if each.get("type") == "image" else _text("element", each, 3_000)


def _section(block: Part) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "neither text nor fields"
    if "text" in block:
        yield from _text("text", block["text"], 3_000)
    if "fields" in block:
        yield from _count("fields", block["fields"], 1, 10)
        for each in block["fields"]:
            yield from _text("field", each, 2_000)
    if "accessory" in block:
        yield from _element(block["accessory"], OF_SECTION)


def _header(block: Part) -> Iterator[str]:
    yield from _plain("text", block.get("text"), 150)


def _image(block: Part) -> Iterator[str]:
    yield from _length("image_url", block.get("image_url"), 3_000, least=1)
    yield from _length("alt_text", block.get("alt_text"), 2_000, least=1)


def _input(block: Part) -> Iterator[str]:
    yield from _plain("label", block.get("label"), 2_000)
    if "hint" in block:
        yield from _plain("hint", block["hint"], 2_000)
    yield from _element(block.get("element") or {}, OF_INPUT)


def _markdown(block: Part) -> Iterator[str]:
    yield from _length("text", block.get("text"), 12_000, least=1)


def _table(block: Part) -> Iterator[str]:
    rows = block.get("rows") or []
    yield from _count("rows", rows, 1, 100)
    for row in rows:
        yield from _count("cells", row, 1, 20)
        for cell in row:
            if cell.get("type") not in ("raw_text", "rich_text"):
                yield f"a cell of type {cell.get('type')}"
            elif cell.get("type") == "raw_text":
                yield from _length("cell", cell.get("text"), MAX_TABLE, least=1)
    yield from _count("column_settings", block.get("column_settings") or [], 0, 20)
    if characters([[cell.get("text") for cell in row] for row in rows]) > MAX_TABLE:
        yield f"more than {MAX_TABLE} characters in its cells"


def _card(block: Part) -> Iterator[str]:
    if not {"hero_image", "title", "body", "actions"} & set(block):
        yield "nothing on it"
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        if name in block:
            yield from _text(name, block[name], most)
    if "hero_image" in block:
        yield from _image(block["hero_image"])
    for each in block.get("actions") or []:
        yield from _element(each, ("button",))


def _carousel(block: Part) -> Iterator[str]:
    cards = block.get("elements") or []
    yield from _count("elements", cards, 1, 10)
    for card in cards:
        yield from _card(card)


def _chart(block: Part) -> Iterator[str]:
    """A bar chart; of others we draw none."""
    yield from _length("title", block.get("title"), 50, least=1)
    chart = block.get("chart") or {}
    if chart.get("type") != "bar":
        yield f"a chart of type {chart.get('type')}"
        return
    series = chart.get("series") or []
    categories = (chart.get("axis_config") or {}).get("categories") or []
    yield from _count("series", series, 1, 6)
    yield from _count("categories", categories, 1, 20)
    for each in series:
        labels = [point.get("label") for point in each.get("data") or []]
        yield from _length("series", each.get("name"), 20, least=1)
        if labels != categories:
            yield "points that are not the categories"
        for label in labels:
            yield from _length("label", label, 20, least=1)


def _alert(block: Part) -> Iterator[str]:
    yield from _text("text", block.get("text"), 3_000)


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
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "section": _section,
    "table": _table,
}


def _elements(block: Part, most: int, allowed: Sequence[str]) -> Iterator[str]:
    elements = block.get("elements") or []
    yield from _count("elements", elements, 1, most)
    for each in elements:
        yield from _element(each, allowed)


def _element(element: Part, allowed: Sequence[str]) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind not in allowed:
        yield f"no place for {kind}"
        return
    if kind == "image":
        yield from _image(element)
        return
    yield from _length("action_id", element.get("action_id"), MAX_ID, least=1)
    if "placeholder" in element:
        yield from _plain("placeholder", element["placeholder"], 150)
    if "confirm" in element:
        yield from _confirm(element["confirm"])
    if kind in ("button", "icon_button"):
        yield from _button(element)
    elif kind == "feedback_buttons":
        for name in ("positive_button", "negative_button"):
            yield from _button(element.get(name) or {})
    elif kind == "plain_text_input":
        yield from _text_input(element)
    elif kind not in UNLISTED:
        yield from _choices(element, kind)


def _button(button: Part) -> Iterator[str]:
    yield from _plain("button", button.get("text"), 75)
    yield from _length("value", button.get("value"), 2_000)
    yield from _length("url", button.get("url"), 3_000)
    yield from _length("accessibility_label", button.get("accessibility_label"), 75)
    if button.get("style") not in (None, "primary", "danger"):
        yield f"style {button.get('style')}"


def _text_input(element: Part) -> Iterator[str]:
    most = element.get("max_length", 3_000)
    if not 1 <= most <= 3_000:
        yield f"max_length {most}"
    yield from _length("initial_value", element.get("initial_value"), most)


def _choices(element: Part, kind: str) -> Iterator[str]:
    groups = element.get("option_groups")
    options = element.get("options") or []
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(kind, 100)
    if groups is not None:
        yield from _count("option_groups", groups, 1, 100)
        for group in groups:
            yield from _plain("group", group.get("label"), 75)
            yield from _options(group.get("options") or [], most)
        options = [each for group in groups for each in group.get("options") or []]
    else:
        yield from _options(options, most)
    initial = element.get("initial_options") or [element.get("initial_option")]
    for each in initial:
        if each is not None and each not in options:
            yield "what is chosen at first is no option"


def _options(options: Sequence[Part], most: int) -> Iterator[str]:
    yield from _count("options", options, 1, most)
    for each in options:
        yield from _text("option", each.get("text"), 75)
        yield from _length("option's value", each.get("value"), 150, least=1)
        if "description" in each:
            yield from _text("description", each["description"], 75)


def _confirm(confirm: Part) -> Iterator[str]:
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from _text(name, confirm.get(name), most)


def _plain(name: str, text: Any, most: int) -> Iterator[str]:
    if isinstance(text, Mapping) and text.get("type") != "plain_text":
        yield f"{name}: not plain_text"
    yield from _text(name, text, most)


def _text(name: str, text: Any, most: int) -> Iterator[str]:
    if not isinstance(text, Mapping) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{name}: no text object"
        return
    yield from _length(name, text.get("text"), most, least=1)


def _length(name: str, text: Any, most: int, *, least: int = 0) -> Iterator[str]:
    if text is None and least == 0:
        return
    if not isinstance(text, str) or not least <= len(text) <= most:
        size = len(text) if isinstance(text, str) else None
        yield f"{name}: {size} characters, {least} to {most}"


def _count(name: str, listed: Sequence[Any], least: int, most: int) -> Iterator[str]:
    if not least <= len(listed) <= most:
        yield f"{len(listed)} {name}, {least} to {most}"


def _repeated(name: str, ids: Sequence[str]) -> Iterator[str]:
    for one in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"{name} {one!r} twice"
