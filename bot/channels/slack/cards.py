"""Draws a dialogue's card for the staff, inside Slack's limits. Pure."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import (
    MAX_FALLBACK,
    Block,
    Post,
    actions,
    button,
    context,
    menu,
    section,
    within_limits,
)
from bot.channels.slack.card_facts import CardLinks, file_words, more_facts, who_line
from bot.channels.slack.text import cut, escape_within
from bot.handover_reasons import reason_words
from bot.knowledge import PageDraft, StaffSuggestion
from bot.languages import ago
from bot.turn_words import clock_time, day_time, turn_words
from feedback.db import DialogueTurn
from feedback.desk import CardView, Standing

OUTCOMES: Final = {
    "sent": "{name} answered.",
    "done": "{name} closed it.",
    "taken_back": "The shopper took the thumbs-down back.",
}
WHERE: Final = {"web": "in the web chat", "slack": "in Slack"}
SPEAKERS: Final = {"shopper": "Shopper", "clerk": "Clerk"}
MAX_TURN: Final = 320  # characters of one turn on a card
MAX_TURNS: Final = 2_900  # of all turns on a card
MAX_SUGGESTION: Final = 900
NO_LINKS: Final = CardLinks()


class CardOffers(NamedTuple):
    """What a colleague may send from a card."""

    replies: Sequence[StaffSuggestion] = ()
    draft: str = ""  # the model's own words
    pages: Sequence[PageDraft] = ()  # the shop's own sentences, with where they stand


class CardTimes(NamedTuple):
    """When the card is drawn, and the shop's time zone."""

    now: datetime
    zone: tzinfo


def card_post(
    view: CardView,
    offers: CardOffers,
    turn: Standing,
    times: CardTimes,
    links: CardLinks = NO_LINKS,
) -> Post:
    """Draw the card as it stands: open, taken, live or closed; `turn` says whose turn it is.

    What to press stands above what was said: on a phone it is seen without scrolling.
    """
    card = view.card
    blocks = [
        section(_headline(view, turn, times)),
        context(who_line(view)),
        *_undelivered(view),
        *_comment(view),
    ]
    if card.state == "closed":
        blocks += [section(_turns(view)), context(_outcome(view, times.zone))]
        return Post(_fallback(view), within_limits(blocks))
    offered = list(offers.replies) if card.state == "open" else []  # they go when a person talks
    if asked := escape_within(_one_line(view.question), MAX_TURN):
        blocks.append(section(f">{asked}"))
    blocks += _best(view, offered[:1])
    blocks.append(_buttons(view, offered, turn))
    blocks += [context("\n".join(facts))] if (facts := more_facts(view, links)) else []
    blocks += _best(view, offered[1:], first=1)
    if card.state == "open":
        blocks += _from_pages(view, offers.pages)
        if not any(_alike(offers.draft, reply.text) for reply in offers.replies):
            blocks += _draft(view, offers.draft)
    if card.rejected:
        wrong_ones = ", ".join(f"`{escape_within(one, 80)}`" for one in card.rejected[:10])
        blocks.append(context(f"Not right here: {wrong_ones}"))
    blocks.append(section(_turns(view)))
    return Post(_fallback(view), within_limits(blocks))


def turn_line(turn: DialogueTurn, limit: int = MAX_TURN) -> str:
    """One turn, escaped: who said what."""
    speaker = SPEAKERS.get(turn.speaker) or escape_within(turn.author or "Staff", 60)
    said = escape_within(" ".join(turn.text.split()), limit)
    return f"*{speaker}:* {said}"


def _headline(view: CardView, turn: Standing, times: CardTimes) -> str:
    card, (now, zone) = view.card, times
    channel = view.dialogue.channel
    where = WHERE.get(channel) or f"by {escape_within(channel, 20)}"
    name = escape_within(card.staff_name or "A colleague", 60)
    came = f"{where}, {clock_time(card.opened_at, zone)}"
    why = reason_words(card.reason)
    if card.state == "closed":
        return f"✅ *{why}* · {came}"
    if card.state == "open":
        assigned = f"Assigned to {escape_within(card.assignee_name or '', 60)}"
        whose = assigned if card.assignee else "Nobody has it yet"
        opened = f"🟡 *{why}* · {came}, opened {ago(card.opened_at, now)}"
        return f"{opened}\n{whose}. {_waits(view, turn, times)}."
    if card.live_until is not None and card.live_until > now:
        return (
            f"🔴 *LIVE until {clock_time(card.live_until, zone)}* · {came}\n"
            f"What {name} writes in this thread goes to the shopper at once."
            " Colleagues' messages stay inside."
        )
    return (
        f"🟢 *{name} has this dialogue* ({why.lower()}) · {came}\n"
        f"{_waits(view, turn, times)}. The clerk keeps silent; what is written in this thread stays"
        " inside until it is sent."
    )


def _waits(view: CardView, turn: Standing, times: CardTimes) -> str:
    words = turn_words(turn, *times)
    mark = "💤 " if turn.snoozed else "⏰ " if turn.overdue else ""
    if turn.snoozed and view.card.snoozed_until:
        words += f" until {day_time(view.card.snoozed_until, *times)}"
    return f"{mark}{words[:1].upper()}{words[1:]}"


def _undelivered(view: CardView) -> list[Block]:
    if view.undelivered is None or view.card.state == "closed":
        return []
    why = escape_within(view.undelivered, 100)
    return [section(f"⚠️ A message did not reach its reader: Slack refused it (`{why}`).")]


