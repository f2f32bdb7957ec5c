"""The shopper's history next to an action that waits for a colleague: orders, earlier requests."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlmodel import col, select

from feedback.actions.runs import UNDO
from feedback.actions.states import action_title
from feedback.db import ActionRun, Database

MOST: Final = 50  # earlier requests that are counted, the newest


class ActionHistory:
    """Reads what staff should know of who asks."""

    def __init__(self, db: Database) -> None:
        """Read from `db`."""
        self._db = db

    def line(self, run: ActionRun) -> str:
        """Their orders, as the shop told them at the yes, and what they asked for before."""
        return history_line(run.history or {}, self._earlier(run))

    def _earlier(self, run: ActionRun) -> Sequence[ActionRun]:
        same = (
            ActionRun.customer_id == run.customer_id
            if run.customer_id
            else ActionRun.shopper_id == run.shopper_id
        )
        before = select(ActionRun).where(same, ActionRun.confirmed_at < run.confirmed_at)
        newest = before.order_by(col(ActionRun.confirmed_at).desc()).limit(MOST)
        with self._db.reading() as session:
            return [one for one in session.exec(newest) if not one.run_id.endswith(UNDO)]


def orders_told(orders: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What is kept of a customer's orders, each a status and the day it was placed.

    >>> orders_told([("delivered", "2026-03-01T10:00:00Z"), ("pending", "2026-11-02")])
    {'orders': {'delivered': 1, 'pending': 1}, 'since': '2026-03-01'}
    """
    told = list(orders)
    days = [day[:10] for _, day in told if day]
    return {
        "orders": dict(Counter(status for status, _ in told)),
        **({"since": min(days)} if days else {}),
    }


def history_line(told: Mapping[str, Any], earlier: Sequence[ActionRun]) -> str:
    """The history in words; `earlier` requests come the newest first.

    >>> history_line({"orders": {"delivered": 2, "return requested": 1}, "since": "2026-03-01"}, [])
    '3 orders since 2026-03-01: 2 delivered, 1 return requested · no earlier request'
    """
    return " · ".join(filter(None, (_orders(told), _requests(earlier))))


def _orders(told: Mapping[str, Any]) -> str:
    counts = Counter(told.get("orders") or {})
    if not counts:
        return ""
    since = f" since {told['since']}" if told.get("since") else ""
    count = counts.total()
    parts = ", ".join(f"{number} {status}" for status, number in counts.most_common())
    return f"{count} order{'s' if count > 1 else ''}{since}: {parts}"


def _requests(earlier: Sequence[ActionRun]) -> str:
    if not earlier:
        return "no earlier request"
    ends = Counter(run.state for run in earlier)
    parts = ", ".join(f"{number} {state}" for state, number in ends.most_common())
    newest = earlier[0]
    count = f"{len(earlier)} earlier request{'s' if len(earlier) > 1 else ''}"
    last = f"the newest: {action_title(newest.name)}, {newest.state}"
    return f"{count}: {parts}; {last}, {newest.confirmed_at:%Y-%m-%d}"
