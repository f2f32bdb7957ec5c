"""S10: secrets are never printed. S11: a flood costs nobody else. S12: known packages only."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shopclerk.settings import Settings
from tests.bot.web_shop import open_shop

ROOT = Path(__file__).parents[2]
SECRETS = {
    "SHOPCLERK_SECRET_KEY": "planted-secret-key-0123456789",
    "SHOPCLERK_DESK_PASSWORD": "planted desk password",
    "SHOPCLERK_ORDERS_SECRET": "planted-orders-secret-012345",
    "SHOPCLERK_BACKOFFICE_SECRET": "planted-backoffice-secret",
    "SHOPCLERK_CUSTOMER_SECRET": "planted-customer-secret-012345",
    "SHOPCLERK_MAIL_SECRET": "planted-mail-secret-012345",
    "SHOPCLERK_SMTP_URL": "smtp://clerk:planted-mail-word@127.0.0.1:9",
    "SHOPCLERK_IMAP_URL": "imap://clerk:planted-box-word@127.0.0.1:9",
    "SHOPCLERK_OIDC_CLIENT_SECRET": "planted-oidc-secret",
    "SHOPCLERK_SHOPIFY_SECRET": "planted-shopify-secret",
    "SHOPCLERK_SHOPIFY_TOKEN": "planted-shopify-token",
    "SHOPCLERK_STRIPE_SECRET": "planted-stripe-secret",
    "SHOPCLERK_WOOCOMMERCE_SECRET": "planted-woo-secret",
    "SHOPCLERK_WOOCOMMERCE_KEY": "ck_planted:cs_planted",
    "SLACK_BOT_TOKEN": "xoxb-planted-bot",
    "SLACK_APP_TOKEN": "xapp-planted-app",
    "SLACK_SIGNING_SECRET": "planted-signing-secret",
}


class TestS10Secrets:
    def test_every_secret_is_planted_here(self) -> None:
        """A new one has to be, too."""
        secret = {n for n, f in Settings.model_fields.items() if "SecretStr" in str(f.annotation)}

        assert {n.upper().removeprefix("SHOPCLERK_") for n in SECRETS} == {
            n.upper() for n in secret
        }

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "command",
        [["check"], ["audit"], ["erase", "nobody"], ["promote", "99"], ["reconcile"]],
    )
    def test_no_command_prints_one(self, tmp_path: Path, command: list[str]) -> None:
        """Well or failing, on either output, with the database's password in its address."""
        environment = {
            **os.environ, **SECRETS, "PYTHONPATH": str(ROOT), "SLACK_API_URL": "http://127.0.0.1:9/",
            "SHOPCLERK_DATABASE_URL": f"sqlite:///{tmp_path}/shopclerk.db",
            "SHOPCLERK_MODELS_DIR": str(tmp_path / "models"),
            "SHOPCLERK_SHOPIFY_SHOP": "127.0.0.1:9", "SHOPCLERK_WOOCOMMERCE_URL": "http://127.0.0.1:9",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "shopclerk", *command], env=environment, cwd=tmp_path,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

        said = done.stdout + done.stderr
        assert said
        assert [] == [name for name, value in SECRETS.items() if value in said]

    def test_a_database_that_is_away_is_named_without_its_password(self) -> None:
        """In the error, as in the log."""
        from feedback.db.database import Database
        from feedback.db.errors import StoreUnreadable

        database = Database("postgresql://clerk:planted-password@127.0.0.1:9/shop")
        with pytest.raises(StoreUnreadable) as away:
            database.migrate()

        assert "planted-password" not in f"{away.value!r} {away.value} {away.value.__cause__}"

    def test_a_refused_request_repeats_no_token_and_no_password(self, one_database: Any) -> None:
        """What was wrong is named; what was secret in it is not."""
        with open_shop(one_database).visitor() as web:
            said = [
                web.get("/api/chat/history", headers={"Authorization": "Bearer planted-token"}),
                web.post("/desk/login", data={"password": "planted-password" * 100, "name": "x"}),
                web.post("/desk/login", data={"password": "planted-password", "name": "x"}),
            ]

        assert not any("planted" in one.text for one in said)


class TestS11Limits:
    def test_a_flood_from_one_shopper_costs_another_nothing(self, one_database: Any) -> None:
        """Of thirty messages at once twenty are answered, and the other shopper is."""
        with open_shop(one_database, address_per_minute=10_000).visitor() as web:
            tokens = [web.post("/api/chat/sessions", json={}).json()["token"] for _ in range(2)]

            def ask(token: str, number: int) -> int:
                return web.post(
                    "/api/chat/messages", json={"text": "return", "client_id": f"c{number}"},
                    headers={"Authorization": f"Bearer {token}"},
                ).status_code  # fmt: skip

            flood = [ask(tokens[0], number) for number in range(30)]

            assert [200] * 20 + [429] * 10 == flood
            assert 200 == ask(tokens[1], 1)

    def test_an_address_is_counted_over_all_its_sessions(self, one_database: Any) -> None:
        """New sessions do not help."""
        with open_shop(one_database, address_per_minute=5).visitor() as web:
            begun = [web.post("/api/chat/sessions", json={}).status_code for _ in range(8)]

        assert [200] * 5 + [429] * 3 == begun


class TestS12SupplyChain:
    @pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
    def test_every_package_is_pinned_with_hashes_and_without_addresses(self, name: str) -> None:
        """What is installed is what was looked at."""
        text = (ROOT / name).read_text()
        pins = re.split(r"\n(?=[a-z0-9])", text.strip())

        assert len(pins) > 60
        assert [] == [
            pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin
        ]
        assert "://" not in text

    def test_the_audit_is_part_of_lint_and_says_when_it_was_not_done(self) -> None:
        """`./clerk lint` asks for known holes; an index without the list passes, with a note."""
        script = (ROOT / "clerk").read_text()

        assert "pip_audit" in script
        assert "NOT DONE" in script

    def test_every_direct_dependency_has_a_reason(self) -> None:
        """One line each, in docs/decisions/0007."""
        wanted = re.search(
            r"\ndependencies = \[(.*?)\n\]", (ROOT / "pyproject.toml").read_text(), re.S
        )
        assert wanted
        names = re.findall(r'^\s+"([a-z-]+)', wanted[1], re.M)
        reasons = (ROOT / "docs/decisions/0007-dependencies.md").read_text()

        assert len(names) > 20
        assert [] == [name for name in names if name not in reasons]
