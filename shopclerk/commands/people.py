"""`shopclerk export` and `erase`: a person's data, and its erasure."""

from collections.abc import Collection, Sequence
from typing import Any

from feedback.db import Database, Retraining, TrainedOn, UnknownShopper
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from feedback.privacy import Erasure, Forgotten
from feedback.sales import OrderKey
from shopclerk.commands.model import without_erased
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import EXPERIMENT, build_orders, open_database, slack_shopper, utc_now
from shopclerk.wiring.base import keep_erasures


def export(shopper: str) -> dict[str, Any]:
    """All that is kept of a shopper, by their id or e-mail.

    Raises:
        UnknownShopper: nobody is known by it.
    """
    settings = read_settings()
    database = open_database(settings)
    try:
        erasure = Erasure(database)
        whose = slack_shopper(settings, Store(database, EXPERIMENT, DeskHooks()))
        ids, _ = _known_as(shopper, erasure, settings, database)
        found = {one: kept for one in ids if (kept := erasure.export(one, whose))}
    finally:
        database.close()
    if not found:
        raise UnknownShopper(shopper)
    return {"shoppers": found}


def erase(shopper: str) -> str:
    """Forget a shopper, by their id or e-mail; says what was done, and what is left to do.

    Raises:
        UnknownShopper: nobody is known by it.
    """
    settings = read_settings()
    database = open_database(settings)
    try:
        erasure, now = Erasure(database), utc_now()
        whose = slack_shopper(settings, Store(database, EXPERIMENT, DeskHooks()))
        ids, orders = _known_as(shopper, erasure, settings, database)
        learned = {traced for one in ids for traced in Retraining(database).learned_by(one)}
        unnamed = erasure.erase_orders(orders, now)
        erased = (erasure.erase_shopper(one, now, whose) for one in ids)
        forgotten = [one for one in erased if one is not None]
        awaiting = erasure.awaits_training()
        keep_erasures(settings, database)
    finally:
        database.close()
    if not forgotten and not unnamed:
        raise UnknownShopper(shopper)
    renewed = without_erased(settings)
    return "\n".join(
        [
            f"{len(forgotten)} shoppers forgotten, {unnamed} orders made nameless; the sums stay.",
            *_trained(learned if forgotten else ()),
            *([renewed] if renewed else []),
            *_left_to_do(forgotten, awaiting),
        ]
    )


def _trained(learned: Collection[TrainedOn]) -> list[str]:
    """Which data and versions they were part of."""
    if not learned:
        return []
    named = [
        (f"version {traced.version}" if traced.version else "no version")
        + f" (data {(traced.data_hash or 'unknown')[:12]})"
        for traced in sorted(learned, key=lambda traced: traced.version or 0)
    ]
    return [f"Redacted words of theirs were among the data of {', '.join(named)}."]


def _known_as(
    shopper: str, erasure: Erasure, settings: Settings, database: Database
) -> tuple[list[str], list[OrderKey]]:
    """The shoppers and the orders that an id or an e-mail stands for."""
    if "@" not in shopper:
        return [shopper], []
    email_hash = build_orders(settings, database).known_hash(shopper)
    return erasure.shoppers_of_email(email_hash), erasure.orders_of_email(email_hash)


def _left_to_do(forgotten: Sequence[Forgotten], awaiting: int) -> list[str]:
    lines = []
    if awaiting:
        lines.append(
            f"{awaiting} examples of forgotten people are left out of the next training; until then"
            " the model may have learned from them: shopclerk retrain."
        )
    if copies := [copy for one in forgotten for copy in one.slack]:
        lines.append("Slack still holds these; delete them there if they must go too:")
        lines += [f"  {copy.what} in {copy.channel}, {copy.ts}" for copy in copies]
    return lines
