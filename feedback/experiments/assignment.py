"""Deals shoppers to arms, and notices when the deal was not what it should have been."""

import hashlib
import math
from collections.abc import Mapping
from typing import Final

HOLDOUT: Final = "holdout"
CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
SRM_ALARM: Final = 0.001  # at weekly looks a fair deal sets this off once in twenty years


class BadSharesError(ValueError):
    """Shares of arms do not make a whole."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        """Name the shares."""
        super().__init__(
            f"The arms' shares {dict(shares)} have to be 0 or more, and 1 together; check"
            " HOLDOUT_SHARE and CANARY_SHARE."
        )


def assign(shopper_id: str, *, salt: str, shares: Mapping[str, float]) -> str:
    """The arm of a shopper: always the same for the same salt and shares.

    The order of `shares` decides which part of the line from 0 to 1 is whose: put the holdout first
    and the champion last, and a challenger that comes or goes moves nobody into or out of the
    holdout.

    >>> assign("anna", salt="2026", shares={"holdout": 0.5, "champion": 0.5})
    'champion'

    Raises:
        BadSharesError: the shares are negative or do not add up to 1.
    """
    if not shares or min(shares.values()) < 0 or not math.isclose(sum(shares.values()), 1.0):
        raise BadSharesError(shares)
    digest = hashlib.sha256(f"{salt}\0{shopper_id}".encode("utf-8", "ignore")).digest()
    point = int.from_bytes(digest[:8], "big") / 2**64
    edge = 0.0
    arm = ""
    for name, share in shares.items():
        edge += share
        if share > 0:
            arm = name
            if point < edge:
                break
    return arm


def srm(observed: Mapping[str, int], expected: Mapping[str, float]) -> float | None:
    """The p-value of the observed arm sizes under the configured shares (Pearson's chi-square).

    None where there is nothing to compare: fewer than two arms with a share, or nobody yet.
    Somebody in an arm without a share contradicts it outright: 0.0.

    >>> round(srm({"holdout": 100, "champion": 900}, {"holdout": 0.1, "champion": 0.9}), 3)
    1.0
    >>> srm({"holdout": 150, "champion": 850}, {"holdout": 0.1, "champion": 0.9}) < SRM_ALARM
    True
    """
    total = sum(observed.values())
    shares = {arm: share for arm, share in expected.items() if share > 0}
    if total == 0 or len(shares) < 2:
        return None
    if any(count for arm, count in observed.items() if arm not in shares):
        return 0.0
    whole = sum(shares.values())
    expectation = {arm: total * share / whole for arm, share in shares.items()}
    statistic = sum(
        (observed.get(arm, 0) - count) ** 2 / count for arm, count in expectation.items()
    )
    return chi_square_tail(statistic, len(shares) - 1)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """The chance that chi-square with `freedom` degrees is over `statistic`.

    The finite sums of Abramowitz and Stegun 26.4.4 and 26.4.5; the bot deals arms too, and SciPy
    would cost it 60 MB.

    >>> round(chi_square_tail(3.841459, 1), 4), round(chi_square_tail(5.991465, 2), 4)
    (0.05, 0.05)
    """
    half = float(statistic) / 2
    if freedom % 2:
        tail = math.erfc(math.sqrt(half))
        powers = [number + 0.5 for number in range((freedom - 1) // 2)]
    else:
        tail = 0.0
        powers = [float(number) for number in range(freedom // 2)]
    tail += sum(math.pow(half, k) * math.exp(-half) / math.gamma(k + 1) for k in powers)
    return min(1.0, tail)
