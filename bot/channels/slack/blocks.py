"""Block Kit: draws the clerk's answers as Slack blocks, within Slack's limits. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.slack.action_ids import (
    CHOICE,
    FEEDBACK,
    TALK_TO_PERSON,
    THUMBS_DOWN,
    THUMBS_UP,
    VIEW,
)
from bot.channels.slack.block_rules import characters
from bot.channels.slack.text import cut, escape, escape_within, split_escaped
from bot.languages import phrases_in
from bot.messages import Answer, Card, Citation

Block = dict[str, Any]
ClickLink = Callable[[str, str, str], str]  # impression_id, target, url → the counted address

MAX_SECTION: Final = 3_000
MAX_BUTTON: Final = 75
MAX_OPTION: Final = 150  # a menu's value
MAX_BLOCKS: Final = 50
MAX_BLOCKS_TEXT: Final = 12_000  # undocumented: about 13,200 in all give msg_blocks_too_long
MAX_TITLE: Final = 200
MAX_CARDS: Final = 10  # of a carousel
MAX_CARD_TITLE: Final = 150
MAX_ADDRESS: Final = 2_500  # of a link, so that its section stays under 3,000
MAX_SOURCES: Final = 10  # elements of a context block
MAX_FALLBACK: Final = 3_000  # the text of notifications and screen readers

# Slack fetches pictures itself, and knows no SVG.
PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif")


@dataclass(frozen=True)
class Post:
    """A message to post: blocks, and the text that says the same without them."""

    text: str
    blocks: list[Block]


def answer_post(
    answer: Answer,
    *,
    locale: str,
    click_link: ClickLink,
    chosen: str | None = None,
    thumbs: str = "native",
    pictures: bool = True,
    carousel: bool = False,
) -> Post:
    """Draw an answer.

    Args:
        answer: What the clerk said; its text and its products' are taken literally.
        locale: The language of buttons.
        click_link: Gives the counted address of a product.
        chosen: The button the shopper pressed, said again above the answer.
        thumbs: "native" for Slack's own feedback buttons, which not every workspace takes,
            "plain" for buttons, "off" for none.
        pictures: Show the products' pictures.
        carousel: Show several products side by side, which not every workspace takes.
    """
    blocks: list[Block] = []
    if chosen:
        blocks.append({"type": "context", "elements": [mrkdwn(f"› {escape_within(chosen, 300)}")]})
    blocks += [section(part) for part in split_escaped(answer.text, MAX_SECTION)]
    if answer.citations:
        links = [mrkdwn(_source(citation)) for citation in answer.citations[:MAX_SOURCES]]
        blocks.append({"type": "context", "elements": links})
    if answer.choices:
        blocks.append(_choices(answer))
    if carousel and len(answer.products) > 1:
        blocks.append(products_carousel(answer, locale, click_link))
    else:
        blocks += [_product(answer, card, locale, click_link, pictures) for card in answer.products]
    if answer.kind != "handover":
        blocks += _last_line(answer, locale, thumbs)
    return Post(_fallback(answer), within_limits(blocks))


def text_post(text: str) -> Post:
    """Draw a lone text."""
    return Post(
        escape_within(text, MAX_FALLBACK),
        within_limits([section(part) for part in split_escaped(text, MAX_SECTION)]),
    )


def within_limits(blocks: list[Block]) -> list[Block]:
    """Leave out what is over 50 blocks or 12,000 characters; buttons at the end always stay."""
    last = len(blocks)
    while last > 0 and blocks[last - 1]["type"] in {"actions", "context_actions"}:
        last -= 1
    body, buttons = blocks[:last], blocks[last:]
    room = MAX_BLOCKS_TEXT - sum(map(characters, buttons))
    kept: list[Block] = []
    for block in body[: MAX_BLOCKS - len(buttons)]:
        room -= characters(block)
        if room < 0:
            break
        kept.append(block)
    return kept + buttons


def _choices(answer: Answer) -> Block:
    # The value names the place, not the reply: ids of any length fit, and nothing can be forged in.
    return {
        "type": "actions",
        "elements": [
            button(f"{CHOICE}{place}", choice.title, f"{answer.impression_id} {place}")
            for place, choice in enumerate(answer.choices)
        ],
    }


def products_carousel(answer: Answer, locale: str, click_link: ClickLink) -> Block:
    """Several products side by side: picture, title, price, and a button that leads there."""
    view = phrases_in(locale).view
    cards = []
    for place, product in enumerate(answer.products[:MAX_CARDS]):
        url = _address(answer, product, click_link)
        card: Block = {
            "type": "card",
            "title": mrkdwn(escape_within(product.title, MAX_CARD_TITLE).replace("*", "∗")),
            "subtitle": mrkdwn(escape_within(product.price, MAX_CARD_TITLE) or "–"),
        }
        if (picture := _picture(product)) is not None:
            card["hero_image"] = picture
        if url:
            card["actions"] = [button(f"{VIEW}{place}", view, product.product_id) | {"url": url}]
        cards.append(card)
    return {"type": "carousel", "elements": cards}


def _address(answer: Answer, card: Card, click_link: ClickLink) -> str:
    """Where a product is seen, through the click counter; "" where Slack would not link it."""
    url = card.click_url or click_link(answer.impression_id, card.product_id, card.url)
    fits = url.startswith(("http://", "https://")) and len(escape(url)) <= MAX_ADDRESS
    return url if fits else ""


def _picture(card: Card) -> Block | None:
    if not (card.image.startswith("https://") and card.image.lower().endswith(PICTURES)):
        return None
    return {"type": "image", "image_url": card.image, "alt_text": cut(card.title, MAX_TITLE)}


def _source(citation: Citation) -> str:
    title, url = escape_within(citation.title, MAX_TITLE).replace("|", "¦"), escape(citation.url)
    if not url.startswith(("http://", "https://")) or len(url) > MAX_ADDRESS:
        return title
    return f"<{url.replace('|', '%7C')}|{title}>"


def _product(
    answer: Answer, card: Card, locale: str, click_link: ClickLink, pictures: bool
) -> Block:
    title = escape_within(card.title, MAX_TITLE).replace("|", "¦").replace("*", "∗")
    if url := _address(answer, card, click_link):
        view = phrases_in(locale).view
        text = f"*{title}*\n{escape(card.price)}  ·  <{escape(url).replace('|', '%7C')}|{view}>"
    else:
        text = f"*{title}*\n{escape(card.price)}"
    block = section(text)
    if pictures and (picture := _picture(card)) is not None:
        block["accessory"] = picture
    return block


def _last_line(answer: Answer, locale: str, thumbs: str) -> list[Block]:
    words = phrases_in(locale)
    person = button(TALK_TO_PERSON, words.talk_to_person, answer.impression_id)
    if thumbs == "off":
        return [actions(person)]
    if thumbs == "native":
        native = {
            "type": "feedback_buttons",
            "action_id": FEEDBACK,
            "positive_button": _feedback(words.thumbs_up, f"{answer.impression_id} up"),
            "negative_button": _feedback(words.thumbs_down, f"{answer.impression_id} down"),
        }
        return [
            {"type": "context_actions", "elements": [native]},
            actions(person),
        ]
    up = button(THUMBS_UP, f"👍 {words.thumbs_up}", f"{answer.impression_id} up")
    down = button(THUMBS_DOWN, f"👎 {words.thumbs_down}", f"{answer.impression_id} down")
    return [actions(up, down, person)]


def _fallback(answer: Answer) -> str:
    lines = [answer.text, *(f"• {choice.title}" for choice in answer.choices)]
    lines += [f"• {card.title}, {card.price}" for card in answer.products]
    lines += [f"{citation.title}: {citation.url}" for citation in answer.citations]
    return escape_within("\n".join(lines), MAX_FALLBACK)


def message_address(workspace_url: str, channel: str | None, ts: str | None) -> str:
    """The address of a message in the workspace; "" while something of it is not known."""
    if not (workspace_url and channel and ts):
        return ""
    return f"{workspace_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def section(escaped: str) -> Block:
    """Text that is escaped already."""
    return {"type": "section", "text": mrkdwn(escaped)}


def mrkdwn(escaped: str) -> Block:
    """A text object of text that is escaped already."""
    return {"type": "mrkdwn", "text": escaped}


def context(escaped: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [mrkdwn(escaped)]}


def actions(*elements: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def button(
    action_id: str, title: str, value: str, *, style: str = "", confirm: Block | None = None
) -> Block:
    """A button; `style` is "primary", "danger" or nothing."""
    made: Block = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": cut(title, MAX_BUTTON), "emoji": True},
        "value": value,
    }
    return made | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def menu(action_id: str, *entries: tuple[str, str, str]) -> Block:
    """A menu of buttons: of each its action id, title and value; see `messages.read_press`."""
    options = [
        {"text": plain(title), "value": told}
        for entry, title, value in entries
        if len(told := f"{entry} {value}") <= MAX_OPTION
    ]
    return {"type": "overflow", "action_id": action_id, "options": options[:5]}


def confirmation(title: str, text: str, yes: str) -> Block:
    """A question asked before a button counts."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain("Cancel", 30),
    }


def plain(text: str, limit: int = MAX_BUTTON) -> Block:
    """A text object without markup."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": True}


def _feedback(title: str, value: str) -> Block:
    return {"text": {"type": "plain_text", "text": cut(title, MAX_BUTTON)}, "value": value}
