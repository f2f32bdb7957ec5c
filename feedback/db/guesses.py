"""Throttle for failed guesses: who guesses wrong waits longer each time, and nobody else does.

A guess is at a target: an order's number, an e-mail, the name of an account. Failures are counted
by target and address together, and by address alone; a target under attack, from however many
addresses, leaves each of them fewer tries at once. So the right pair from an address that has not
failed there works at any time, and a guesser's tries grow with their addresses alone.
"""

import hashlib
import hmac
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func
from sqlmodel import col, delete, select

from feedback.db.database import Database
from feedback.db.tables.shop_connections import FailedGuess

WINDOW: Final = timedelta(days=1)
ATTACK: Final = 50  # failures a day at one target, from whatever addresses; its owner makes a few
NONE: Final = timedelta(0)
LOCKS: Final = 64  # guessers share them by their hash


class Patience(NamedTuple):
    """How many failures cost nothing, and how long the wait after the next ones grows."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: int, since_newest: timedelta) -> timedelta:
        """How long still to wait, twice as long after each failure.

        >>> patience = Patience(5, timedelta(minutes=1), timedelta(hours=6))
        >>> [str(patience.wait(n, NONE)) for n in (4, 5, 7, 99)]
        ['0:00:00', '0:01:00', '0:04:00', '6:00:00']
        """
        if failures < self.free:
            return NONE
        times: int = 2 ** min(failures - self.free, 20)  # longer than any `longest` by then
        return max(NONE, min(self.first * times, self.longest) - since_newest)


AT_TARGET: Final = Patience(5, timedelta(minutes=1), timedelta(hours=6))  # typing mistakes
UNDER_ATTACK: Final = Patience(2, timedelta(minutes=30), timedelta(hours=6))
# Of one address over all targets: an office or a mobile network may share it.
AT_ALL: Final = Patience(20, timedelta(minutes=1), timedelta(minutes=15))


class Guesses:
    """Counts failed guesses of one kind in the store; only keyed hashes are kept."""

    def __init__(self, db: Database, key: bytes, kind: str) -> None:
        """Count guesses of `kind` in `db`, hashed under `key`."""
        self.db = db
        self._key = key
        self._kind = kind
        self._locks = [threading.Lock() for _ in range(LOCKS)]

    def one_at_a_time(self, who: str) -> threading.Lock:
        """Held while `who` guesses: guesses sent together would all be looked at before one counts.

        Within a process: beside other replicas each lets through what one alone would.
        """
        return self._locks[hash(who) % LOCKS]

    def wait(self, targets: Sequence[str], who: str, now: datetime) -> timedelta:
        """How long `who` has to wait before a guess at `targets` is looked at; 0: not at all."""
        pairs, whole, alone = self._hashes(targets, who)
        with self.db.reading() as session:
            found = session.exec(
                select(FailedGuess.key_hash, func.count(), func.max(FailedGuess.failed_at))
                .where(col(FailedGuess.key_hash).in_([*pairs, *whole, alone]))
                .where(col(FailedGuess.failed_at) > now - WINDOW)
                .group_by(col(FailedGuess.key_hash))
            )
            failed = {key: (count, max(NONE, now - newest)) for key, count, newest in found}
        nothing = (0, NONE)
        waits = [AT_ALL.wait(*failed.get(alone, nothing))]
        for pair, target in zip(pairs, whole, strict=True):
            attacked = failed.get(target, nothing)[0] >= ATTACK
            patience = UNDER_ATTACK if attacked else AT_TARGET
            waits.append(patience.wait(*failed.get(pair, nothing)))
        return max(waits)

    def failed(self, targets: Sequence[str], who: str, now: datetime) -> None:
        """Count a guess that failed; what is older than the window is forgotten."""
        pairs, whole, alone = self._hashes(targets, who)
        with self.db.transaction() as session:
            session.execute(delete(FailedGuess).where(col(FailedGuess.failed_at) <= now - WINDOW))
            for key in (*pairs, *whole, alone):
                session.add(FailedGuess(key_hash=key, failed_at=now))

    def _hashes(self, targets: Sequence[str], who: str) -> tuple[list[str], list[str], str]:
        """Of each target with `who`, of each target, of `who`."""
        pairs = [self._hash(who, target) for target in targets]
        return pairs, [self._hash("", target) for target in targets], self._hash(who, "")

    def _hash(self, who: str, target: str) -> str:
        said = "\0".join(("guess", self._kind, who, target)).encode("utf-8", "ignore")
        return hmac.digest(self._key, said, hashlib.sha256).hex()
