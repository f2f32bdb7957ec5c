"""Staff accounts: argon2id passwords, two roles, and sessions that end.

`staff` answer and judge; `owner`s also make accounts and read the audit log. Until the first owner
has an account, the shop's one password (SHOPCLERK_DESK_PASSWORD) opens the desk as owner.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, delete, select

from feedback.db import Database, FeedbackError, StaffAccount, StaffSession, find, take_turns
from feedback.desk.passwords import is_easy

ROLES: Final = ("staff", "owner")
SHORTEST_PASSWORD: Final = 10  # characters; NIST asks for 8, and a desk sees shoppers' orders
LONGEST_PASSWORD: Final = 1_000
LONGEST_NAME: Final = 60
LOCK: Final = 447_958  # PostgreSQL: accounts change one after another

# OWASP's smallest: 19 MiB and two passes, 25 ms here. The library's own 64 MiB would let sixteen
# guessers at once take a gigabyte of a small server.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE: Final = threading.BoundedSemaphore(2)


class BadAccount(FeedbackError):
    """An account cannot be as asked; the message names what and why."""


class Seat(NamedTuple):
    """Somebody logged in at the desk; `csrf` must come back with every form."""

    staff: str  # the name, as shoppers see it
    csrf: str
    role: str
    login: str | None  # None: by the shop's one password

    @property
    def actor(self) -> str:
        """Their name in the audit log."""
        return f"desk:{self.login or self.staff}"


class Accounts:
    """Logs in and out, and keeps the accounts."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def log_in(
        self,
        name: str,
        password: str,
        *,
        shared: Callable[[str], bool] | None,
        now: datetime,
        life: timedelta,
    ) -> str | None:
        """What the cookie holds from now on; None: name and password are not right together.

        Args:
            name: of an account, however written.
            password: as typed.
            shared: checks the shop's one password, which counts until an owner has an account.
            now: the time.
            life: how long the login lasts.
        """
        with self.db.reading() as session:
            account = find(session, StaffAccount, login_of(name))
            shared = None if account or _has_owner(session) else shared
        if account is not None:
            if not _matches(account.password_hash, password) or account.closed_at:
                return None
            return self._open(account.name, account.role, account.login, now, life)
        if shared is None:
            _matches(_nobodys(), password)  # as long as for a name there is
            return None
        if not shared(password):
            return None
        return self._open(" ".join(name.split()) or "Staff", "owner", None, now, life)

    def vouched_for(
        self, email: str, name: str, role: str, *, now: datetime, life: timedelta
    ) -> str | None:
        """What the cookie of somebody holds whom the company's own provider let in.

        None: the desk has closed the account of that name.
        """
        login = login_of(email)
        with self.db.reading() as session:
            account = find(session, StaffAccount, login)
        if account is not None and account.closed_at:
            return None
        shown = "".join(filter(str.isprintable, " ".join(name.split())))[:LONGEST_NAME]
        return self._open(shown or "Staff", role, login, now, life)

    def seat(self, cookie: str, now: datetime) -> Seat | None:
        """Whose cookie it is; None: nobody's any more."""
        with self.db.reading() as session:
            found = session.get(StaffSession, _hash(cookie))
            if found is None or now >= found.until:
                return None
            if found.login is None and _has_owner(session):
                return None  # the shop's one password no longer counts
            return Seat(found.name, found.csrf, found.role, found.login)

    def log_out(self, cookie: str) -> None:
        """End this login."""
        with self.db.transaction() as session:
            session.execute(
                delete(StaffSession).where(col(StaffSession.session_hash) == _hash(cookie))
            )

    def all(self) -> list[StaffAccount]:
        """Every account, by name."""
        with self.db.reading() as session:
            return list(session.exec(select(StaffAccount).order_by(col(StaffAccount.login))))

    def put(self, name: str, password: str, role: str, now: datetime) -> StaffAccount:
        """Make an account, or give one another password and role; its logins end.

        Raises:
            BadAccount: name, password or role cannot be, or no owner would be left.
        """
        shown, login = " ".join(name.split()), login_of(name)
        if not login or len(shown) > LONGEST_NAME or not shown.isprintable():
            raise BadAccount(
                f"The name {shown[:20]!r} cannot be; take 1 to {LONGEST_NAME} letters."
            )
        if role not in ROLES:
            raise BadAccount(f"The role {role[:20]!r} is not known; take staff or owner.")
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise BadAccount(f"Take {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
        if is_easy(password, shown):
            raise BadAccount(
                "The password is among the first that are guessed; take three or four words that"
                " have nothing to do with each other."
            )
        hashed = _hashed(password)
        with self.db.transaction() as session:
            take_turns(session, LOCK)
            account = session.get(StaffAccount, login) or StaffAccount(
                login=login, name=shown, password_hash="", role=role, made_at=now, changed_at=now
            )
            account.name, account.password_hash, account.role = shown, hashed, role
            account.changed_at, account.closed_at = now, None
            session.add(account)
            _settle(session, login)
            return account

    def close(self, login: str, now: datetime) -> None:
        """Let an account in no more; its logins end.

        Raises:
            BadAccount: there is none, or it is the last owner's.
        """
        with self.db.transaction() as session:
            take_turns(session, LOCK)
            account = find(session, StaffAccount, login)
            if account is None:
                raise BadAccount(f"There is no account {login[:20]!r}.")
            account.closed_at = account.closed_at or now
            _settle(session, login)

    def prune(self, now: datetime) -> int:
        """Forget logins that have ended; how many."""
        with self.db.transaction() as session:
            ended = delete(StaffSession).where(col(StaffSession.until) <= now)
            return len(session.execute(ended.returning(col(StaffSession.session_hash))).all())

    def _open(self, name: str, role: str, login: str | None, now: datetime, life: timedelta) -> str:
        cookie = secrets.token_urlsafe(32)
        with self.db.transaction() as session:
            session.add(
                StaffSession(
                    session_hash=_hash(cookie),
                    login=login,
                    name=name,
                    role=role,
                    csrf=secrets.token_urlsafe(16),
                    made_at=now,
                    until=now + life,
                )
            )
        return cookie


def login_of(name: str) -> str:
    """The name under which an account is kept.

    >>> login_of("  Mei  Ling ")
    'mei ling'
    """
    return " ".join(name.split()).casefold()[: 2 * LONGEST_NAME]


def check_shared(expected: str) -> Callable[[str], bool]:
    """Checks the shop's one password, which may be set as it is or as an argon2 hash."""
    hashed = expected.startswith("$argon2")

    def check(given: str) -> bool:
        if hashed:
            return _matches(expected, given)
        return secrets.compare_digest(_bytes(given), _bytes(expected))

    return check


def _has_owner(session: Session) -> bool:
    owners = select(StaffAccount.login).where(StaffAccount.role == "owner")
    return session.exec(owners.limit(1)).first() is not None


def _settle(session: Session, login: str) -> None:
    session.flush()
    accounts = session.exec(select(StaffAccount)).all()
    if accounts and not any(one.role == "owner" and not one.closed_at for one in accounts):
        raise BadAccount("No owner would be left; an owner's account comes first.")
    session.execute(delete(StaffSession).where(col(StaffSession.login) == login))


def _hash(cookie: str) -> str:
    return hashlib.sha256(_bytes(cookie)).hexdigest()


def _hashed(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(_bytes(password))


def _matches(hashed: str, password: str) -> bool:
    with _AT_ONCE:
        try:
            return _HASHER.verify(hashed, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # what came in may be no text at all


@cache
def _nobodys() -> str:
    return _hashed(secrets.token_urlsafe(16))
