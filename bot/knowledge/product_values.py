"""A variant's price, former price and stock, where a question names the variant by its options."""

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from bot.knowledge.product_query import is_size, read_product_query
from bot.knowledge.search_terms import query_words, singular
from bot.languages import phrases_in, read_price
from feedback.db import Variant

Asked = Literal["price", "was", "left", "stock", "chosen"]
# The first that is said counts.
ASKED: Final[dict[Asked, re.Pattern[str]]] = {
    "was": re.compile(
        r"\b(?:old|original|former|previous|regular|full|usual|list) price\b|\bused to cost\b"
        r"|\bbefore (?:the )?(?:sale|discount|reduction)\b|原价|打折前|原先多少钱",
        re.IGNORECASE,
    ),
    "left": re.compile(
        r"\bhow many\b.*\b(?:left|in stock|available|remain\w*)\b"
        r"|还(?:剩|有)(?:多少|几)|剩(?:多少|几)|库存(?:有)?多少",
        re.IGNORECASE,
    ),
    "price": re.compile(
        r"\bpric(?:e|ed|es|ing)\b|\bcosts?\b"
        # "How much wool is in it" asks for no price.
        r"|\bhow much\b(?! \w+ (?:is|are|goes|go|fits?|comes?|can|will|do|does) (?:in|into|on|there"
        r"|it|i|you)\b)(?!(?: \w+){0,6} (?:weigh|hold|fit|carry|take)s?\b)"
        r"|多少钱|什么价|价格|价钱",
        re.IGNORECASE,
    ),
    "stock": re.compile(
        r"\bin stock\b|\bavailab\w+\b|\bsold out\b|\bdo you (?:still )?have\b"
        r"|有货|现货|有没有|缺货",
        re.IGNORECASE,
    ),
}
CUE_WORDS: Final = (  # of the patterns above, as a search reads them
    *("much", "many", "price", "priced", "cost", "left", "stock", "available", "now"),
    *("old", "original", "former", "regular", "full", "list"),
    *("多少", "少钱", "价格", "价钱", "有货", "现货", "原价", "还有", "还剩"),
)
# "How many shirts in M" asks for stock, "how many pockets" does not.
COUNTED: Final = re.compile(r"\bhow many ((?:\w+ ?){1,3})", re.IGNORECASE)
# "How many tests are in it": what it holds, not how many of it there are.
CONTAINED: Final = re.compile(
    r"\bhow many\b.*\b(?:in (?:it|them|this|that|the|each|a|one)\b|inside\b|included\b|per\b"
    r"|(?:does|do|will|can) (?:it|they|this)\b|(?:come|comes) (?:with|in)\b)",
    re.IGNORECASE,
)
LARGER: Final = re.compile(
    r"\b(?:big(?:ger|gest)?|larger?|largest|longer|longest)\b|大的|大号|最大|长的"
)
SMALLER: Final = re.compile(r"\b(?:small(?:er|est)?|little|shorter|shortest)\b|小的|小号|最小|短的")
THE_SIZED: Final = re.compile(
    r"\bthe (?:big|large|long|small|little|short)(?:e?r|g?est|ger)?\b|[大小长短]的(?:那?个)?"
)
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
WORD: Final = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]+", re.IGNORECASE)


class AskedValue(NamedTuple):
    """What is asked of which variant of a product."""

    asked: Asked
    variant: Variant
    by_name: bool  # the question names it among others


def asked_value(question: str, title: str, variants: Sequence[Variant]) -> AskedValue | None:
    """What a question asks of a variant; None where it asks nothing of one, or of several.

    Args:
        question: the shopper's.
        title: the product's; its words name no variant.
        variants: the product's.
    """
    asked = next((kind for kind, said in ASKED.items() if said.search(question)), None)
    if _counts(question, title):
        asked = "left"
    if not variants:
        return None
    if asked is None:
        chosen = _chosen(question, title, variants)
        return AskedValue("chosen", chosen, True) if chosen is not None else None
    if len(variants) == 1:
        return AskedValue(asked, variants[0], False)
    named = named_variants(question, title, variants)
    return AskedValue(asked, named[0], True) if len(named) == 1 else None


