"""Form of a new reply of the book: drawn, read, and checked. Pure."""

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import MAX_OPTION, Block, actions, button, context, plain, section
from bot.channels.slack.modal_parts import (
    MAX_NAME,
    MAX_OPTIONS,
    line_input,
    modal,
    option,
    read_field,
    read_ticks,
    text_input,
)
from bot.channels.slack.text import escape_within
from bot.knowledge import fill_facts
from feedback.knowledge import ORDER_SLOTS, SLOT
from feedback.languages import LANGUAGES

NAME = re.compile(r"[a-z][a-z0-9_]{1,59}")


class ReplyForm(NamedTuple):
    """A reply to add to the book, as somebody wrote it down."""

    reply_id: str
    locale: str
    text: str
    question: str
    send: bool


class ReplyDraft(NamedTuple):
    """What the form of a new reply holds while it is written."""

    question: str = ""
    text: str = ""
    name: str = ""
    locale: str = "en"
    send: bool = False


def reply_modal(
    about: Mapping[str, Any], draft: ReplyDraft, facts: Mapping[str, str], *, preview: bool = False
) -> Block:
    """Write a reply into the book; a menu puts slots in, a button shows how it will read."""
    fields = [
        text_input("question", "The question it answers", draft.question, "Learned with it."),
        # A field keeps what was typed while its id stays: another id where we change the words.
        text_input(
            f"text{about.get('turn') or ''}",
            "The reply",
            draft.text,
            "Shoppers read this, word for word. Slots in {} are filled by the clerk.",
        ),
        actions(_slot_menu(facts), button(action_ids.PREVIEW, "Preview", "now")),
    ]
    if preview:
        shown = escape_within(fill_facts(draft.text, facts), 2_000) or "…"
        fields += [context("The shopper reads (what is in {} comes from their order):"),
                   section(shown)]  # fmt: skip
    fields += [
        line_input("name", "Its name in the book", "Small letters, digits, _: gift_wrapping",
                    draft.name),
        _language_input(draft.locale),
    ]  # fmt: skip
    if about.get("card_id"):
        fields.append(_send_too(ticked=draft.send))
    return modal(action_ids.REPLY_MODAL, "Add to the reply book", "Add", about, fields)


def written_on(view: Mapping[str, Any], about: dict[str, Any], slot: str | None) -> ReplyDraft:
    """What was written so far, with `slot` put behind it; `about` is told that the text changed."""
    form = read_reply_form(view)
    text = form.text
    if slot:
        text = f"{text} {{{slot}}}".strip()
        about["turn"] = int(about.get("turn") or 0) + 1
    return ReplyDraft(form.question, text, form.reply_id, form.locale, form.send)


def known_slots(facts: Collection[str]) -> list[str]:
    """Every slot a reply may have."""
    return [*(f"policy.{name}" for name in sorted(facts)), *ORDER_SLOTS, "products"]


def read_reply_form(view: Mapping[str, Any]) -> ReplyForm:
    """A reply as it was written down."""
    return ReplyForm(
        reply_id=read_field(view, "name"),
        locale=read_field(view, "locale") or "en",
        text=read_field(view, text_block(view)),
        question=read_field(view, "question"),
        send="send" in read_ticks(view, "send"),
    )


def text_block(view: Mapping[str, Any]) -> str:
    """The id of the reply's field: "text", or "text2" where two slots were put in."""
    values = (view.get("state") or {}).get("values") or {}
    return next((block_id for block_id in values if block_id.startswith("text")), "text")


def reply_errors(
    form: ReplyForm, facts: Collection[str], taken: Collection[tuple[str, str]]
) -> dict[str, str]:
    """What is wrong with it, by field; {} when it can be added.

    >>> form = ReplyForm("gift_wrap", "en", "We wrap for {policy.wrap_fee}.", "wrap it?", False)
    >>> reply_errors(form, facts=[], taken=[])
    {'text': 'Nothing fills {policy.wrap_fee}. Known: the slots in the menu below the field.'}
    """
    errors = {}
    if not NAME.fullmatch(form.reply_id):
        errors["name"] = f"2 to {MAX_NAME} small letters, digits and _; it begins with a letter."
    elif (form.reply_id, form.locale) in taken:
        errors["name"] = "The book has a reply of this name in this language; choose another."
    if not form.question:
        errors["question"] = "Write the question as a shopper would ask it."
    known = set(known_slots(facts))
    if not form.text:
        errors["text"] = "Write what the shopper will read."
    elif unknown := [slot for slot in SLOT.findall(form.text) if slot not in known]:
        slots = ", ".join(f"{{{slot}}}" for slot in unknown)
        errors["text"] = f"Nothing fills {slots}. Known: the slots in the menu below the field."
    elif form.send and SLOT.search(form.text):
        errors["send"] = "A reply with slots can not be sent from here: untick, then use Send."
    return errors


def _slot_menu(facts: Mapping[str, str]) -> Block:
    """Every slot, found by typing; Slack shows a hundred in a group and a hundred groups."""
    slots = [slot for slot in known_slots(facts) if len(slot) <= MAX_OPTION]
    groups = [slots[at : at + MAX_OPTIONS] for at in range(0, len(slots), MAX_OPTIONS)]
    return {
        "type": "static_select",
        "action_id": action_ids.PUT_SLOT,
        "placeholder": plain("Put in a slot: type to find one"),
        "option_groups": [
            {"label": plain(f"{group[0]} …"), "options": [option(slot, slot) for slot in group]}
            for group in groups
        ],
    }


def _language_input(locale: str) -> Block:
    options = [option(each.name, each.locale) for each in LANGUAGES.values()]
    chosen = next((each for each in options if each["value"] == locale), options[0])
    return {
        "type": "input",
        "block_id": "locale",
        "label": plain("Language"),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "options": options,
            "initial_option": chosen,
        },
    }


def _send_too(*, ticked: bool) -> Block:
    box = option("Send it to the shopper too", "send")
    element = {"type": "checkboxes", "action_id": "value", "options": [box]}
    return {
        "type": "input",
        "block_id": "send",
        "optional": True,
        "label": plain("And now?"),
        "element": element | ({"initial_options": [box]} if ticked else {}),
    }
