"""A language pack: everything the clerk says and understands in one language, as plain data.

Patterns are regular expressions; what a language does not say stays empty.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.languages.phrases import Phrases
from feedback.languages import Language

AbuseKind = Literal["threat", "slur", "insult"]


@dataclass(frozen=True)
class PriceWords:
    """How a price is said; AMOUNT stands for one, `before` and `after` for a word next to it."""

    between: str = ""  # the whole of it: "between AMOUNT and AMOUNT"
    to: str = ""  # from one to another
    at_most_before: str = ""
    at_most_after: str = ""
    at_least_before: str = ""
    at_least_after: str = ""
    about_before: str = ""
    about_after: str = ""
    # Numbers in words of letters of its own, as 八十, and what reads them.
    number: str = ""
    read_number: Callable[[str], Decimal] | None = None


@dataclass(frozen=True)
class SizeWords:
    """How a size is said."""

    option: tuple[str, ...] = ()  # what a product's option of sizes is called
    before: str = ""  # what stands before a size, as "size" in "size M"
    after: str = ""
    named: str = ""  # a size that has a name, as "medium"
    names: Mapping[str, str] = field(default_factory=dict)  # the name → S, M or L


@dataclass(frozen=True)
class ProductWords:
    """How one asks about products; patterns."""

    price: str = ""
    stock: str = ""
    sizes: str = ""  # which there are
    colours: str = ""
    cheaper: str = ""
    dearer: str = ""
    cheapest: str = ""  # of those that were shown
    dearest: str = ""
    others: str = ""  # than those that were shown
    which: str = ""  # of those that were shown: "which one is lighter"
    popular: str = ""  # what is bought most
    show: str = ""  # "show me", "looking for"
    something: str = ""  # wishes for what a condition holds of: "something for a dark corner"
    seeks: str = ""  # looks for something the shop sells: "do you have", "something to"
    it: str = ""  # stands for the product that was spoken of
    goes_on: str = ""  # asks the same of something else: "what about plants"
    of_it: str = ""  # asks what "it" is or does, whatever else is named: "does it fit the lamp"
    ordinals: tuple[str, ...] = ()  # the first one, the second one, …
    last: str = ""
    definite: str = ""  # says that one of those shown is meant: "the folding one"
    questions: str = ""  # a turn that asks, rather than names or wishes for something
    service: str = (
        ""  # what the shop does with a product, as no description tells: "send", "refund"
    )
    sells: str = ""  # asks whether there is such a thing in the shop: "do you sell"
    denied: str = ""  # how a description says what the product is not, or not for
    # Facts of products by name: how each is asked for, and how a description tells it.
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class TurnWords:
    """How a turn does something besides asking; patterns."""

    greeting: str = ""  # in front of what is asked
    correction: str = ""  # in front of what was meant: "no, I mean"
    forbids: str = ""  # says that something must not be done
    yes: str = ""  # the whole of a turn
    no: str = ""
    person: str = ""  # wants a person
    bare: str = ""  # words that say nothing of what is asked about: "how long does it take"
    # The plainest words of small talk, by what they do: the book's reply to them is its own.
    plainest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PromiseWords:
    """How a reply promises that the staff will do something; patterns."""

    promised: str = ""
    asked: str = ""  # what the shopper has to send first
    condition: str = ""  # how a sentence begins that says only what happens if


@dataclass(frozen=True, eq=False)
class LanguagePack:
    """One language; `language` is the part of it that reports and redaction need too."""

    language: Language
    phrases: Phrases
    widget: Mapping[str, str]  # English where a word is missing
    storefront: Mapping[str, str]  # English where a word is missing
    show_date: Callable[[datetime], str]
    tag: str = ""  # the language as pages declare it, where that is more than its locale
    names: Mapping[str, str] = field(default_factory=dict)  # of shelves, options and their values
    list_separator: str = ", "
    stop_words: frozenset[str] = frozenset()  # of a product search: they say not what for
    stop_parts: str = ""  # the same where no spaces part words
    colours: Mapping[str, str] = field(default_factory=dict)  # English name → how it is said
    sizes: SizeWords = SizeWords()
    prices: PriceWords = PriceWords()
    products: ProductWords = ProductWords()
    promises: PromiseWords = PromiseWords()
    turns: TurnWords = TurnWords()
    another_question: str = ""  # what begins a further question in a message
    order_filler: str = ""  # words that only introduce an order's number and an e-mail
    abuse: tuple[tuple[AbuseKind, str], ...] = ()

    @property
    def locale(self) -> str:
        """Its locale, without a country."""
        return self.language.locale
