"""Stories of the desk's accounts: who gets in, as what, and for how long."""

import pytest
from sqlmodel import select

from feedback.db.tables.audit import StaffAccount, StaffSession
from feedback.desk.accounts import Accounts, BadAccount, check_shared
from feedback.desk.audit import Audit, Deed
from tests.factories import NOW, hours

GOOD = "correct horse battery"


def enter(accounts, name, password, *, shared=None, now=NOW):
    """Log in, and read whose seat it is."""
    cookie = accounts.log_in(name, password, shared=shared, now=now, life=hours(12))
    return accounts.seat(cookie, now) if cookie else None


@pytest.fixture
def accounts(database):
    return Accounts(database)


class TestFirstOwner:
    def test_the_shops_password_opens_until_an_owner_has_an_account(self, accounts):
        """
        Then it is worth nothing, and who came in by it is out at once.
        """
        shared = check_shared("open sesame")
        before = accounts.log_in("Mei", "open sesame", shared=shared, now=NOW, life=hours(12))
        seat = accounts.seat(before, NOW)
        assert ("Mei", "owner", None) == (seat.staff, seat.role, seat.login)

        accounts.put("Ana", GOOD, "owner", NOW)

        assert accounts.seat(before, NOW) is None
        assert enter(accounts, "Mei", "open sesame", shared=shared) is None
        assert enter(accounts, "ana", GOOD, shared=shared).role == "owner"

    def test_the_first_account_is_an_owners_and_the_last_owner_stays(self, accounts):
        """
        Nobody locks the shop out of its own desk.
        """
        with pytest.raises(BadAccount, match="owner"):
            accounts.put("Ben", GOOD, "staff", NOW)
        accounts.put("Ana", GOOD, "owner", NOW)
        with pytest.raises(BadAccount, match="No owner would be left"):
            accounts.close("ana", NOW)
        with pytest.raises(BadAccount, match="No owner would be left"):
            accounts.put("Ana", GOOD, "staff", NOW)

    def test_the_shops_password_may_be_set_as_a_hash(self, accounts):
        """
        So that not even the settings hold it.
        """
        accounts.put("Ana", GOOD, "owner", NOW)
        with accounts.db.reading() as session:
            hashed = session.get(StaffAccount, "ana").password_hash

        assert (True, False) == (check_shared(hashed)(GOOD), check_shared(hashed)(hashed))


class TestLogins:
    @pytest.fixture(autouse=True)
    def ana_and_ben(self, accounts):
        accounts.put("Ana", GOOD, "owner", NOW)
        accounts.put("Ben Li", "another good one", "staff", NOW)

    def test_a_name_is_the_same_however_it_is_written(self, accounts):
        """
        The role comes with it.
        """
        assert ("Ben Li", "staff") == enter(accounts, "  ben  LI ", "another good one")[0::2][:2]

    @pytest.mark.parametrize("password", ["", "Another good one", GOOD, "x" * 5_000, "\ud800"])
    def test_another_password_is_refused(self, accounts, password):
        """
        Somebody else's, too.
        """
        assert enter(accounts, "Ben Li", password) is None

    def test_a_login_ends_after_its_time_and_with_the_account(self, accounts):
        """
        Closing an account, or giving it another password, ends its logins at once.
        """
        cookies = [
            accounts.log_in(name, word, shared=None, now=NOW, life=hours(12))
            for name, word in (("Ana", GOOD), ("Ben Li", "another good one"))
        ]
        late = accounts.seat(cookies[0], NOW + hours(12))
        accounts.put("Ana", "a newer password", "owner", NOW)
        accounts.close("ben li", NOW)

        assert [None] * 3 == [late, *(accounts.seat(cookie, NOW) for cookie in cookies)]
        assert enter(accounts, "Ben Li", "another good one") is None

    def test_the_store_holds_neither_passwords_nor_cookies(self, accounts):
        """
        Whoever reads a backup can not log in with it.
        """
        cookie = accounts.log_in("Ana", GOOD, shared=None, now=NOW, life=hours(12))
        with accounts.db.reading() as session:
            tables = (StaffAccount, StaffSession)
            kept = str([session.exec(select(table)).all() for table in tables])

        assert "$argon2id$" in kept
        assert GOOD not in kept
        assert cookie not in kept

    @pytest.mark.parametrize(
        ("name", "password", "role"),
        [(" ", GOOD, "staff"), ("x\n\x00", GOOD, "staff"), ("x" * 61, GOOD, "staff"),
         ("Cy", "short", "staff"), ("Cy", "x" * 1_001, "staff"), ("Cy", GOOD, "root")],
    )  # fmt: skip
    def test_what_can_not_be_is_named(self, accounts, name, password, role):
        """
        Without repeating the password.
        """
        with pytest.raises(BadAccount) as refused:
            accounts.put(name, password, role, NOW)
        assert password not in str(refused.value)


class TestAudit:
    def test_a_deed_is_one_line_and_the_newest_comes_first(self, database):
        """
        A repeat under the same key is the same deed.
        """
        audit = Audit(database)
        deed = Deed("desk:ana", "owner", "desk.send")

        kept = [
            audit.note(deed._replace(subject=key * 300), key=key, now=NOW)
            for key in ("a", "a", "b")
        ]

        assert [True, False, True] == kept
        assert ["b" * 200, "a" * 200] == [line.subject for line in audit.newest()]
        assert [] == audit.newest(action="slack.")
