"""Earlier orders of somebody whose e-mail is known now: matched by its hash.

Only what was placed before their first contact is matched so late. It tells what they were like
before anything was shown to them, which makes the comparison surer, and counts for no arm; an order
placed afterwards would be found oftener in an arm that asks for addresses oftener.
"""

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from feedback.db import Exposure, Identity, Order


def match_earlier_orders(session: Session, shopper_id: str, email_hash: str) -> None:
    """Match them, unless the address is several people's, or an order is somebody's already."""
    people = session.exec(
        select(func.count()).where(Identity.kind == "email", Identity.value == email_hash)
    ).one()
    first = session.exec(
        select(func.min(Exposure.exposed_at)).where(Exposure.shopper_id == shopper_id)
    ).one()
    if people != 1 or first is None:
        return
    session.execute(
        update(Order)
        .where(col(Order.email_hash) == email_hash)
        .where(col(Order.shopper_id).is_(None))
        .where(col(Order.placed_at) < first)
        .values(shopper_id=shopper_id, bridge="email")
    )
