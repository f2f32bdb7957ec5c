"""Whether the policy chose a reply that was shown, or the shopper did by a button."""

from feedback.db import (
    Impression,
)


def chosen_by_policy(impression: Impression) -> bool:
    """Whether the policy chose the reply for the words it answered: first of all, or explored.

    A reply said because its button was pressed, or because the order's number it had asked for
    came, was chosen for other words. Who could have it said to any words could teach it any words.
    """
    ranked = ranked_replies(impression)
    if impression.reply_id is None or impression.reply_id not in ranked:
        return False
    return impression.reply_id == ranked[0] or impression.propensity < 1.0


def ranked_replies(impression: Impression) -> list[str | None]:
    """The replies that were ranked, best first; None for what another knowledge source holds."""
    return [each.get("reply_id") for each in impression.candidates]
