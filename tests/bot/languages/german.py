"""German, a third language: the worked example of docs/extending/language.md."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.languages.pack import LanguagePack, PriceWords, SizeWords
from bot.languages.registry import phrases_in
from feedback.languages import EntityWords, Language

# feedback/languages/german.py
COMMON: Final = """
    aber als am auf auch das dass dem den der die ein eine einen er es für gibt haben hat ich ihr
    ihre im in ist kann mein meine meinen mich mir mit nicht noch oder sie sind und von war was
    wann wie wo zu
"""
LANGUAGE: Final = Language(
    locale="de",
    name="Deutsch",
    common=frozenset(COMMON.split()),
    kind=("danke", "gut", "hilfreich", "super"),
    unkind=("falsch", "schlecht", "unhöflich"),
    denials=frozenset(("nicht", "kein", "keine")),
    report={"do_wait": "Lassen Sie die Kontrollgruppe, wie sie ist.", "rps": "Umsatz je Kunde"},
    entities=EntityWords(
        order_before=r"\bbestell(?:ung|nummer)(?:\s+ist)?[\s:#]*", currencies=r"euro\b"
    ),
    personal=((re.compile(r"\b(Versichertennummer:? )[A-Z]\d{9}\b"), r"\1<ID>"),),
)


# bot/languages/german.py
STOP_WORDS: Final = "ein eine einen gibt haben hat ich sie suche unter"


def show_date(moment: datetime) -> str:
    """As in 5.3.2026."""
    return f"{moment.day}.{moment.month}.{moment.year}"


GERMAN: Final = LanguagePack(
    language=LANGUAGE,
    phrases=replace(
        phrases_in("en"),
        greeting="Guten Tag, ich bin der Verkäufer bei {shop}.",
        ask_both="Gerne. Wie lauten die Bestellnummer und Ihre E-Mail-Adresse?",
    ),
    widget={"send": "Senden"},
    storefront={"basket": "Warenkorb"},
    show_date=show_date,
    stop_words=frozenset(
        ["ein", "eine", "einen", "gibt", "haben", "hat", "ich", "sie", "suche", "unter"]
    ),
    colours={"red": r"\brot(?:e[rnsm]?)?\b", "black": r"\bschwarz(?:e[rnsm]?)?\b"},
    sizes=SizeWords(option=("größe",), before=r"\b(?:größe|Größe)\s+"),
    prices=PriceWords(
        between=r"\bzwischen\s+AMOUNTund\s+AMOUNT",
        at_most_before=r"\b(?:unter|bis zu|höchstens)\b",
    ),
    abuse=(("insult", r"\bihr (?:seid )?(?:alle )?(?:idioten|betrüger)\b"),),
)
