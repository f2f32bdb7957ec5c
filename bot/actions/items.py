"""Items a shopper means: the words of a turn matched against the pieces of an order."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from bot.actions.back_office import OrderItem
from bot.actions.tokens import STOPS, find, tokens
from bot.actions.words import ActionSpeech
from feedback.dialogues import Said

Names = Callable[[OrderItem], Sequence[str]]  # a product's names, in every language it has
REACH: Final = 4  # tokens before a name in which a word still speaks of it


class ItemReader:
    """Finds items of the customer's orders in what they say."""

    def __init__(self, bought: Sequence[OrderItem], names: Names, speech: ActionSpeech) -> None:
        """`bought` is all that the customer may speak of: it tells which words are distinctive."""
        self._all_names = {item.product_id: tuple(filter(None, names(item))) for item in bought}
        self._names = {
            product: [tokens(name) for name in told] for product, told in self._all_names.items()
        }
        self._speech = speech
        self._keep = [tokens(word) for word in speech.keep]
        self._stays = [tokens(word) for word in speech.stays]
        # A word that also tells an option apart names no product by itself: "water resistant".
        self._of_options = {
            word
            for item in bought
            for text in (*item.options, *item.options.values())
            for word in tokens(text)
        }
        # Of how many products a word is part of the name.
        self._spread = Counter(
            word
            for all_names in self._names.values()
            for word in {word for name in all_names for word in name if len(word) > 2}
        )

    def names_of(self, item: OrderItem) -> tuple[str, ...]:
        """An item's names, in every language it has."""
        return tuple(self._all_names.get(item.product_id, ())) or (item.title,)

    def places(self, item: OrderItem, said: Sequence[str]) -> tuple[float, list[int]]:
        """How surely an item is named, and where: 2 by its whole name, 1 by its noun."""
        best: tuple[float, list[int]] = (0.0, [])
        for name in self._names.get(item.product_id, ()):
            if found := find(name, said):
                return 2.0, found
            for place, word in enumerate(name):
                last = place == len(name) - 1
                weight = 1.0 if last or word not in self._of_options else 0.5
                if len(word) < 3 or self._spread[word] > 1 or weight <= best[0]:
                    continue
                if found := _whole_or_end(word, said):
                    best = weight, found
        return best

    def named(self, pieces: Sequence[OrderItem], text: str) -> list[OrderItem]:
        """The pieces that a text names, whether they are wanted or not."""
        said = tokens(text)
        sure = [(self.places(item, said)[0], item) for item in pieces]
        best = max((score for score, _ in sure), default=0.0)
        return [item for score, item in sure if score and score >= min(best, 1.0)]

    def chosen(self, pieces: Sequence[OrderItem], turns: Sequence[Said]) -> list[OrderItem]:
        """The pieces that the turns together mean, the newer ones correcting the older."""
        chosen: list[OrderItem] = []
        for turn in turns:
            if sku := turn.value.get("sku"):
                chosen = [item for item in pieces if item.sku == sku] or chosen
                continue
            chosen = self._after(pieces, chosen, turn)
        return [item for item in pieces if item in chosen]

    def _after(
        self, pieces: Sequence[OrderItem], chosen: list[OrderItem], turn: Said
    ) -> list[OrderItem]:
        """The chosen pieces after one more turn."""
        low = turn.text.lower()
        said = tokens(turn.text)
        named = self._alike_apart(self.named(pieces, turn.text), said)
        kept = [item for item in named if self._stays_out(item, said)]
        wanted = [item for item in named if item not in kept]
        if re.search(self._speech.all_but, low):
            return [item for item in pieces if item not in named]
        if re.search(self._speech.all_items, low) and (not named or len(wanted) == len(pieces)):
            several = re.search(r"\bboth\b|两(件|个)都", low)
            return list(pieces) if not several or len(pieces) == 2 or not chosen else chosen
        if not named:
            return chosen
        if not wanted:
            return [item for item in chosen or pieces if item not in kept]
        if not chosen or re.search(self._speech.only, low):
            return wanted
        corrects = {"item", "confirmation"} & set(turn.asked)
        if re.search(self._speech.also, low) and "variant" not in turn.asked:
            return [item for item in [*chosen, *wanted] if item not in kept]
        if corrects:
            return wanted
        if all(item in chosen for item in wanted):
            return [item for item in chosen if item not in kept]
        return chosen if "variant" in turn.asked else [*chosen, *wanted]

    def _stays_out(self, item: OrderItem, said: Sequence[str]) -> bool:
        """Whether every mention of an item stands behind a word such as "keep"."""
        _, places = self.places(item, said)
        return bool(places) and all(
            self._behind_keep(said, place) or self._before_stays(said, place) for place in places
        )

    def _before_stays(self, said: Sequence[str], place: int) -> bool:
        """Whether "stays as it is" stands behind an item's name."""
        behind = list(said[place : place + REACH + 2])
        end = next((i for i, one in enumerate(behind) if one in STOPS), len(behind))
        return any(find(word, behind[:end]) for word in self._stays)

    def _behind_keep(self, said: Sequence[str], place: int) -> bool:
        before = list(said[max(0, place - REACH) : place])
        while any(stop in before for stop in STOPS):
            before = before[next(i for i, one in enumerate(before) if one in STOPS) + 1 :]
        complains = self._speech.dislikes & set(before) and not self._speech.sends & set(before)
        return not complains and any(find(word, before) for word in self._keep)

    def _alike_apart(self, named: list[OrderItem], said: Sequence[str]) -> list[OrderItem]:
        """Of several pieces of one product those whose options or price are told best."""
        kept = []
        low = " ".join(said)
        for item in named:
            alike = [other for other in named if other.product_id == item.product_id]
            if len({other.sku for other in alike}) > 1:
                prices = [other.price for other in alike]
                if re.search(self._speech.cheaper, low) and item.price > min(prices):
                    continue
                if re.search(self._speech.dearer, low) and item.price < max(prices):
                    continue
                hits = {other.sku: self._options_told(other, alike, said) for other in alike}
                if hits[item.sku] < max(hits.values()):
                    continue
            kept.append(item)
        return kept

    def _options_told(
        self, item: OrderItem, alike: Sequence[OrderItem], said: Sequence[str]
    ) -> float:
        """How many of the options that tell alike pieces apart are told of this one."""
        _, places = self.places(item, said)
        told = 0.0
        for name, value in item.options.items():
            if len({other.options.get(name) for other in alike}) == 1:
                continue
            if value.lower() in ("yes", "no"):
                stem = tokens(name)[-1][:6]
                for place, token in enumerate(said):
                    if token.startswith(stem):
                        refused = any(find(word, said[max(0, place - 4) : place]) for word in _NOT)
                        told += refused == (value.lower() == "no")
                continue
            found = find(tokens(value), said)
            if found:
                near = any(-5 <= at - place <= 6 for at in found for place in places)
                told += 1.0 if near else 0.5
        return told


_NOT: Final = (("not",), ("isn't",), ("no",), ("without",), ("non",), ("不",))


def _whole_or_end(word: str, said: Sequence[str]) -> list[int]:
    """Where a word stands, or the end of it: "watch" for a wristwatch."""
    if found := find((word,), said):
        return found
    return [
        place
        for place, token in enumerate(said)
        if len(token) > 3 and token.isalpha() and token != word and word.endswith(token)
    ]
