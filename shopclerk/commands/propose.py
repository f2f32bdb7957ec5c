"""`shopclerk propose`: clusters what staff said in past tickets into reply proposals."""

import contextlib
from collections.abc import Sequence

import numpy as np

from feedback.db import Database
from feedback.knowledge import Embed, Proposals, ReplyBook, Vectors, groups_of, said_in, spelled
from feedback.languages import script_of
from serving.client import TFServingRanker
from serving.versions import VersionFolder
from shopclerk.commands.model_server import running_model_server
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import open_database, utc_now

BATCH = 256  # texts a call: some 0.1 s on one core


def propose() -> dict[str, int]:
    """Look through all past dialogues in the store; how many groups there are, and how many new."""
    settings = read_settings()
    database = open_database(settings)
    try:
        return propose_from(database, settings)
    finally:
        database.close()


def propose_from(database: Database, settings: Settings) -> dict[str, int]:
    """The same over an open store."""
    book = ReplyBook(database)
    said = [one for past in book.past_dialogues() for one in said_in(past.turns)]
    with contextlib.ExitStack() as stack:
        embed: Embed = spelled  # without a model, by their letters
        if settings.serving_address or VersionFolder(settings.models_dir).versions():
            address = stack.enter_context(running_model_server(settings)).address
            model = TFServingRanker(address.split(","))
            stack.callback(model.close)
            embed = _batched(model)
        groups = groups_of(said, embed)
    locales = {group.text: script_of(group.text) or "en" for group in groups}
    new = Proposals(database).put(groups, locales, utc_now())
    return {"replies_read": len(said), "groups": len(groups), "new": new}


def _batched(model: TFServingRanker) -> Embed:
    def embed(texts: Sequence[str]) -> Vectors:
        parts = [model.embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts)

    return embed
