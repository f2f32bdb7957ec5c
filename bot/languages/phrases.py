"""The clerk's own words; everything else it says is in the reply book."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ShopWords:
    """What the clerk's words need to know of the shop."""

    name: Callable[[], str]  # asked for anew: the demo shop may have ended
    # The title of the product that a page shows, in a language.
    product_at: Callable[[str | None, str], str | None] = lambda page, locale: None


@dataclass(frozen=True)
class HomePhrases:
    """A shopper's page in a channel that has one: Slack's Home tab."""

    title: str  # {shop}
    how: str  # how to ask
    ask: str  # the button
    question: str  # the field's label
    yours: str  # above the shopper's own dialogues
    none_yet: str
    states: dict[str, str]  # by `Dialogue.state`
    speaks: str  # {languages}
    staff_only: str  # to who asks for what the shop keeps to itself
    refresh: str


@dataclass(frozen=True)
class MailPhrases:
    """What a mail to a shopper says around the answer."""

    subject: str  # {shop}
    transcript_subject: str  # {shop}
    how_to_reply: str  # {shop}
    no_replies: str  # {shop}: where answers to the mail do not come back
    end: str  # {address}
    you: str
    clerk: str
    only_files: str  # in the place of words, where a mail brought files alone


@dataclass(frozen=True)
class Phrases:
    """One language's words; `{…}` are filled by the caller."""

    greeting: str  # {shop}
    greeting_product: str  # {shop} {title}: on a product's page
    ask_both: str
    ask_number: str
    ask_email: str
    not_found: str
    order_question: str  # as a shopper asks who gives a number and nothing else
    insisting: str  # behind one of the three questions, when the first was not answered
    choices: str
    which_product: str
    no_products: str
    none_cheaper: str  # {title} {price}: of the cheapest of those seen
    none_dearer: str  # {title} {price}: of the dearest
    popular: str  # what is bought most, behind it
    close: str  # {wish}: the words below
    in_colour: str  # {colours}
    in_size: str  # {sizes}
    up_to: str  # {price}
    at_least: str  # {price}
    products_title: str  # of a button that shows products
    found: str  # products behind it
    shown: str  # {title} {price}
    costs: str  # {title} {price}
    used_to_cost: str  # {title} {was} {price}
    so_many_left: str  # {title} {count}
    in_stock: str  # {title}
    in_stock_in: str  # {title} {values}
    sold_out: str  # {title}
    also_sold_out: str  # {values}
    variant_in_stock: str  # {title} {values} {price}
    variant_sold_out: str  # {title} {values}
    no_such_variant: str  # {title} {values}
    comes_in: str  # {title} {values}
    described: str  # {title} {sentence}
    not_described: str  # {title}
    page_is_in: str  # {language}: before words of a page in another language
    page_languages: dict[str, str]  # their names by locale; "" for all others
    handover: str  # {hours} is one of the two below, or nothing
    handover_again: str
    small_talk: Mapping[str, str]  # to "ok", thanks, …, by act, where the book has no reply
    left: str  # to "no", to "don't": nothing is done
    none_of_these: str  # to "no" after choices
    noted: str  # what a colleague asked for was told
    hours: str  # {office_hours}
    lookups_over: str
    abuse: str  # calm, and no sermon
    talk_to_person: str
    too_long: str  # {limit}
    thumbs_up: str
    thumbs_down: str
    thanks: str
    sorry: str
    corrected: str  # {text}: a colleague changed what they had written
    withdrawn: str  # in the place of what a colleague took back
    taken_over: str  # {name}
    works: str  # what the clerk does meanwhile, behind its name: "is looking it up"
    colleague_works: str
    file_refused: str  # {name}: the file's
    tell_more: str
    what_was_wrong: str
    send: str
    trouble: str
    not_yours: str
    view: str
    from_price: str  # {price}
    order_steps: tuple[str, str, str, str]  # ordered, paid, on its way, delivered
    no_tracking: str
    nothing_refunded: str
    status_words: dict[str, str]
    # The same on a page of a product, the basket, an order; at most three each.
    prompts_at: Mapping[Literal["product", "basket", "order"], tuple[tuple[str, str], ...]]
    prompts: tuple[tuple[str, str], ...]  # questions to begin with: a title, and what is then asked
    mail: MailPhrases
    home: HomePhrases
