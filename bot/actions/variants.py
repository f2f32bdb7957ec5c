"""Variant a shopper means: option values matched against one product's variants."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.actions.back_office import ItemVariant, OrderItem, ProductOffer
from bot.actions.tokens import STOPS, find, same_word, tokens
from bot.actions.words import ActionSpeech

REACH: Final = 3  # tokens before a value in which a "not" still speaks of it


@dataclass(frozen=True)
class OptionWishes:
    """What is wanted of each option, best first, and what is not."""

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unwanted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    price: str = ""  # "cheapest", "dearest"
    same: bool = False  # the same variant once more
    alone: bool = False  # all that was said of other options before does not hold any more

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return bool(self.wanted or self.unwanted or self.price or self.same)

    def then(self, newer: "OptionWishes") -> "OptionWishes":
        """With what was said later: of an option that is named again the newer words hold."""
        if newer.alone and newer.wanted:
            return newer
        return OptionWishes(
            {**self.wanted, **newer.wanted},
            {**self.unwanted, **newer.unwanted},
            newer.price or self.price,
            newer.same or (self.same and not newer.wanted),
        )

    def otherwise(self, second: "OptionWishes") -> "OptionWishes":
        """With a second choice behind the first."""
        names = {*self.wanted, *second.wanted}
        wanted = {
            name: tuple(dict.fromkeys((*self.wanted.get(name, ()), *second.wanted.get(name, ()))))
            for name in names
        }
        return OptionWishes(wanted, self.unwanted, self.price or second.price, self.same)


@dataclass(frozen=True)
class VariantChoice:
    """The variant meant; None with those that might be, and whether what is wished is not had."""

    variant: ItemVariant | None
    near: tuple[ItemVariant, ...] = ()
    not_had: bool = False


class OptionReader:
    """Reads what is wished of one product's options."""

    def __init__(self, product: ProductOffer, item: OrderItem, speech: ActionSpeech) -> None:
        """`item` is what the shopper has now."""
        self._item = item
        self._product = product
        self._speech = speech
        self._negations = [tokens(word) for word in speech.negations]
        self._values: dict[str, list[str]] = {}
        for variant in product.variants:
            for name, value in variant.options.items():
                known = self._values.setdefault(name, [])
                if value not in known:
                    known.append(value)

    def pressed(self, sku: str) -> OptionWishes:
        """What a pressed button wishes: each option as that variant has it."""
        found = [variant for variant in self._product.variants if variant.sku == sku]
        return OptionWishes({name: (v,) for one in found for name, v in one.options.items()})

    def read(self, text: str, *, asked: bool = False) -> OptionWishes:
        """What a text wishes; behind "if not …" stands the second choice."""
        low = text.lower()
        second = re.search(self._speech.otherwise, low)
        if second is None or second.start() == 0:
            return self._wishes(text, asked=asked)
        first = self._wishes(text[: second.start()], asked=asked)
        return first.otherwise(self._wishes(text[second.end() :], asked=asked))

    def _wishes(self, text: str, *, asked: bool) -> OptionWishes:
        said, low = tokens(text), text.lower()
        wanted: dict[str, tuple[str, ...]] = {}
        unwanted: dict[str, frozenset[str]] = {}
        for name, values in self._values.items():
            yes: list[tuple[int, str]] = []
            no: set[str] = set()
            for value in values:
                for place, meant in self._mentions(name, value, values, said, asked=asked):
                    if meant:
                        yes.append((place, value))
                    else:
                        no.add(value)
            now = self._item.options.get(name)
            found = list(dict.fromkeys(value for _, value in sorted(yes) if value not in no))
            if len(found) > 1 and now in found:
                found.remove(now)  # "from the red one to a blue one"
            found = found or self._by_degree(name, values, low)
            if found:
                wanted[name] = tuple(found)
            if no:
                unwanted[name] = frozenset(no)
        price = "cheapest" if re.search(self._speech.cheapest, low) else ""
        price = price or ("dearest" if re.search(self._speech.dearest, low) else "")
        same = bool(re.search(self._speech.same_again, low))
        alone = bool(re.search(self._speech.rest_same, low))
        return OptionWishes(wanted, unwanted, price, same, alone)

    def _by_degree(self, name: str, values: Sequence[str], low: str) -> list[str]:
        """Values by how they compare with what the shopper has: "a bigger one", "the most zoom"."""
        now = self._item.options.get(name, "")
        ranks = {value: _degree(value) for value in values}
        if len(values) < 2 or now not in ranks or None in ranks.values():
            return []
        own = name.lower()
        named = re.search(rf"\b{re.escape(own)}\b", low) is not None
        meant = named or any(
            re.search(word, low) and re.fullmatch(options, own)
            for word, options in self._speech.degrees.items()
        )
        if not meant:
            return []
        ordered = sorted(values, key=lambda value: ranks[value] or 0.0)
        place = ordered.index(now)
        speech = self._speech
        if re.search(speech.most, low):
            return ordered[:place:-1]
        if re.search(speech.least, low):
            return ordered[:place]
        if re.search(speech.more, low):
            return ordered[place + 1 :]
        return ordered[:place][::-1] if re.search(speech.less, low) else []

    def _mentions(
        self, name: str, value: str, values: Sequence[str], said: Sequence[str], *, asked: bool
    ) -> list[tuple[int, bool]]:
        """Where a value is named, and whether it is meant there."""
        if {each.lower() for each in values} <= {"yes", "no"}:
            return self._yes_or_no(name, value, said)
        if value.lower() == "none":
            return [(place, True) for place in self._named_absent(name, said)]
        found: list[tuple[int, bool]] = []
        for way in self._ways(name, value, values):
            found += [(place, self._is_meant(said, place)) for place in find(way, said)]
        if not found:
            found = self._by_distinctive_word(value, values, said)
        if len(value) == 1 and value.isalpha():
            found += [(place, True) for place in find(tokens(value), said) if _alone(said, place)]
        if len(value) <= 3 and value.isdecimal() and not asked:
            found = [each for each in found if self._near_option(name, said, each[0])]
        return found

    def _ways(self, name: str, value: str, values: Sequence[str]) -> list[tuple[str, ...]]:
        """How a value is said: as it is written, and its other names."""
        own = tokens(value)
        short = len(own) == 1 and own[0].isalpha() and len(own[0]) == 1  # S, M, L
        ways = [(word, *own) for word in tokens(name)[-1:]] if short else [own]
        for known, others in self._speech.values.items():
            if known.lower() == value.lower():
                ways += [tokens(other) for other in others if other not in values]
        if short:
            ways += [(*own, word) for word in tokens(name)[-1:]]
        return ways

    def _by_distinctive_word(
        self, value: str, values: Sequence[str], said: Sequence[str]
    ) -> list[tuple[int, bool]]:
        """By a word that no other value of the option has: "google" for Google Assistant."""
        others = {word for other in values if other != value for word in tokens(other)}
        own = [w for w in tokens(value) if len(w) > 2 and w.isalpha() and w not in others]
        found = [
            place for place, token in enumerate(said) if any(same_word(word, token) for word in own)
        ]
        refuses = any(find(word, tokens(value)) for word in self._negations)  # "not resistant"
        return [(place, refuses or self._is_meant(said, place)) for place in found]

    def _yes_or_no(self, name: str, value: str, said: Sequence[str]) -> list[tuple[int, bool]]:
        """An option that is there or not is named by itself: "waterproof", "not waterproof"."""
        stems = [word[:6] for word in tokens(name) if len(word) > 3]
        places = [
            place
            for place, token in enumerate(said)
            if any(token.startswith(stem) for stem in stems[-1:])
        ]
        for other in self._speech.values.get(name, ()):
            places += find(tokens(other), said)
        wants = value.lower() == "yes"
        return [(place, True) for place in places if self._is_meant(said, place) == wants]

    def _named_absent(self, name: str, said: Sequence[str]) -> list[int]:
        """Where it is said that an option is not wanted at all: "no backlight"."""
        word = tokens(name)[-1]
        return [place for place in find((word,), said) if not self._is_meant(said, place)]

    def _near_option(self, name: str, said: Sequence[str], place: int) -> bool:
        """Whether a bare number stands next to its option's name: "size 9"."""
        around = said[max(0, place - 3) : place + 3]
        return any(find((word,), around) for word in tokens(name))

    def _is_meant(self, said: Sequence[str], place: int) -> bool:
        before = list(said[max(0, place - REACH) : place])
        for stop in STOPS & set(before):
            before = before[len(before) - before[::-1].index(stop) :] if stop in before else before
        return not any(find(word, before) for word in self._negations)


