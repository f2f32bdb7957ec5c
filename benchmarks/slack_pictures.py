"""Pictures of what the clerk shows in Slack, drawn from its Block Kit in Chromium, for the docs.

    ./clerk python benchmarks/slack_pictures.py docs/images

Slack's own look is only resembled; what is shown where, and how much of it, is what is looked at.
"""

import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from benchmarks.slack_blocks import Part, page
from bot.channels.slack.action_modals import change_modal, decline_modal
from bot.channels.slack.block_rules import broken_rules, broken_view_rules
from bot.channels.slack.blocks import Post, section
from bot.channels.slack.card_facts import CardLinks
from bot.channels.slack.cards import CardTimes, card_post
from bot.channels.slack.home import HomeLists, home_view
from bot.channels.slack.modals import ask_modal, comment_modal, correct_modal, edit_modal
from bot.channels.slack.proposal_post import proposals_post
from bot.channels.slack.reminder import reminder_post
from bot.channels.slack.reply_form import ReplyDraft, reply_modal
from bot.channels.slack.report import rich_blocks
from bot.channels.slack.report_chart import report_chart
from bot.channels.slack.report_news import news_blocks, news_of
from bot.channels.slack.shopper_home import OwnDialogue, shopper_home_view
from bot.channels.slack.turn_modals import assign_modal, snooze_modal, snooze_times
from bot.controls import ModelState
from bot.knowledge import StaffSuggestion
from bot.languages import phrases_in
from feedback.db import DeskCard, Dialogue, DialogueTurn, Order, Proposal
from feedback.desk import (
    USUAL_TARGETS,
    AnswerTimes,
    CardView,
    ShopperFacts,
    StaffAnswers,
    read_office_hours,
    standing,
)
from feedback.dialogues import DialogueMemory, Focus, memory_stored
from feedback.files import KeptFile
from feedback.report import Unanswered, WeekFigures, report_text, words_in
from feedback.report.parts import Behaviour, ModelChange, Topic
from tests.chromium import launched
from tests.feedback.report.test_text import make_report

NOW: Final = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)


def _card(**changes: Any) -> CardView:
    said = (
        ("shopper", "Hi, my parcel 1001 should have been here on Friday."),
        ("clerk", "Order 1001 is on its way. Tracking: TRACK9."),
        ("shopper", "It says delivered, but nobody got it. What now?"),
    )
    turns = tuple(
        DialogueTurn(
            turn_id=n, dialogue_id="d1", speaker=who, text=text, client_id=f"m{n + 1}", at=NOW
        )
        for n, (who, text) in enumerate(said)
    )
    card = {
        "card_id": "c" * 32, "dialogue_id": "d1", "reason": "unsure", "state": "open",
        "opened_at": NOW - timedelta(minutes=4), "acted_at": NOW,
        "waiting_since": NOW - timedelta(minutes=4), **changes,
    }  # fmt: skip
    dialogue = Dialogue(
        dialogue_id="d1", shopper_id="s1", channel="web", locale="en", arm="champion",
        page="/products/day-backpack", started_at=NOW, last_at=NOW,
    )  # fmt: skip
    order = Order(
        source="shopify", order_id="1", number="1001", status="delivered", placed_at=NOW,
        currency="USD", total=Decimal("59.90"), updated_at=NOW,
    )  # fmt: skip
    basket = ("day-backpack", "wool-sweater")
    memory = DialogueMemory(focus=Focus(order_number="1001"), basket=basket)
    dialogue.memory = memory_stored(memory)
    titles = {"day-backpack": "Day Backpack", "wool-sweater": "Wool Sweater"}
    photo = KeptFile("f1", "d1", "shopper", "m3", "doorstep.jpg", "image/jpeg", 184_000, 960, 720)
    return CardView(
        DeskCard(**card), dialogue, turns, None, said[-1][1], None, ShopperFacts(2, (order,)),
        titles, "day-backpack", {"m3": [photo]},
    )  # fmt: skip


def _drawn(view: CardView, draft: str = "") -> Post:
    links = CardLinks("https://shop.slack.com", "https://clerk.shop.example/desk", _order_page)
    turn = standing(view.card, NOW, USUAL_TARGETS)
    return card_post(view, _suggestions(), draft, turn, CardTimes(NOW, UTC), links)


def _order_page(source: str, order_id: str) -> str:
    return f"https://admin.shop.example/orders/{order_id}"


def _suggestions() -> list[StaffSuggestion]:
    missing = (
        "I am sorry. Please look with your neighbours and at your parcel shop; if it is nowhere by"
        " tomorrow, we send it again or pay it back."
    )
    return [
        StaffSuggestion("parcel_missing", missing, 0.61, ready=True),
        StaffSuggestion("order_status", "Order {order.number}: {order.status}.", 0.2, ready=False),
        StaffSuggestion("delivery_time", "Delivery takes 2 to 4 working days.", 0.09, ready=True),
    ]


def _report() -> list[dict[str, Any]]:
    """A week's report as it is posted: chart, what the team answered, what was asked."""
    topic = Topic("parcel, where", 40, 10, 2, 1, "where is my parcel")
    report = make_report(
        since=NOW - timedelta(days=7), zone="Europe/Berlin", behaviour=Behaviour(topics=(topic,)),
        model_changes=(ModelChange("2026-11-22", "promoted", 5, 4, 1_234, 400, 0.835, 0.81),),
    )  # fmt: skip
    first = AnswerTimes(40, timedelta(minutes=12), 36, timedelta(minutes=30))
    following = AnswerTimes(63, timedelta(minutes=21), 60, timedelta(hours=1))
    staff = StaffAnswers(first, following, 3, 5, 2)
    words = words_in("en")
    chart = report_chart(report, words)
    news = news_of(report, [Unanswered("Do you engrave?", "en", 7)], "en", staff)
    drawn = rich_blocks(report, report_text(report, "en"), "en")
    return [*drawn, *([chart] if chart else []), *news_blocks(news, "en")]


