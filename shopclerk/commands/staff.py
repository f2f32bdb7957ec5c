"""`shopclerk staff` and `audit`: desk accounts, and the log of who did what."""

import getpass
import sys
from typing import Any

from feedback.desk import Accounts, Audit, login_of
from shopclerk.settings import read_settings
from shopclerk.wiring import open_database, utc_now


def read_password() -> str:
    """From standard input, or asked for twice: never an argument, which every process may read.

    Raises:
        SystemExit: typed twice, and not the same.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass.getpass("Password: ")
    if typed != getpass.getpass("The same again: "):
        raise SystemExit("shopclerk: the two are not the same; nothing was changed.")
    return typed


def put(name: str, role: str) -> str:
    """Make an account, or give one another password and role.

    Raises:
        BadAccount: it cannot be so.
    """
    password = read_password()
    database = open_database(read_settings())
    try:
        made = Accounts(database).put(name, password, role, utc_now())
    finally:
        database.close()
    return f"{made.name} may log in at /desk as {made.role}."


def close(name: str) -> str:
    """Let somebody in no more.

    Raises:
        BadAccount: there is no such account, or it is the last owner's.
    """
    database = open_database(read_settings())
    try:
        Accounts(database).close(login_of(name), utc_now())
    finally:
        database.close()
    return f"{name} may log in no more; open logins have ended."


def accounts() -> list[dict[str, Any]]:
    """Every account, without its password."""
    database = open_database(read_settings())
    try:
        found = Accounts(database).all()
    finally:
        database.close()
    return [one.model_dump(mode="json", exclude={"password_hash"}) for one in found]


def audit(limit: int) -> list[dict[str, Any]]:
    """The newest lines of the audit log."""
    database = open_database(read_settings())
    try:
        found = Audit(database).newest(limit)
    finally:
        database.close()
    return [line.model_dump(mode="json", exclude={"entry_key"}) for line in found]
