"""`shopclerk init`: an interview that connects a shop, scripted here."""

from pathlib import Path

import pytest

from feedback.db.database import Database
from feedback.knowledge.catalogue import Catalogue
from shopclerk.commands.init import init
from shopclerk.settings import EnvFile, read_settings

PRODUCTS = """\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant Price
kettle,Copper Kettle,<p>For the stove.</p>,Hearth,Kettles,tea,true,Title,Default Title,49.00
"""


class Person:
    """Answers questions by the first words of theirs that are known; the rest is left out."""

    def __init__(self, **said: str | list[str]) -> None:
        self.said = {part.replace("_", " "): said[part] for part in said}
        self.asked: list[str] = []
        self.hidden: list[str] = []

    def __call__(self, question: str, *, default: str = "", hidden: bool = False) -> str:
        self.asked.append(question)
        if hidden:
            self.hidden.append(question)
        for part, answer in self.said.items():
            if part in question:
                if isinstance(answer, str):
                    del self.said[part]
                    return answer
                if answer:
                    return answer.pop(0)
        return ""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to begin in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestInit:
    def test_what_was_said_holds_from_then_on(self, folder: Path) -> None:
        """In `.env`, which only its owner reads; the shop's address may embed the chat."""
        told: list[str] = []
        person = Person(
            called="Hearth & Home",
            Where_is_it="https://hearth.example/",
            reach_the_clerk="https://clerk.hearth.example",
            time_zone="Europe/Berlin",
        )

        init(person, told.append)
        settings = read_settings()

        assert "Hearth & Home" == settings.shop_name
        assert ("https://hearth.example",) == settings.allowed_origins
        assert "Europe/Berlin" == settings.time_zone
        assert 0o600 == (folder / ".env").stat().st_mode & 0o777
        assert any('src="https://clerk.hearth.example/widget.js"' in line for line in told)

    def test_every_step_may_be_left_out(self, folder: Path) -> None:
        """Then nothing was written, and what is lacking is named."""
        findings = init(Person(), lambda _: None)

        assert not (folder / ".env").exists()
        assert {"book", "products"} <= {each.subject for each in findings if not each.well}

    def test_what_cannot_be_is_said_and_asked_again(self, folder: Path) -> None:
        """A time zone that is none, a file that is not there: the remedy, and another try."""
        told: list[str] = []
        (folder / "products.csv").write_text(PRODUCTS)
        person = Person(
            time_zone=["Mars/Phobos", "Europe/Paris"],
            file_of_your_products=["gone.csv", "products.csv"],
        )

        init(person, told.append)

        assert any("not a time zone" in line for line in told)
        assert any("gone.csv" in line for line in told)
        assert "Europe/Paris" == read_settings().time_zone
        database = Database(read_settings().database_url)
        assert 1 == Catalogue(database).stamp()[0]
        database.close()

    def test_a_secret_is_asked_for_unseen_and_its_address_named(self, folder: Path) -> None:
        """Shopify's, and where it has to send."""
        told: list[str] = []
        secret = "0123456789abcdef0123456789abcdef"
        person = Person(has_your_orders=["magento", "shopify"], signs_its_webhooks=secret)

        init(person, told.append)

        assert any(question.startswith("The secret") for question in person.hidden)
        assert any("magento is none of them" in line for line in told)
        assert any("/webhooks/shopify" in line for line in told)
        assert secret == EnvFile().value("shopify_secret")
        assert not any(secret in line for line in told)

    def test_the_rest_of_the_file_stays(self, folder: Path) -> None:
        """Comments and what somebody else set; said again, a value is replaced."""
        (folder / ".env").write_text(
            "# ours\nSHOPCLERK_HOLDOUT_SHARE=0.2\nSHOPCLERK_SHOP_NAME=Old\n"
        )

        init(Person(called="New"), lambda _: None)
        kept = (folder / ".env").read_text()

        assert kept.startswith("# ours\nSHOPCLERK_HOLDOUT_SHARE=0.2\n")
        assert "New" == read_settings().shop_name
        assert 1 == kept.count("SHOPCLERK_SHOP_NAME")
