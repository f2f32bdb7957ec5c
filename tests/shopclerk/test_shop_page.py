"""docs/shop.md, followed word by word: its settings, its commands, its webhooks."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.shops.stripe.topics import HANDLERS
from shopclerk.cli import app
from shopclerk.demo_shop import DEMO_DIR
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring.base import open_database
from tests import shop_page
from tests.factories import make_store, open_dialogue
from tests.feedback.knowledge.sites.site_server import html, local_site

# What a reader has at hand for each command, and what they then read.
FOLLOWED = {
    "import products FILE…": "42 products imported",
    f"import knowledge {shop_page.SHOP}/": "1 page",
    "import replies macros.json": "1 replies",
    "import facts facts.jsonl": "1 facts",
    "import dialogues tickets.jsonl": "4 dialogues",
    "propose": "1 replies given again and again",
    "reconcile --since 2026-01-01": "SHOPCLERK_SHOPIFY_SHOP",
    "check": "read; public address",
    "export SHOPPER": '"dialogues": [',
    "erase SHOPPER": "1 shoppers forgotten",
}
# Followed elsewhere: questions one after the other, and a server that runs until it is ended.
ELSEWHERE = {"init", "up"}


class Reader:
    """Somebody in an empty folder who does what the page says."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder, self._site = folder, site

    def has(self, name: str, *lines: Any) -> None:
        """Put a file of theirs there."""
        text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
        (self._folder / name).write_text(text, encoding="utf-8")

    def shopper(self) -> str:
        """Somebody who chatted with the clerk of this folder; their id."""
        database = open_database(read_settings())
        dialogue = open_dialogue(make_store(database))
        database.close()
        return dialogue.shopper_id

    def does(self, command: str, shopper: str) -> str:
        """A command with their own file, address, shopper; all that is printed."""
        for theirs, ours in (
            ("FILE…", str(DEMO_DIR / "products.csv")),
            (f"{shop_page.SHOP}/", f"{self._site} --local"),
            ("SHOPPER", shopper),
        ):
            command = command.replace(theirs, ours)
        done = CliRunner().invoke(app, shlex.split(command))
        return f"{done.output}{done.exception or ''}"


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader with the settings that the page says to put into `.env`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(shop_page.code("SHOPCLERK_SHOP_NAME", language=""))
    with local_site() as site:
        site.pages["/"] = html("<p>We ship on weekdays, from our own house.</p>")
        yield Reader(tmp_path, site.url)


class TestSettings:
    def test_the_lines_for_env_are_read_as_they_stand(self, reader):
        """With the remark behind each."""
        settings = read_settings()

        assert ("Your shop", shop_page.CLERK, shop_page.SHOP, "EUR") == (
            settings.shop_name,
            settings.public_url,
            settings.shop_url,
            settings.currency,
        )
        assert (shop_page.SHOP,) == tuple(settings.allowed_origins)

    def test_every_setting_that_is_named_exists(self):
        """Under this name."""
        named = set(re.findall(r"SHOPCLERK_([A-Z_]+)\b", shop_page.PAGE.read_text("utf-8")))

        assert set() == {each for each in named if each.lower() not in Settings.model_fields}


class TestCommands:
    def test_each_command_is_followed_here(self):
        """A new one has to be."""
        assert set(FOLLOWED) | ELSEWHERE == shop_page.commands()

    def test_from_an_empty_folder_to_a_shop_and_away_again(self, reader):
        """Each says what came of it."""
        said = {"field": "comment_value", "value": "Send it back within 30 days, we pay for it."}
        reader.has("macros.json", {"title": "Returns", "locale": "en", "actions": [said]})
        reader.has("facts.jsonl", shop_page.said(r"lines such as `([^`]+)`"))
        ticket = shop_page.said(r"any other \| `([^`]+)`")
        turns = [
            {"speaker": "shopper", "text": "do you gift wrap the kettle?"},
            {"speaker": "clerk", "text": "Yes, we wrap it in paper for three dollars."},
        ]
        tickets = [{**json.loads(ticket), "id": f"d{n}", "turns": turns} for n in range(4)]
        reader.has("tickets.jsonl", *tickets)
        shopper = reader.shopper()
        told = {command: reader.does(command, shopper) for command in FOLLOWED}

        assert {} == {c: told[c] for c, word in FOLLOWED.items() if word not in told[c]}


class TestStripe:
    def test_every_event_that_is_asked_for_is_read(self):
        """None of them is left alone as unknown."""
        rows = shop_page.said(r"\| events \| are \|\n\| --- \| --- \|\n(.*?)\n\n")
        named = set()
        for row in rows.splitlines():
            first = ""
            for event in re.findall(r"`([a-z_.]+)`", row.split("|")[1]):
                first = event if not event.startswith(".") else first
                whole = event if not event.startswith(".") else first.rsplit(".", 1)[0] + event
                named.add(whole)

        assert len(named) > 10
        assert set() == named - set(HANDLERS)
