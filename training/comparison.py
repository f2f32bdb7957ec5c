"""Two versions answer the same questions, which neither has learned from."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from training import gate
from training.evaluate import Version
from training.gate import Part
from training.pairs import Pair, locales_of
from training.workplace import Kept


def compare_versions(
    challenger: Path, champion: Path | None, data: Kept, pinned: Sequence[Pair]
) -> tuple[list[Part], Part | None]:
    """Both answer what is held out; without a champion nobody is compared with.

    Returns:
        The parts: all, each language, the newest accepted; and the pinned answers, if any.
    """
    if champion is None:
        return [], None
    held = [pair for pair in [*data.frozen, *data.newest] if not pair.is_null]
    asked = [*held, *pinned]
    now, before = _right(challenger, asked), _right(champion, asked)
    newest = set(data.newest)

    def part(name: str, places: Iterable[int]) -> Part:
        chosen = list(places)
        return gate.compare(name, [before[i] for i in chosen], [now[i] for i in chosen])

    parts = [part("all", range(len(held)))]
    parts.extend(
        part(locale, (i for i, pair in enumerate(held) if pair.locale == locale))
        for locale in locales_of(held)
    )
    if newest:
        parts.append(part("newest accepted", (i for i, p in enumerate(held) if p in newest)))
    if not pinned:
        return parts, None
    return parts, part("pinned", range(len(held), len(held) + len(pinned)))


def _right(folder: Path, pairs: Sequence[Pair]) -> list[bool]:
    return [bool(right) for right in Version(folder).answer(pairs).right]
