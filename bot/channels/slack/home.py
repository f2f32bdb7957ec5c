"""The app home: what waits, the week's figures, the model and its buttons. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, NamedTuple

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import (
    Block,
    actions,
    button,
    confirmation,
    context,
    message_address,
    plain,
    section,
)
from bot.channels.slack.text import escape_within
from bot.controls import ModelState, model_words, offered_versions
from bot.handover_reasons import reason_words
from bot.languages import ago
from bot.turn_words import turn_words
from feedback.db import DeskCard
from feedback.desk import USUAL_TARGETS, AnswerTargets, CardList, cards_in, standing
from feedback.report import WeekFigures

SHOWN: Final = 10  # of each list; more is in the channel
NOT_ALLOWED: Final = (
    "Retraining, promoting and rolling back are for the people and groups named in the setting"
    " SHOPCLERK_MANAGERS."
)


class HomeLists(NamedTuple):
    """The desk's open cards, what says which are overdue, and the workspace's address."""

    waiting: Sequence[DeskCard]
    targets: AnswerTargets = USUAL_TARGETS
    zone: tzinfo = UTC
    workspace_url: str = ""

    def shown(self, user: str, now: datetime) -> list[tuple[str, list[DeskCard]]]:
        """The lists of the page; what is overdue stands in the first one, too."""

        def of(wanted: CardList) -> list[DeskCard]:
            return cards_in(wanted, self.waiting, now, self.targets, me=user)

        mine, nobodys, snoozed = of("mine"), of("unassigned"), of("snoozed")
        theirs = [card for card in of("open") if card not in mine and card not in nobodys]
        return [
            ("Overdue", of("overdue")),
            ("Yours", mine),
            ("Unassigned", nobodys),
            ("Colleagues'", theirs),
            ("Snoozed", snoozed),
        ]


def home_view(
    *,
    shop: str,
    lists: HomeLists,
    figures: WeekFigures,
    model: ModelState,
    may_manage: bool,
    now: datetime,
    user: str = "",
) -> Block:
    """The page as it stands now, for the member of the staff whose id is `user`."""
    blocks = [
        {"type": "header", "text": plain(f"The clerk at {shop}", 150)},
        section(f"*Waiting for a person: {len(lists.waiting)}*"),
    ]
    for title, cards in lists.shown(user, now):
        if cards:
            blocks.append(section(f"*{title}: {len(cards)}*"))
            blocks += [_waiting(card, lists, now) for card in cards[:SHOWN]]
        if len(cards) > SHOWN:
            blocks.append(context(f"… and {len(cards) - SHOWN} more in the review channel."))
    if not lists.waiting:
        blocks.append(context("Nobody waits. New dialogues come into the review channel."))
    blocks += [{"type": "divider"}, _figures(figures), {"type": "divider"}, _model(model, now)]
    blocks += _buttons(model) if may_manage else [context(NOT_ALLOWED)]
    blocks.append(actions(button(action_ids.REFRESH, "Refresh", "now")))
    blocks.append(context(f"As of {now.astimezone(lists.zone):%Y-%m-%d %H:%M}"))
    return {"type": "home", "blocks": blocks}  # at most 70 of the 100 that a page may have


def figures_words(figures: WeekFigures) -> str:
    """The last seven days in a line."""
    return (
        f"{figures.dialogues:,} dialogues · {figures.answers:,} answers · "
        f"{figures.cards:,} to the staff · 👍 {figures.up:,} 👎 {figures.down:,} · "
        f"{figures.orders:,} orders of known shoppers (not all caused by the clerk)"
    )


def _waiting(card: DeskCard, lists: HomeLists, now: datetime) -> Block:
    name = escape_within(card.assignee_name or "a colleague", 60)
    has = f"{name} has it" if card.assignee else "nobody has it"
    turn = standing(card, now, lists.targets)
    text = (
        f"*{reason_words(card.reason)}* · {ago(card.opened_at, now)} · {has}\n"
        f"_{turn_words(turn, now, lists.zone)}_"
    )
    if link := message_address(lists.workspace_url, card.channel, card.ts):
        text += f" · <{link}|Open>"
    return section(text)


def _figures(figures: WeekFigures) -> Block:
    return section(f"*The last seven days*\n{figures_words(figures)}")


def _model(model: ModelState, now: datetime) -> Block:
    return section(f"*The model*\n{model_words(model, now)}")


def _buttons(model: ModelState) -> list[Block]:
    retrain = button(
        action_ids.RETRAIN,
        "Retrain now",
        "now",
        confirm=confirmation(
            "Retrain now?",
            "It learns from everything accepted so far, and answers only if it is not worse.",
            "Retrain",
        ),
    )
    back = button(
        action_ids.ROLL_BACK,
        "Roll back",
        "now",
        style="danger",
        confirm=confirmation(
            "Roll back?", "The version that answered before answers again.", "Roll back"
        ),
    )
    promote = [
        button(
            f"{action_ids.PROMOTE}_{version}",
            f"Promote {version}",
            str(version),
            confirm=confirmation(
                f"Promote {version}?", f"Version {version} answers all shoppers.", "Promote"
            ),
        )
        for version in offered_versions(model)
    ]
    return [actions(retrain, *promote, back)]
