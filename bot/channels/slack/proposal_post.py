"""Draws replies proposed for the book, each with buttons to accept, edit or dismiss it. Pure."""

from collections.abc import Sequence
from typing import Final

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import (
    Block,
    Post,
    actions,
    button,
    confirmation,
    context,
    section,
    within_limits,
)
from bot.channels.slack.text import escape_within
from feedback.db import Proposal
from feedback.knowledge import FILL

PROPOSALS_SHOWN: Final = 5  # in one message; the desk's page has them all
MAX_TEXT: Final = 1_500
MAX_QUESTION: Final = 300


def proposals_post(ids: Sequence[str], found: Sequence[Proposal], address: str) -> Post:
    """What the staff wrote again and again; of what was decided, who did.

    Args:
        ids: The proposals of this message.
        found: Those of them that are still known.
        address: The desk's page where all are taken or left; "": there is none.
    """
    known = {each.proposal_id: each for each in found}
    blocks, told = [section("💡 *Make it a reply?*")], []
    for place, proposal_id in enumerate(ids):
        proposal = known.get(proposal_id)
        if proposal is None:
            blocks.append(context("Nobody says this any more."))
            continue
        told.append(f"“{escape_within(proposal.text, MAX_QUESTION)}”")
        blocks += _open(proposal, place, ids) if proposal.state == "open" else [_decided(proposal)]
    if address:
        blocks.append(context(f"<{address}|All proposals at the desk>"))
    return Post("💡 Make it a reply? " + " ".join(told), within_limits(blocks))


def _open(proposal: Proposal, place: int, ids: Sequence[str]) -> list[Block]:
    text = escape_within(proposal.text, MAX_TEXT)
    asked = escape_within(proposal.questions[0] if proposal.questions else "", MAX_QUESTION)
    such_as = f" such as “{asked}”" if asked else ""
    said = (
        f"{proposal.uses} shoppers asked{such_as}, and your team wrote: “{text}”"
        if proposal.uses
        else f"Your pages answer{such_as or ' a question'}: “{text}”"
    )
    value = " ".join((proposal.proposal_id, ",".join(ids)))
    row = [
        button(f"{action_ids.PROPOSAL_EDIT}{place}", "Edit", value),
        button(
            f"{action_ids.PROPOSAL_DISMISS}{place}", "Dismiss", value,
            confirm=confirmation("Dismiss it?", "It is not proposed again.", "Dismiss"),
        ),
    ]  # fmt: skip
    if FILL.search(proposal.text):  # some words differ from case to case: a person writes them
        said += "\nWhat stands in {fill.…} differed each time: write it in words."
    else:
        accept = f"{action_ids.PROPOSAL_ACCEPT}{place}"
        row.insert(0, button(accept, "Accept", value, style="primary"))
    return [section(said), actions(*row)]


def _decided(proposal: Proposal) -> Block:
    name = escape_within(proposal.decided_by or "a colleague", 60)
    text = escape_within(proposal.text, MAX_QUESTION)
    if proposal.state == "taken":
        return context(f"✅ {name} took it into the book as `{proposal.reply_id}`: “{text}”")
    return context(f"✖️ {name} left it out: “{text}”")
