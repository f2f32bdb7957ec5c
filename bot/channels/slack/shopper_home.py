"""A shopper's page in the Home tab: ask, their own dialogues, the clerk's languages. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import (
    Block,
    actions,
    button,
    context,
    message_address,
    plain,
    section,
    within_limits,
)
from bot.channels.slack.text import escape_within
from bot.languages import phrases_in
from feedback.db import Dialogue
from feedback.languages import LANGUAGES


class OwnDialogue(NamedTuple):
    """A shopper's dialogue, and what it began with."""

    dialogue: Dialogue
    question: str


def shopper_home_view(
    *, shop: str, locale: str, dialogues: Sequence[OwnDialogue], workspace_url: str
) -> Block:
    """The page of somebody who is no staff, in their language."""
    words = phrases_in(locale).home
    languages = ", ".join(language.name for language in LANGUAGES.values())
    blocks = [
        {"type": "header", "text": plain(words.title.format(shop=shop), 150)},
        section(words.how),
        actions(button(action_ids.ASK, words.ask, locale, style="primary")),
        {"type": "divider"},
        section(f"*{words.yours}*"),
        *[_dialogue(each, words.states, workspace_url) for each in dialogues],
    ]
    if not dialogues:
        blocks.append(context(words.none_yet))
    blocks.append(context(words.speaks.format(languages=languages)))
    blocks.append(actions(button(action_ids.REFRESH, words.refresh, "now")))
    return {"type": "home", "blocks": within_limits(blocks)}


def _dialogue(own: OwnDialogue, states: dict[str, str], workspace_url: str) -> Block:
    dialogue = own.dialogue
    said = escape_within(" ".join(own.question.split()), 150) or "…"
    stands = escape_within(states.get(dialogue.state, dialogue.state), 100)
    link = message_address(workspace_url, dialogue.slack_channel, dialogue.thread_ts)
    date = f"<!date^{int(dialogue.last_at.timestamp())}^{{date_short_pretty}}, {{time}}"
    at = f"{date}{'^' + link if link else ''}|{dialogue.last_at:%Y-%m-%d %H:%M} UTC>"
    return section(f"{said}\n{at} · {stands}")
