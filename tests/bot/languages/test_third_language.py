"""A third language: two packs of plain data, and the whole clerk speaks and reads it."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.conversation.abuse import find_abuse
from bot.http.assets import chat_scripts, widget
from bot.knowledge.product_query import read_product_query
from bot.knowledge.search_terms import query_words
from bot.languages.detect import reply_locale
from bot.languages.registry import PACKS, pack_in
from bot.languages.storefront_strings import language_of, page_words
from feedback.entities import read_order_words
from feedback.experiments import RPS
from feedback.knowledge.importers.records import FactLine, ReplyLine, Translation
from feedback.languages import LANGUAGES, topic_words
from feedback.redaction import redact
from feedback.report.sentiment import sentiment
from feedback.report.strings import words_in
from tests.bot.languages.german import GERMAN, LANGUAGE
from tests.factories import NOW, make_product


@pytest.fixture(autouse=True)
def german_is_known(monkeypatch):
    """What a line in each registry does."""
    monkeypatch.setitem(LANGUAGES, LANGUAGE.locale, LANGUAGE)
    monkeypatch.setitem(PACKS, GERMAN.locale, GERMAN)


class TestDetection:
    @pytest.mark.parametrize(
        ("text", "session", "locale"),
        [
            ("wo ist meine Bestellung", "en", "de"),
            ("where is my order", "de", "en"),
            ("我的订单到哪了", "de", "zh"),
            ("1001 a@b.com", "de", "de"),
            ("Rucksack Tasche Jacke", "de", "de"),
        ],
    )
    def test_tells_it_from_english_by_common_words(self, text, session, locale):
        """Both are written in Latin letters; where no word tells, the session's stays."""
        assert locale == reply_locale([text], session=session)


class TestTheClerk:
    def test_answers_in_it_with_its_own_facts(self, shop):
        """Asked in an English session."""
        shop.book.put_replies(
            [ReplyLine("return_policy", "Sie haben {policy.return_days} Zeit.", "de")], NOW
        )
        shop.book.put_facts([FactLine("return_days", "30 Tage", "de")], NOW)
        question = "kann ich das noch zurückgeben"
        shop.ranker.says(question, "return_policy")
        answer = shop.clerk.reply(shop.open("en"), question, client_id="c1")

        assert ("Sie haben 30 Tage Zeit.", "de") == (answer.text, shop.ranker.asked[-1][1])

    def test_has_fixed_phrases_of_it(self, shop):
        """What it does not say is said in English."""
        assert "Guten Tag, ich bin der Verkäufer bei Juniper Lane." == shop.clerk.greeting("de-AT")
        assert pack_in("en").phrases.thanks == pack_in("de").phrases.thanks
        assert "5.3.2026" == pack_in("de").show_date(datetime(2026, 3, 5, tzinfo=UTC))

    def test_reads_an_order_number(self):
        """Behind the language's own word for it."""
        assert "1001" == read_order_words("Bestellnummer: 1001").number

    def test_knows_an_insult(self):
        """And no other word for one."""
        assert ("insult", "ihr seid alle betrüger") == find_abuse("Ihr seid alle Betrüger!")
        assert find_abuse("Ist das ein Betrug an Kunden?") is None


class TestProducts:
    def test_prices_colours_and_sizes_are_read(self):
        """Next to those of the other languages, which shoppers mix."""
        query = read_product_query("eine rote Jacke Größe M unter 50 Euro")
        mixed = read_product_query("zwischen 20 und 80 Euro, black or 红色")

        assert (Decimal(50), ["red"], ["M"]) == (query.high, [*query.colours], [*query.sizes])
        assert (Decimal(20), Decimal(80)) == (mixed.low, mixed.high)
        assert ["black", "red"] == sorted(mixed.colours)

    def test_stop_words_are_the_shoppers_own(self):
        """The German for "has" is a hat to an English one."""
        assert ["größe"] == query_words("hat ein Größe", "de")
        assert ["hat"] == query_words("a hat", "en")

    def test_titles_are_found_and_shown(self, shop):
        """A product's title in it, imported beside the shop's own."""
        said = (Translation("de", "Wanderrucksack"),)
        shop.catalogue.put_products([make_product(title="Ridge Backpack", translations=said)], NOW)
        item = shop.catalogue.product("ridge-backpack")

        assert ("Wanderrucksack", "Ridge Backpack") == (item.title_in("de"), item.title_in("zh"))


class TestPages:
    def test_follow_the_browser(self):
        """Words that are missing are English."""
        assert "de" == language_of(None, "de-DE,de;q=0.9,en;q=0.8")
        assert ("Warenkorb", "Quantity") == (
            page_words("de")["basket"],
            page_words("de")["quantity"],
        )

    def test_the_widget_brings_its_words(self):
        """The launcher has every language's, a chat its own; what is missing is English."""
        for made in (widget, chat_scripts):
            made.cache_clear()
        scripts = widget().content.decode(), chat_scripts()["de"].content.decode()
        for made in (widget, chat_scripts):
            made.cache_clear()
        (launcher,) = re.findall(r'"de":\s*(\{[^}]*\})', scripts[0])

        assert "Chat with our clerk" == json.loads(launcher)["launch"]
        assert '"Senden"' in scripts[1]


class TestOnTheGround:
    def test_the_report_says_what_is_given_and_the_rest_in_english(self):
        """Metrics too."""
        words = words_in("de")

        assert ("de", "Lassen Sie die Kontrollgruppe, wie sie ist.") == (
            words.locale, words["do_wait"],
        )  # fmt: skip
        assert words_in("en")["do_keep"] == words["do_keep"]
        assert "Umsatz je Kunde" == words.title(RPS)

    def test_topics_and_comments_are_read(self):
        """Letters with dots are letters."""
        assert ["größe", "jacke"] == topic_words("Wie ist die Größe der Jacke?")
        assert ("positive", "negative") == (sentiment("sehr hilfreich"), sentiment("nicht gut"))

    def test_redaction_works_as_before_and_takes_what_is_its_own(self):
        """E-mails and names by the common rules, the language's numbers by its pack's."""
        text = "Ich heiße Anna Vogel, anna@home.example, Versichertennummer A123456789"

        found = redact(text).text

        assert "Anna" not in found
        assert "home.example" not in found
        assert "Versichertennummer <ID>" in found
