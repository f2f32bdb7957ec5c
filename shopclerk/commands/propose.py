"""`shopclerk propose`: groups what the staff write again and again into replies for the book."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np

from feedback.db import Database, Proposal
from feedback.desk import read_own_words
from feedback.knowledge import (
    ALIKE_ALONE,
    Embed,
    Proposals,
    RepeatedReply,
    ReplyBook,
    Vectors,
    groups_of,
    said_in,
    spelled,
)
from feedback.languages import script_of
from serving.client import TFServingRanker
from serving.versions import VersionFolder
from shopclerk.commands.model_server import running_model_server
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import open_database, tell_channel, utc_now

BATCH = 256  # texts a call: some 0.1 s on one core
LOOKED_BACK: Final = timedelta(days=60)  # what was asked before is not asked any more, or known
LEAST_WRITTEN: Final = (
    2  # times a colleague wrote the same: the second time they might have pressed
)


def propose() -> dict[str, Any]:
    """Look through past tickets and the staff's own words; how many groups, and how many new."""
    settings = read_settings()
    database = open_database(settings)
    try:
        return propose_from(database, settings)
    finally:
        database.close()


def propose_from(database: Database, settings: Settings) -> dict[str, Any]:
    """The same over an open store."""
    book, known = ReplyBook(database), Proposals(database)
    tickets = [one for past in book.past_dialogues() for one in said_in(past.turns)]
    written = read_own_words(database, utc_now() - LOOKED_BACK)
    with contextlib.ExitStack() as stack:
        embed: Embed = spelled  # without a model, by their letters
        if settings.serving_address or VersionFolder(settings.models_dir).versions():
            address = stack.enter_context(running_model_server(settings)).address
            model = TFServingRanker(address.split(","))
            stack.callback(model.close)
            embed = _batched(model)
        groups = [
            *groups_of(written, embed, least=LEAST_WRITTEN),
            *groups_of(tickets, embed),
        ]
        settled = [*known.decided(), *(reply.text for reply in book.replies())]
        groups = unlike(groups, settled, embed)
    locales = {group.text: script_of(group.text) or "en" for group in groups}
    new = known.renew(groups, locales, utc_now())
    if new:
        texts = {group.text for group in new}
        _tell(settings, [one for one in known.open() if one.text in texts])
    read = {"replies_read": len(tickets), "written": len(written)}
    return {**read, "groups": len(groups), "new": len(new)}


def unlike(
    groups: Sequence[RepeatedReply], settled: Sequence[str], embed: Embed
) -> list[RepeatedReply]:
    """Those that say nothing the book says, nor what was decided on before, in other words."""
    if not groups or not settled:
        return list(groups)
    near = embed([group.text for group in groups]) @ embed(settled).T
    return [one for one, best in zip(groups, near.max(axis=1), strict=True) if best < ALIKE_ALONE]


def _tell(settings: Settings, new: Sequence[Proposal]) -> None:
    from bot.channels.slack import post_proposals

    address = f"{settings.public_url}/desk/proposals"
    tell_channel(settings, lambda channel, client: post_proposals(new, address, channel, client))


def _batched(model: TFServingRanker) -> Embed:
    def embed(texts: Sequence[str]) -> Vectors:
        parts = [model.embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts)

    return embed
