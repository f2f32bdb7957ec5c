"""The clerk's own words; everything else it says is in the reply book."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ShopWords:
    """What the clerk's words need to know of the shop."""

    name: Callable[[], str]  # asked for anew: the demo shop may have ended


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
class Phrases:
    """One language's words; `{…}` are filled by the caller."""

    greeting: str  # {shop}
    ask_both: str
    ask_number: str
    ask_email: str
    not_found: str
    insisting: str  # behind one of the three questions, when the first was not answered
    choices: str
    no_products: str
    handover: str  # {hours} is one of the two below, or nothing
    handover_again: str
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
    tell_more: str
    what_was_wrong: str
    send: str
    trouble: str
    not_yours: str
    view: str
    from_price: str  # {price}
    no_tracking: str
    nothing_refunded: str
    status_words: dict[str, str]
    prompts: tuple[tuple[str, str], ...]  # questions to begin with: a title, and what is then asked
    home: HomePhrases
