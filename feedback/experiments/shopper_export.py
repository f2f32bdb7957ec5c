"""Shopper-level export: the rows of which every figure of the comparison is a sum, without names.

A row is a person who was exposed: the arm, what the arms are told apart by, and each fact within
the outcome window. No id of a shopper, a dialogue or an order leaves the store. Weeks are counted
from the first Monday of 1970, as `week_start` reads them.
"""

from pathlib import Path
from typing import Any

from feedback.db import Database
from feedback.experiments import event_view
from feedback.experiments.aggregates import Cell
from feedback.experiments.event_view import Window
from feedback.experiments.metric_registry import FACTS
from feedback.experiments.share_log import Strata
from feedback.experiments.shopper_facts import order_cap, per_shopper


def export_shoppers(
    db: Database,
    window: Window,
    currency: str,
    strata: Strata,
    path: Path,
    *,
    cap: float | None = None,
) -> int:
    """Write everybody exposed in the window to `path`, Parquet by its ending, else CSV.

    Args:
        db: the store.
        window: whose orders count.
        currency: the one in which revenue is summed.
        strata: the sets of shares under which people were dealt their arms.
        path: the file.
        cap: what a shopper's revenue counts at most; None: as the orders before say.

    Returns:
        How many rows there are.
    """
    with event_view.open_event_view(db) as backend:
        cap = order_cap(backend, window, currency) if cap is None else cap
        people = per_shopper(backend, window, currency, strata, cap).table
        rows: Any = people.select(*Cell._fields, *FACTS).order_by("arm", "week")
        (rows.to_parquet if path.suffix == ".parquet" else rows.to_csv)(path)
        return int(rows.count().to_pyarrow().as_py())
