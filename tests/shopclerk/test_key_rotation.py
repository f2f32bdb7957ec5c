"""SHOPCLERK_SECRET_KEY as a list: what an older key signed or hashed is known under the newest."""

import pytest
from sqlmodel import select

from bot.tokens import BadToken
from feedback.db.tables.people import Identity
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.dialogues.repository import Store
from feedback.privacy.erasure import Erasure
from serving.errors import BrokenVersion
from shopclerk.settings import BadSettings, Settings, read_settings
from shopclerk.wiring import EXPERIMENT, build_orders, slack_shopper, version_folder
from shopclerk.wiring.base import build_tokens
from tests.factories import NOW, make_purchase, open_dialogue
from tests.serving.fakes import write_version

OLD, NEW, FOREIGN = "o" * 32, "n" * 32, "f" * 32
BEFORE, AFTER, DONE = OLD, f"{NEW}, {OLD}", NEW
EMAIL = "mei@shop.example"


@pytest.fixture
def settings(tmp_path):
    """Settings with a secret key."""

    def settings(secret_key: str) -> Settings:
        return Settings(
            _env_file=None,
            secret_key=secret_key,
            models_dir=tmp_path / "models",
            database_url=f"sqlite:///{tmp_path}/shopclerk.db",
        )

    return settings


class TestSetting:
    def test_keys_are_separated_by_commas(self, settings):
        """Newest first."""
        assert [NEW, OLD] == settings(AFTER).secret_keys

    @pytest.mark.parametrize("listed", [f"{NEW},changeme", f"{NEW},short", ","])
    def test_none_of_them_may_be_an_example(self, monkeypatch, listed):
        """An old one is believed as much as the newest."""
        monkeypatch.setenv("SHOPCLERK_SECRET_KEY", listed)

        with pytest.raises(BadSettings, match="openssl rand"):
            read_settings()


class TestSigned:
    def test_a_token_is_read_until_its_key_is_taken_away(self, settings):
        """A chat that is open goes on; a new token needs the newest key alone."""
        old = build_tokens(settings(BEFORE)).session("anna", "d1", "")
        new = build_tokens(settings(AFTER)).session("anna", "d1", "")

        assert "anna" == build_tokens(settings(AFTER)).read_session(old).shopper_id
        assert "anna" == build_tokens(settings(DONE)).read_session(new).shopper_id
        with pytest.raises(BadToken):
            build_tokens(settings(DONE)).read_session(old)
        with pytest.raises(BadToken):
            build_tokens(settings(FOREIGN)).read_session(new)

    def test_a_version_is_believed_until_its_key_is_taken_away(self, settings):
        """The next one is signed with the newest key."""
        old = version_folder(settings(BEFORE)).publish(write_version())
        new = version_folder(settings(AFTER)).publish(write_version())

        version_folder(settings(AFTER)).verify(old)
        version_folder(settings(DONE)).verify(new)
        with pytest.raises(BrokenVersion, match="not signed"):
            version_folder(settings(DONE)).verify(old)


class TestHashed:
    @pytest.fixture
    def orders(self, database, settings):
        """The orders of one store, under any keys."""
        return lambda keys: build_orders(settings(keys), database)

    def buy(self, orders, order_id="1001"):
        purchase = make_purchase(order_id=order_id, number=order_id, email=EMAIL)
        return orders.record(purchase, NOW)

    def test_an_order_is_found_by_its_old_hash_and_then_by_the_new_one(self, orders):
        """Once somebody named the address the old key may go."""
        self.buy(orders(BEFORE))

        assert orders(AFTER).look_up("1001", EMAIL) is not None
        assert orders(DONE).look_up("1001", EMAIL) is not None

    def test_an_order_that_nobody_named_is_lost_with_its_key(self, orders):
        """As the documentation says."""
        self.buy(orders(BEFORE))

        assert orders(DONE).look_up("1001", EMAIL) is None

    def test_a_shopper_who_gave_the_address_before_is_matched_after(self, orders, database):
        """By what the shop reports."""
        open_dialogue(Store(database, EXPERIMENT, DeskHooks()), shopper_id="anna")
        orders(BEFORE).remember_email("anna", EMAIL, NOW)

        bought = self.buy(orders(AFTER))

        assert ("anna", "email") == (bought.shopper_id, bought.bridge)

    def test_the_same_shopper_again_is_one_identity(self, orders, database):
        """Not one under each key, which would be two people."""
        open_dialogue(Store(database, EXPERIMENT, DeskHooks()), shopper_id="anna")
        for keys in (BEFORE, AFTER, AFTER):
            orders(keys).remember_email("anna", EMAIL, NOW)

        with database.reading() as session:
            assert 1 == len(session.exec(select(Identity)).all())

    def test_whoever_is_forgotten_is_found_under_every_key(self, orders, database):
        """With their orders."""
        self.buy(orders(BEFORE), "1001")
        self.buy(orders(f"{FOREIGN},{OLD}"), "1002")

        found = orders(f"{NEW},{FOREIGN},{OLD}").known_hash(EMAIL)

        bought = {key.order_id for key in Erasure(database).orders_of_email(found)}
        assert {"1001", "1002"} == bought


class TestSlack:
    def test_a_person_stays_the_shopper_they_are(self, database, settings):
        """With their arm and their dialogue; somebody new is known by the newest key."""
        store = Store(database, EXPERIMENT, DeskHooks())
        anna = slack_shopper(settings(BEFORE), store)("T1", "U1")
        open_dialogue(store, shopper_id=anna)

        after = slack_shopper(settings(AFTER), store)

        assert anna == after("T1", "U1")
        assert after("T1", "U2") == slack_shopper(settings(DONE), store)("T1", "U2")
