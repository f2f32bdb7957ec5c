"""The daily review: answers to approve, correct or reject, in one message. Pure."""

from typing import Final

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import Block, Post, actions, button, context, section, within_limits
from bot.channels.slack.text import escape_within
from feedback.desk import Item, SheetView

WHYS: Final = {
    "unsure": "the clerk was least sure here",
    "disagreement": "thumbs and sales disagree",
    "new_topic": "a topic that is rarely asked about",
    "random": "any answer, to find what is confidently wrong",
}
WHO: Final = {"shopper": "Shopper", "clerk": "Clerk", "staff": "Colleague"}
VERDICTS: Final = {
    "approved": "✅ right",
    "rejected": "❌ not right",
    "corrected": "✏️ should have been {reply}",
}


def sheet_post(view: SheetView) -> Post:
    """Draw a day's review as it stands."""
    judged = sum(item.verdict is not None for item in view.items)
    count = len(view.items)
    title = f"Review of {view.sheet.day}: {judged} of {count} judged"
    over = " Thank you, that is all for today." if judged == count else ""
    intro = "Each verdict teaches the next model. It takes about a minute."
    blocks = [section(f"*{title}.*{over}"), context(intro)]
    for item in view.items:
        blocks += _item(view.sheet.day, item)
    return Post(f"{title}.{over}", within_limits(blocks))


def _item(day: str, item: Item) -> list[Block]:
    shown = item.impression
    sure = f"{shown.confidence:.0%} sure".replace("%", " %")
    told = sure if shown.served_by == "model" else "by keyword search"
    question = escape_within(" ".join(item.question.split()), 300) or "…"
    said = "".join(
        f"_{WHO.get(who, who)}: {escape_within(' '.join(text.split()), 120)}_\n"
        for who, text in item.before
    )
    answer = escape_within(" ".join(shown.text.split()), 400)
    reply = escape_within(shown.reply_id or "", 80)
    text = f"{said}*{item.position}.* {question}\n>{answer}"
    about = context(f"`{reply}` · {told} · {WHYS[item.why]}")
    if item.verdict is not None:
        verdict = VERDICTS[item.verdict].format(reply=f"`{escape_within(item.reply_id or '', 80)}`")
        who = escape_within(item.staff or "A colleague", 60)
        return [section(text), context(f"`{reply}` · {verdict} · {who}")]
    value = f"{day} {item.position}"
    return [
        section(text),
        about,
        actions(
            button(f"{action_ids.APPROVE}{item.position}", "Right", value, style="primary"),
            button(f"{action_ids.CORRECT}{item.position}", "Correct", value),
            button(f"{action_ids.WRONG}{item.position}", "Not right", value),
        ),
    ]