def _proposals() -> Post:
    """Replies that the team wrote again and again: one taken, one left, one open."""
    said = (
        ("We engrave up to ten letters for 8 USD.", "do you engrave?", "taken"),
        ("We are closed on Sundays.", "are you open on sunday?", "left"),
        ("A spare strap costs 9 USD; write us the colour.", "do you sell straps?", "open"),
    )
    found = [
        Proposal(
            proposal_id=f"p{n}", locale="en", text=text, questions=[question], uses=34 - n,
            state=state, proposed_at=NOW, reply_id="engraving", decided_by="Mia Moreau",
        )
        for n, (text, question, state) in enumerate(said)
    ]  # fmt: skip
    return proposals_post(["p0", "p1", "p2"], found, "https://clerk.shop.example/desk/proposals")


def _reminders() -> list[Part]:
    """What the thread is told at half-time, and the channel when it is overdue."""
    view = _card(
        waiting_since=NOW - timedelta(minutes=41), assignee_name="Bob Brown", assignee="bob",
        channel="C1", ts="1.1",
    )  # fmt: skip
    turn = standing(view.card, NOW, USUAL_TARGETS)
    told = [
        reminder_post(
            kind, view.card, view.question, turn, CardTimes(NOW, UTC), "https://shop.slack.com"
        )
        for kind in ("half_time", "overdue")
    ]
    return [section(post.text) for post in told if post]


def pictures() -> dict[str, str]:
    """Each picture's name, and its page."""
    opened = _drawn(_card(), "We look into it at once.")
    live = _card(state="taken", staff="U1", staff_name="Mia Moreau",
                 assignee="U1", assignee_name="Mia Moreau",
                 live_until=NOW + timedelta(minutes=12))  # fmt: skip
    taken = _drawn(live)
    late = _drawn(_card(waiting_since=NOW - timedelta(minutes=41), assignee="U2",
                        assignee_name="Bob Brown"))  # fmt: skip
    week = _report()
    cards = [
        _card().card,
        live.card,
        _card(card_id="2", waiting_since=NOW - timedelta(minutes=41), assignee="U2",
              assignee_name="Bob Brown").card,
        _card(card_id="3", snoozed_until=NOW + timedelta(hours=3)).card,
    ]  # fmt: skip
    staff = home_view(
        shop="Juniper Lane", user="U1",
        lists=HomeLists(cards, workspace_url="https://shop.slack.com/"),
        figures=WeekFigures(212, 188, 24, 61, 7, 39),
        model=ModelState(12, NOW - timedelta(days=2), None, (11, 12)), may_manage=True, now=NOW,
    )  # fmt: skip
    own = OwnDialogue(_card().dialogue, "Hi, my parcel 1001 should have been here on Friday.")
    shopper = shopper_home_view(
        shop="Juniper Lane", locale="en", dialogues=[own], workspace_url="https://shop.slack.com/"
    )
    facts = {"return_days": "30", "return_fee": "4.90 USD"}
    draft = ReplyDraft("what does sending back cost", "It costs {policy.return_fee}.",
                       "return_fee", "en")  # fmt: skip
    form = reply_modal({"card_id": "c1"}, draft, facts, preview=True)
    correct = correct_modal({}, "where is my parcel")
    edit = edit_modal({}, _card().question, _suggestions()[0].text)
    words = phrases_in("en")
    ask = ask_modal({}, words.home, "Juniper Lane", words.send)
    comment = comment_modal({}, words.tell_more, words.what_was_wrong, words.send)
    decline = decline_modal("r1", "C1", "1.1")
    change = change_modal("r1", "C1", "1.1", ["1 × Wool Sweater", "2 × Linen Shirt"])
    closed = _drawn(_card(state="closed", outcome="done", staff="U1", staff_name="Mia Moreau"))
    whose = assign_modal({}, None)
    later = snooze_modal({}, snooze_times(NOW, UTC, read_office_hours("mon-fri 09:00-17:00")))
    proposed = _proposals()
    posts = (opened, closed, taken, late, proposed, Post("", week))
    modals = {
        "assign": whose, "snooze": later, "reply-book": form, "correct": correct, "edit": edit,
        "ask": ask, "comment": comment, "decline": decline, "change": change,
    }  # fmt: skip
    assert [r for post in posts for r in broken_rules(post.blocks, "message")] == []
    assert [r for view in (staff, shopper, *modals.values()) for r in broken_view_rules(view)] == []
    return {
        "slack-card": page(opened.blocks),
        "slack-card-phone": page(opened.blocks, width=360),
        "slack-card-overdue": page(late.blocks),
        "slack-live": page(taken.blocks),
        "slack-card-closed": page(closed.blocks),
        "slack-reminders": page(_reminders()),
        "slack-proposals": page(proposed.blocks),
        "slack-report": page(week, width=760),
        "slack-home": page(staff["blocks"], width=700),
        "slack-home-shopper": page(shopper["blocks"], width=700),
        **{
            f"slack-{name}": page(view["blocks"], title=view["title"]["text"])
            for name, view in modals.items()
        },
    }


def main(folder: Path) -> None:
    """Take every picture."""
    with launched() as browser:
        for name, drawn in pictures().items():
            shown = browser.new_page(viewport={"width": 800, "height": 900})
            shown.set_content(drawn)
            shown.locator("main").screenshot(path=str(folder / f"{name}.png"))
            print(f"{name}: {(folder / f'{name}.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