def _comment(view: CardView) -> list[Block]:
    if not view.card.comment:
        return []
    return [section(f">The shopper's comment: {escape_within(_one_line(view.card.comment), 500)}")]


def _turns(view: CardView) -> str:
    """The last turns, the newest ones kept where not all have room."""
    kept: list[str] = []
    room = MAX_TURNS
    for turn in reversed(view.turns):
        sent = view.files.get(turn.client_id or "", ())
        line = turn_line(turn) + "".join(f" 📎 {file_words(file)}" for file in sent)
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(reversed(kept)) or "_Nothing was said yet._"


def _best(view: CardView, suggestions: Sequence[StaffSuggestion], *, first: int = 0) -> list[Block]:
    """Replies to send, each with a menu of what can be done with it."""
    blocks: list[Block] = []
    for place, reply in enumerate(suggestions, first):
        value = f"{view.card.card_id} {reply.reply_id}"
        title = f"*{place + 1}.* `{escape_within(reply.reply_id, 80)}` · {reply.sure_words}"
        block = section(f"{title}\n{escape_within(reply.text, MAX_SUGGESTION)}")
        # What still has to be filled in can not be sent as it is.
        send = [(f"{action_ids.SEND}{place}", "Send", value)] if reply.ready else []
        block["accessory"] = menu(
            f"{action_ids.MORE}{place}",
            *send,
            (f"{action_ids.EDIT}{place}", "Edit and send", value),
            (f"{action_ids.REJECT}{place}", "Not right", value),
        )
        if block["accessory"]["options"]:
            blocks.append(block)
    return blocks


def _from_pages(view: CardView, drafts: Sequence[PageDraft]) -> list[Block]:
    """What the shop's pages may answer, each sent with its source by one press."""
    blocks: list[Block] = []
    for place, draft in enumerate(drafts):
        value = f"{view.card.card_id} {action_ids.PAGE}{draft.id}"
        title = f"*From your pages:* {escape_within(draft.title, 80)} · {draft.sure_words}"
        blocks += [
            section(f"{title}\n{escape_within(draft.text, MAX_SUGGESTION)}"),
            actions(
                button(f"{action_ids.SEND}page{place}", "Send with its source", value),
                button(f"{action_ids.EDIT}page{place}", "Edit and send", value),
            ),
        ]
    return blocks


def _draft(view: CardView, draft: str) -> list[Block]:
    if not draft:
        return []
    words = escape_within(draft, MAX_SUGGESTION)
    value = f"{view.card.card_id} draft:"
    return [
        section(f"*Draft* in the model's own words, only for you to edit\n_{_no_italics(words)}_"),
        actions(button(f"{action_ids.EDIT}draft", "Edit and send", value)),
    ]


def _buttons(view: CardView, suggestions: Sequence[StaffSuggestion], turn: Standing) -> Block:
    """The main buttons, and a menu for the rest."""
    card = view.card
    row: list[Block] = []
    if suggestions and suggestions[0].ready:
        value = f"{card.card_id} {suggestions[0].reply_id}"
        row.append(button(f"{action_ids.SEND}0", "Send", value, style="primary"))
    rest = [(f"{action_ids.EDIT}own", "Write an answer", f"{card.card_id} own:")]
    if card.state == "open":
        row.append(button(action_ids.TAKE_OVER, "Take over", card.card_id))
    elif card.live_until is None:
        row.append(button(action_ids.LIVE, "Switch the thread live", card.card_id))
        rest.append((action_ids.TAKE_OVER, "Take over", card.card_id))
    else:
        row.append(button(action_ids.END_LIVE, "End live", card.card_id, style="danger"))
    row.append(button(action_ids.DONE, "Done", card.card_id))
    rest.append((action_ids.ADD_REPLY, "Add to the reply book", card.card_id))
    rest.append((action_ids.ASSIGN, "Assign …", card.card_id))
    rest.append(
        (action_ids.WAKE, "End the snooze", card.card_id)
        if turn.snoozed
        else (action_ids.SNOOZE, "Snooze …", card.card_id)
    )
    return actions(*row, menu(f"{action_ids.MORE}card", *rest))


def _outcome(view: CardView, zone: tzinfo) -> str:
    card = view.card
    name = escape_within(card.staff_name or "A colleague", 60)
    words = OUTCOMES.get(card.outcome or "", "{name} closed it.").format(name=name)
    return f"{words} {clock_time(card.acted_at, zone)}"


def _fallback(view: CardView) -> str:
    card = view.card
    said = cut(_one_line(view.question), 300)
    if card.state == "closed":
        state = OUTCOMES.get(card.outcome or "", "{name} closed it.").format(
            name=card.staff_name or "A colleague"
        )
    elif card.state == "taken":
        state = f"{card.staff_name or 'A colleague'} has it."
    else:
        state = "Waits for a person."
    return escape_within(f"{reason_words(card.reason)}. {state} “{said}”", MAX_FALLBACK)


def _alike(one: str, other: str) -> bool:
    """Whether the model says what the book says: then the book's words are there to be sent."""
    return _one_line(one).casefold() == _one_line(other).casefold()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _no_italics(escaped: str) -> str:
    """Underscores would end the italics."""
    return " ".join(escaped.replace("_", "ˍ").split())
