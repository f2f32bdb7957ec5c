"""Words of order actions in one language, understood and said, as plain data.

Patterns are regular expressions over lower-case text; `{…}` are filled by the flow.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ActionSpeech:
    """What is understood."""

    cues: Mapping[str, str]  # an action → how a wish for it is said
    hints: Mapping[str, str]  # the same, where nothing else is wished for in the message
    next_wish: str  # parts two wishes, besides the end of a sentence
    same_address: str  # an address told before
    tell_me_when: str  # a product is to be had again
    undo: str  # a whole message that takes back what was done
    only_asking: str  # a question about the rule is no wish …
    complains: str  # … unless something that was bought is not as it should be
    yes: str  # a whole message that is a yes, and nothing else
    no: str  # how a no begins
    parts: frozenset[str]  # words that part clauses: "and"
    negations: tuple[str, ...]  # before a value: it is not meant
    keep: tuple[str, ...]  # before an item: it stays out
    stays: tuple[str, ...]  # behind it: the same
    dislikes: frozenset[str]  # "I do not like the hat" keeps nothing …
    sends: frozenset[str]  # … unless it says of what: "don't want to return the hat"
    only: str  # nothing but what is named now
    cheaper: str  # of two alike
    dearer: str
    describes_order: str  # "the order with the lamp"
    whole_order: str  # an order is sent back, and not an item of it
    address_of_order: str  # "the same address as order …"
    address_of_other: str  # "the address in my other order"
    all_items: str
    all_but: str
    all_orders: str
    also: str
    newest_order: str
    oldest_order: str
    arrived: str  # the order is there already
    not_sent: str  # it is still on its way out
    same_again: str  # the same variant once more
    cheapest: str
    dearest: str
    otherwise: str  # begins a second choice
    rest_same: str  # nothing else is to be changed
    more: str  # of an option: more, or the most
    most: str
    less: str
    least: str
    degrees: Mapping[str, str]  # which word speaks of which option: "bright" → brightness
    values: Mapping[str, tuple[str, ...]]  # an option's value → how else it is said
    reasons: Mapping[str, str]
    payment_kinds: Mapping[str, str]
    original_method: str
    account_address: str
    instead_of: str  # before what is to be left


@dataclass(frozen=True)
class ActionWords:
    """One language: what is understood, and what is said."""

    locale: str
    speech: ActionSpeech
    actions: Mapping[str, str]  # a name → as a heading of the summary; {order}
    asks: Mapping[str, str]  # a slot → the question
    rules: Mapping[str, str]  # why it is refused, by code; {status} {needs}, or a policy's own
    passed: Mapping[str, str]  # a policy's condition that holds, for the staff; {value}
    instead: Mapping[str, str]  # what an order's state allows instead: "pending", "delivered"
    statuses: Mapping[str, str]
    reasons: Mapping[str, str]
    payment_kinds: Mapping[str, str]
    who: str  # asks for the identity
    who_not_found: str
    who_more: str  # what is known does not suffice for this action
    order_not_yours: str  # {order}
    no_such_order: str  # {needs}
    nothing_fits: str  # no variant as wished: {item}
    confirm: str  # behind the summary
    what_else: str  # a no, and not what should be otherwise
    not_yes: str  # before a question that was not answered by yes or no
    item_line: str  # {item}
    swap_line: str  # {item} {old} {new}
    refund_line: str  # {amount} {method}
    charge_line: str
    even_line: str
    address_line: str  # {address}
    payment_line: str  # {method}
    reason_line: str  # {reason}
    done: Mapping[str, str]  # a name → what is done, and what comes next; {order}
    fee_line: str  # of sending back: {fee}
    by_staff_line: str  # it is done by hand
    changed: str  # before the summary of a colleague's change: {words} are theirs
    which_product: str
    in_stock_now: str  # {product}
    will_tell: str  # once it is there again: {product}
    back_in_stock: str  # {product}
    undo_button: str
    undo_offer: str  # behind what may be taken back: {minutes}
    undone: str
    undo_too_late: str
    ends: Mapping[str, str]  # declined, expired, failed; {words} are the colleague's
    dropped: str
    submitted: str
    waits_already: str  # the same wish once more: {summary}
    away: str
    away_after_yes: str
    stopped: str
    too_many: str
    gave_up: str
    later: str  # the next wish of several: {question}
    yes_button: str
    no_button: str
    still: str  # before a question said again after another was answered
    joined: str  # between the parts of a list
    either: str  # between two states, one of which is needed
