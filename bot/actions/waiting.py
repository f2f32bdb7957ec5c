"""Finds what a shopper asks for once more while a colleague has it already."""

from collections.abc import Sequence
from typing import Final

from bot.actions.resolved import NeedsAnswer, Resolved, SettledCall
from feedback.db import ActionRun

# Asked for of the whole order: who names the order alone means what waits already. Which item or
# variant is missing may be of another piece of it.
OF_WHOLE_ORDER: Final = ("reason", "address", "payment_method")


def waits_already(resolved: Resolved, under_way: Sequence[ActionRun]) -> ActionRun | None:
    """The run that was said yes to and does what a wish asks for; None: it is another wish."""
    if isinstance(resolved, SettledCall):
        call = resolved.call
        return next(
            (run for run in under_way if (run.name, run.arguments) == (call.name, call.arguments)),
            None,
        )
    if isinstance(resolved, NeedsAnswer) and resolved.slot in OF_WHOLE_ORDER:
        about = dict(resolved.about)
        return next((run for run in under_way if _about(run) == about and about), None)
    return None


def _about(run: ActionRun) -> dict[str, str]:
    order = run.arguments.get("order_id")
    return {"action": run.name, "order_id": str(order)} if order else {"action": run.name}
