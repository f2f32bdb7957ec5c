"""The log of the arms' shares: every change of the deal, and the strata that follow from it.

Shoppers dealt under different shares can not be thrown together: were the holdout halved just
before a holiday, the holiday would look like the clerk's doing. Each distinct set of shares is a
stratum; the arms are compared inside it, and the strata are put together by their size.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from feedback.db import Database, ShareChange, insert_once
from feedback.experiments.assignment import HOLDOUT, chi_square_tail

ROUNDING = 9  # decimals at which two shares are the same share


class StratumPeriod(NamedTuple):
    """From `since` on (None: from the beginning) the deal followed the shares of `stratum`."""

    since: datetime | None
    stratum: int
    trial: int = 0  # the version on trial; 0: none


class Strata(NamedTuple):
    """The distinct sets of shares, and when each of them held."""

    shares: Sequence[Mapping[str, float]]
    periods: Sequence[StratumPeriod]


class StratumSplit(NamedTuple):
    """A stratum's shoppers: how many were held out, and how many there are."""

    held: int
    shoppers: int
    share: float  # of the holdout, as dealt


class ShareLog:
    """Writes and reads the log of one experiment."""

    def __init__(self, db: Database, experiment: str) -> None:
        """Work on `db`."""
        self.db = db
        self.experiment = experiment

    def record(
        self,
        shares: Mapping[str, float],
        now: datetime,
        *,
        reason: str = "settings",
        challenger_version: int | None = None,
    ) -> bool:
        """Write the shares if they, or the version on trial, are not the newest known ones.

        Returns:
            Whether they were written.
        """
        row = ShareChange(
            experiment=self.experiment,
            since=now,
            shares=_rounded(shares),
            challenger_version=challenger_version,
            reason=reason,
        )
        with self.db.transaction() as session:
            newest = session.exec(
                select(ShareChange)
                .where(ShareChange.experiment == self.experiment)
                .order_by(col(ShareChange.since).desc())
                .limit(1)
            ).first()
            if newest and (newest.shares, newest.challenger_version) == (
                row.shares,
                challenger_version,
            ):
                return False
            return insert_once(session, row)

    def changes(self) -> list[ShareChange]:
        """Every change, the oldest first."""
        with self.db.reading() as session:
            return list(
                session.exec(
                    select(ShareChange)
                    .where(ShareChange.experiment == self.experiment)
                    .order_by(col(ShareChange.since))
                )
            )


def strata_of(changes: Sequence[ShareChange], configured: Mapping[str, float]) -> Strata:
    """The strata of a log; a log that is empty yet has one, of the configured shares.

    What was dealt before the log began followed its first entry.
    """
    known: list[dict[str, float]] = []
    periods: list[StratumPeriod] = []
    for change in changes:
        shares = _rounded(change.shares)
        if shares not in known:
            known.append(shares)
        trial = change.challenger_version or 0
        periods.append(StratumPeriod(change.since if periods else None, known.index(shares), trial))
    if not periods:
        return Strata([_rounded(configured)], [StratumPeriod(None, 0)])
    return Strata(known, periods)


def split_pvalue(seen: Sequence[StratumSplit]) -> float | None:
    """SRM's p-value of the holdout against everybody else, over all strata.

    Every shopper was dealt to the holdout with a known chance, so the number held out has a known
    mean and variance; with one stratum this is Pearson's chi-square. Champion and challenger are
    one side: a challenger that comes and goes moves shoppers from one to the other, which is no
    fault.

    >>> round(split_pvalue([StratumSplit(4_800, 10_000, 0.5)]), 6)
    6.3e-05
    """
    if any(each.held for each in seen if each.share <= 0):
        return 0.0
    fair = [each for each in seen if 0 < each.share < 1 and each.shoppers]
    if not fair:
        return None
    expected = sum(each.shoppers * each.share for each in fair)
    variance = sum(each.shoppers * each.share * (1 - each.share) for each in fair)
    held = sum(each.held for each in fair)
    return chi_square_tail((held - expected) ** 2 / variance, 1)


def held_share(shares: Mapping[str, float]) -> float:
    """The holdout's part of the shares."""
    return shares.get(HOLDOUT, 0.0)


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {arm: round(share, ROUNDING) for arm, share in sorted(shares.items()) if share}
