"""Rules of Slack's for elements, texts and lists inside of blocks; see `block_rules`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Part = Mapping[str, Any]
MAX_ID: Final = 255

# Elements whose choices Slack or we give when they are opened.
UNLISTED: Final = ("datetimepicker", "external_select", "file_input", "users_select")


def image_rules(block: Part) -> Iterator[str]:
    """A picture's address and its words."""
    yield from length_rules("image_url", block.get("image_url"), 3_000, least=1)
    yield from length_rules("alt_text", block.get("alt_text"), 2_000, least=1)


def elements_rules(block: Part, most: int, allowed: Sequence[str]) -> Iterator[str]:
    """Elements of a row: how many, and which."""
    elements = block.get("elements") or []
    yield from count_rules("elements", elements, 1, most)
    for each in elements:
        yield from element_rules(each, allowed)


def element_rules(element: Part, allowed: Sequence[str]) -> Iterator[str]:
    """One element in its place."""
    kind = str(element.get("type"))
    if kind not in allowed:
        yield f"no place for {kind}"
        return
    if kind == "image":
        yield from image_rules(element)
        return
    yield from length_rules("action_id", element.get("action_id"), MAX_ID, least=1)
    if "placeholder" in element:
        yield from plain_rules("placeholder", element["placeholder"], 150)
    if "confirm" in element:
        yield from confirm_rules(element["confirm"])
    if kind in ("button", "icon_button"):
        yield from button_rules(element)
    elif kind == "feedback_buttons":
        for name in ("positive_button", "negative_button"):
            yield from button_rules(element.get(name) or {})
    elif kind == "plain_text_input":
        yield from text_input_rules(element)
    elif kind not in UNLISTED:
        yield from choices_rules(element, kind)


def button_rules(button: Part) -> Iterator[str]:
    """A button's texts, value, address and style."""
    yield from plain_rules("button", button.get("text"), 75)
    yield from length_rules("value", button.get("value"), 2_000)
    yield from length_rules("url", button.get("url"), 3_000)
    yield from length_rules("accessibility_label", button.get("accessibility_label"), 75)
    if button.get("style") not in (None, "primary", "danger"):
        yield f"style {button.get('style')}"


def text_input_rules(element: Part) -> Iterator[str]:
    """A field's lengths."""
    most = element.get("max_length", 3_000)
    if not 1 <= most <= 3_000:
        yield f"max_length {most}"
    yield from length_rules("initial_value", element.get("initial_value"), most)


def choices_rules(element: Part, kind: str) -> Iterator[str]:
    """The entries of a menu, and what is chosen at first."""
    groups = element.get("option_groups")
    options = element.get("options") or []
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(kind, 100)
    if groups is not None:
        yield from count_rules("option_groups", groups, 1, 100)
        for group in groups:
            yield from plain_rules("group", group.get("label"), 75)
            yield from options_rules(group.get("options") or [], most)
        options = [each for group in groups for each in group.get("options") or []]
    else:
        yield from options_rules(options, most)
    initial = element.get("initial_options") or [element.get("initial_option")]
    for each in initial:
        if each is not None and each not in options:
            yield "what is chosen at first is no option"


def options_rules(options: Sequence[Part], most: int) -> Iterator[str]:
    """Entries: their texts and values."""
    yield from count_rules("options", options, 1, most)
    for each in options:
        yield from text_rules("option", each.get("text"), 75)
        yield from length_rules("option's value", each.get("value"), 150, least=1)
        if "description" in each:
            yield from text_rules("description", each["description"], 75)


def confirm_rules(confirm: Part) -> Iterator[str]:
    """The question before a button counts."""
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from text_rules(name, confirm.get(name), most)


def plain_rules(name: str, text: Any, most: int) -> Iterator[str]:
    """A text object without markup."""
    if isinstance(text, Mapping) and text.get("type") != "plain_text":
        yield f"{name}: not plain_text"
    yield from text_rules(name, text, most)


def text_rules(name: str, text: Any, most: int) -> Iterator[str]:
    """A text object's form and length."""
    if not isinstance(text, Mapping) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{name}: no text object"
        return
    yield from length_rules(name, text.get("text"), most, least=1)


def length_rules(name: str, text: Any, most: int, *, least: int = 0) -> Iterator[str]:
    """A text of so many characters."""
    if text is None and least == 0:
        return
    if not isinstance(text, str) or not least <= len(text) <= most:
        size = len(text) if isinstance(text, str) else None
        yield f"{name}: {size} characters, {least} to {most}"


def count_rules(name: str, listed: Sequence[Any], least: int, most: int) -> Iterator[str]:
    """A list of so many."""
    if not least <= len(listed) <= most:
        yield f"{len(listed)} {name}, {least} to {most}"


def repeated_rules(name: str, ids: Sequence[str]) -> Iterator[str]:
    """Names that may stand once."""
    for one in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"{name} {one!r} twice"
