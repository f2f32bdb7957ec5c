"""Exchange rates by day, from the currency paid to the shop's own."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlmodel import Session, col, select

from feedback.db import Database, ExchangeRate, insert_into
from feedback.knowledge import RateLine

SCALE: Final = 10**8
SMALLEST: Final = Decimal("0.0001")


class RateBook:
    """The rates into one currency."""

    def __init__(self, base: str | None, lines: Iterable[RateLine]) -> None:
        """`lines` of other bases are passed over."""
        self.base = base
        self._since: dict[str, list[datetime]] = {}
        self._rate: dict[str, list[Decimal]] = {}
        for line in sorted(lines, key=lambda line: line.since):
            if line.base == base:
                self._since.setdefault(line.currency, []).append(line.since)
                self._rate.setdefault(line.currency, []).append(line.rate)

    def convert(self, amount: Decimal, currency: str, at: datetime) -> Decimal | None:
        """The amount in the base, by the newest rate up to then; None: no rate is known.

        >>> from datetime import UTC
        >>> new_year = datetime(2026, 1, 1, tzinfo=UTC)
        >>> book = RateBook("USD", [RateLine("EUR", "USD", new_year, Decimal("1.1"))])
        >>> book.convert(Decimal(20), "EUR", datetime(2026, 2, 1, tzinfo=UTC))
        Decimal('22.0000')
        >>> book.convert(Decimal(20), "EUR", datetime(2025, 2, 1, tzinfo=UTC)) is None
        True
        """
        if currency == self.base:
            return amount
        place = bisect_right(self._since.get(currency, []), at)
        if not place:
            return None
        return (amount * self._rate[currency][place - 1]).quantize(SMALLEST)


def put_rates(db: Database, lines: Iterable[RateLine]) -> int:
    """Write rates; the same day again replaces it. Returns how many."""
    rows = [
        {
            "currency": line.currency.upper(),
            "base": line.base.upper(),
            "since": line.since,
            "rate": int((line.rate * SCALE).to_integral_value()),
        }
        for line in lines
    ]
    with db.transaction() as session:
        for row in rows:
            insert = insert_into(session, ExchangeRate).values(row)
            session.execute(
                insert.on_conflict_do_update(
                    index_elements=["currency", "base", "since"],
                    set_={"rate": insert.excluded.rate},
                )
            )
    return len(rows)


def rate_book(session: Session, base: str | None) -> RateBook:
    """The rates into `base`."""
    rows = session.exec(select(ExchangeRate).where(col(ExchangeRate.base) == base))
    return RateBook(
        base,
        [RateLine(row.currency, row.base, row.since, Decimal(row.rate) / SCALE) for row in rows],
    )
