"""Speech of all languages at once: a flow understands each turn in whatever language it was said.

A Chinese wish followed by "yes", an e-mail or half a sentence in English keeps its meaning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from bot.actions.words import ActionSpeech


def joined(speeches: Sequence[ActionSpeech]) -> ActionSpeech:
    """What any of them understands."""
    parts = {
        field.name: _join([getattr(speech, field.name) for speech in speeches])
        for field in fields(ActionSpeech)
    }
    return ActionSpeech(**parts)


def _join(values: Sequence[Any]) -> Any:
    """Patterns by "or", lists one after the other, entries of mappings each by itself.

    >>> _join(["a", "b"]), _join([("a",), ("b",)]), _join([{"x": "a"}, {"x": "b", "y": "c"}])
    ('(?:a)|(?:b)', ('a', 'b'), {'x': '(?:a)|(?:b)', 'y': 'c'})
    """
    first = values[0]
    if len(values) == 1:
        return first
    if isinstance(first, str):
        return "|".join(f"(?:{value})" for value in values)
    if isinstance(first, Mapping):
        names = dict.fromkeys(name for value in values for name in value)
        return {name: _join([value[name] for value in values if name in value]) for name in names}
    return type(first)(one for value in values for one in value)
