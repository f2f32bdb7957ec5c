"""Explains how an order counts: its bridge, its arm, and the replies it is credited to."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session, col, select

from feedback.db import (
    Database,
    Exposure,
    Impression,
    Order,
    Period,
    Uncounted,
    UnknownOrder,
    find,
    number_of,
    shop_clock_text,
)
from feedback.sales.attribution import AttributionRule, Contact, attribute
from feedback.sales.conversions import bought, contacts_of
from feedback.sales.purchase import OrderKey, plain_number

BRIDGES: Final = {
    "token": "the signed token shopclerk_shopper came back in the order",
    "cart": "the cart's token was known from the chat",
    "click": "the landing address held the token of a click in the chat",
    "email": "the keyed hash of its e-mail was given in a chat",
}


def explain_order(
    db: Database,
    number: str,
    *,
    experiment: str,
    now: datetime,
    outcome_window: timedelta,
    rule: AttributionRule,
) -> dict[str, Any]:
    """Everything the figures know of one order, named by its id or its number.

    Raises:
        UnknownOrder: there is none.
    """
    with db.reading() as session:
        order = _order(session, number)
        shopper = order.shopper_id
        exposure = session.get(Exposure, (experiment, shopper)) if shopper else None
        uncounted = find(session, Uncounted, shopper) if shopper else None
        key = OrderKey(order.source, order.order_id)
        whole = list(bought(session, Period(None, now), only=key))
        longest = max(rule.direct_window, rule.assisted_window)
        period = Period(order.placed_at - longest, order.placed_at + timedelta(microseconds=1))
        contacts = contacts_of(session, [each.shopper_id for each in whole], period)
        credited = attribute(whole, contacts, **rule._asdict())
        shown = _impressions(session, {each.impression_id for each in credited})
    seen = [one for each in contacts.values() for one in each]
    return {
        "order_id": order.order_id,
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "source": order.source,
        "status": order.status,
        "sale": order.sale,
        "currency": order.currency,
        "total": str(order.total),
        "net": str(whole[0].net) if whole else None,
        "bridge": order.bridge,
        "bridge_means": BRIDGES.get(order.bridge or "", "no bridge held: nobody is credited"),
        "shopper": shopper,
        "left_out": uncounted.reason if uncounted else None,
        "arm": exposure.arm if exposure else None,
        "counts_for_arm": _counts(order, exposure, outcome_window),
        "touch": rule.touch,
        "credited": [
            {
                "kind": each.kind,
                "amount": str(each.amount),
                **_contact(each.impression_id, shown, seen, each.kind == "direct"),
            }
            for each in credited
        ],
    }


def explain_text(found: dict[str, Any], zone: str = "UTC") -> str:
    """The explanation for a person, in the shop's time."""

    def at(moment: str) -> str:
        return shop_clock_text(datetime.fromisoformat(moment), zone)

    def digits(amount: str) -> str:
        return number_of(Decimal(amount), found["currency"])

    lines = [
        f"Order {found['number']} of {at(found['placed_at'])},"
        f" {found['status']}{'' if found['sale'] else ' (no sale)'}:"
        f" {digits(found['total'])} {found['currency']}"
        + (f", {digits(found['net'])} after refunds" if found["net"] is not None else ""),
        f"Matched by {found['bridge'] or 'nothing'}: {found['bridge_means']}.",
    ]
    if found["left_out"]:
        lines.append(f"Left out of every figure: the shopper is {found['left_out']}.")
    elif found["arm"]:
        why = "outside the window" if found["sale"] else "no sale"
        counts = "counts" if found["counts_for_arm"] else f"does not count ({why})"
        lines.append(f"Shopper {found['shopper']}, arm {found['arm']}: it {counts} for that arm.")
    if not found["credited"]:
        lines.append("Credited to no reply: none was shown or clicked within the windows.")
    for each in found["credited"]:
        clicked = f", clicked {at(each['clicked_at'])}" if each["clicked_at"] else ""
        lines.append(
            f"Attributed ({each['kind']}, {found['touch']} touch): {digits(each['amount'])}"
            f" {found['currency']} to reply {each['reply_id'] or '(none of the book)'}, impression"
            f" {each['impression_id']}, shown {at(each['shown_at'])}{clicked}, model version"
            f" {each['model_version'] or '-'}."
        )
    return "\n".join(lines)


def _order(session: Session, number: str) -> Order:
    named = (Order.order_id == number, Order.number == plain_number(number))
    known = None
    for name in named if number.isprintable() else ():
        newest = select(Order).where(name).order_by(col(Order.placed_at).desc()).limit(1)
        known = known or session.exec(newest).first()
    if known is None:
        raise UnknownOrder(number)
    return known


def _counts(order: Order, exposure: Exposure | None, window: timedelta) -> bool:
    if exposure is None or not order.sale:
        return False
    return exposure.exposed_at <= order.placed_at < exposure.exposed_at + window


def _impressions(session: Session, ids: set[str]) -> dict[str, Impression]:
    rows = session.exec(select(Impression).where(col(Impression.impression_id).in_(ids)))
    return {row.impression_id: row for row in rows}


def _contact(
    impression_id: str, shown: dict[str, Impression], seen: list[Contact], direct: bool
) -> dict[str, Any]:
    row = shown[impression_id]
    clicks = [one for one in seen if one.impression_id == impression_id and one.at != row.shown_at]
    product = next((one.product_id for one in reversed(clicks) if one.product_id), None)
    return {
        "impression_id": impression_id,
        "reply_id": row.reply_id,
        "shown_at": row.shown_at.isoformat(),
        "clicked_at": max(one.at for one in clicks).isoformat() if clicks else None,
        "product_id": product if direct else None,
        "model_version": row.model_version,
        "served_by": row.served_by,
    }