def _alone(said: Sequence[str], place: int) -> bool:
    """Whether a token stands between marks: the "S" of "blue, S, cotton"."""
    around = (*said[max(0, place - 1) : place], *said[place + 1 : place + 2])
    return all(token in STOPS for token in around)


_DEGREES: Final = {
    word: float(place)
    for words in (
        ("small", "medium", "large"),
        ("low", "medium", "high"),
        ("beginner", "intermediate", "expert"),
        ("s", "m", "l", "xl", "xxl"),
    )
    for place, word in enumerate(words)
}


def _degree(value: str) -> float | None:
    """Where a value stands among its like: by its number, or as small, medium, large.

    >>> _degree("500ml"), _degree("medium"), _degree("red")
    (500.0, 1.0, None)
    """
    number = re.match(r"\d+(?:\.\d+)?", value)
    if number:
        return float(number.group()) * (1000.0 if re.search(r"\d\s*(L|TB)\b", value) else 1.0)
    return _DEGREES.get(value.lower())


def choose_variant(
    product: ProductOffer, item: OrderItem, wishes: OptionWishes, *, same_allowed: bool
) -> VariantChoice:
    """The variant that is wished for: never a guess, and never one that is out of stock.

    Options nobody spoke of stay as they are where that can be had.
    """
    if not wishes:
        return VariantChoice(None)
    if wishes.same and not wishes.wanted and not wishes.price:
        same = [v for v in product.variants if v.sku == item.sku and v.available and same_allowed]
        return VariantChoice(same[0] if same else None, not_had=not same)
    others = [v for v in product.variants if v.sku != item.sku]
    fitting = [v for v in others if _misses(v, wishes) == 0]
    here = [v for v in fitting if v.available]
    if not here:
        near = sorted(
            (v for v in others if v.available), key=lambda v: (_misses(v, wishes), _moves(v, item))
        )
        return VariantChoice(None, tuple(near), not_had=True)
    if wishes.price:
        by_price = sorted(here, key=lambda v: v.price, reverse=wishes.price == "dearest")
        return VariantChoice(by_price[0])
    ranked = sorted(here, key=lambda v: _key(v, item, wishes))
    best = [v for v in ranked if _key(v, item, wishes) == _key(ranked[0], item, wishes)]
    return VariantChoice(best[0]) if len(best) == 1 else VariantChoice(None, tuple(best))


def _key(variant: ItemVariant, item: OrderItem, wishes: OptionWishes) -> tuple[int, int]:
    ranks = sum(
        values.index(variant.options[name])
        for name, values in wishes.wanted.items()
        if name in variant.options and variant.options[name] in values
    )
    untouched = {name for name in item.options if name not in wishes.wanted}
    moved = sum(variant.options.get(name) != item.options[name] for name in untouched)
    return ranks, moved


def _misses(variant: ItemVariant, wishes: OptionWishes) -> int:
    missed = sum(variant.options.get(name) not in values for name, values in wishes.wanted.items())
    return missed + sum(
        variant.options.get(name) in values for name, values in wishes.unwanted.items()
    )


def _moves(variant: ItemVariant, item: OrderItem) -> int:
    return sum(variant.options.get(name) != value for name, value in item.options.items())