def named_variants(question: str, title: str, variants: Sequence[Variant]) -> list[Variant]:
    """Those that a question names by the most of their options; "the bigger one" by their numbers.

    Of an option's value counts what not all of its values have: of "EU 38" the 38.
    """
    said = {word.casefold() for word in WORD.findall(question)}
    said -= {word.casefold() for word in WORD.findall(title) if not word.isdecimal()}
    shared = {name: _shared(name, variants) for one in variants for name in one.options}
    counts = [
        sum(_is_named(value, shared[name], said, question) for name, value in one.options.items())
        for one in variants
    ]
    if most := max(counts):
        return [one for one, count in zip(variants, counts, strict=True) if count == most]
    for pattern, pick in ((LARGER, max), (SMALLER, min)):
        if pattern.search(question):
            sized = [(_size(one), one) for one in variants]
            wanted = pick(size for size, _ in sized)
            return [one for size, one in sized if size == wanted]
    return []


def value_in_words(found: AskedValue, title: str, locale: str) -> str | None:
    """The answer; None where the shop has no such value."""
    words, variant = phrases_in(locale), found.variant
    values = " / ".join(variant.options.values()) if found.by_name else ""
    named = f"{title} ({values})" if values else title
    price = read_price(variant.price, variant.currency)
    sold_out = variant.quantity is not None and variant.quantity <= 0
    match found.asked:
        case "price":
            return words.costs.format(title=named, price=price)
        case "was" if variant.compare_at is not None:
            was = read_price(variant.compare_at, variant.currency)
            return words.used_to_cost.format(title=named, was=was, price=price)
        case "was":
            return None
        case "chosen" if not sold_out:
            return words.variant_in_stock.format(title=title, values=values, price=price)
        case _ if sold_out:
            return words.sold_out.format(title=named)
        case "left" if variant.quantity is not None:
            return words.so_many_left.format(title=named, count=variant.quantity)
        case _:
            return words.in_stock.format(title=named)


def _chosen(question: str, title: str, variants: Sequence[Variant]) -> Variant | None:
    """The variant that a turn names and says nothing else: "the 50 W", "and the small one".

    Colours and sizes are the catalogue's: it tells what else there is of them.
    """
    asked = read_product_query(question)
    sized = any(is_size(option) for one in variants for option in one.options)
    if asked.colours or asked.low or asked.high or (asked.sizes and sized):
        return None
    if any(each.search(question) for each in (LARGER, SMALLER)) and not THE_SIZED.search(question):
        return None  # "anything smaller" looks for others
    named = named_variants(question, title, variants)
    if len(named) != 1 or len(variants) < 2:
        return None
    values = " ".join(named[0].options.values()).casefold()
    left = THE_SIZED.sub(" ", question.casefold())
    for word in sorted(WORD.findall(values), key=len, reverse=True):
        apart = rf"(?<![a-z\d]){word}(?![a-z\d])" if word.isascii() else word
        left = re.sub(apart, " ", left)
    return None if query_words(left) or NUMBER.search(left) else named[0]


def _counts(question: str, title: str) -> bool:
    """Whether it is the product itself that is counted."""
    counted = COUNTED.search(question)
    called = {singular(word) for word in title.casefold().split()}
    return (
        counted is not None
        and CONTAINED.search(question) is None
        and any(singular(word) in called for word in counted[1].casefold().split())
    )


def _shared(name: str, variants: Sequence[Variant]) -> frozenset[str]:
    values = {one.options.get(name, "") for one in variants}
    told = [frozenset(word.casefold() for word in WORD.findall(value)) for value in values]
    return frozenset.intersection(*told) if len(told) > 1 else frozenset()


def _is_named(value: str, shared: frozenset[str], said: set[str], question: str) -> bool:
    own = {word.casefold() for word in WORD.findall(value)} - shared
    return bool(own & said) or any(word in question for word in own if word >= "\u3400")


def _size(variant: Variant) -> float:
    """How large a variant is by the numbers in its options; without any, by its price."""
    numbers = NUMBER.findall(" ".join(variant.options.values()))
    return max(map(float, numbers), default=float(variant.price))
