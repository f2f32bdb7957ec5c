"""English: facts of products, each by how it is asked for and how a description tells it.

A shopper seldom has the description's words: "is it heavy" is told by "820 g", "how do I clean it"
by "wipe with a damp cloth". What is asked without any such word is found by the words both share.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.languages.english_materials import MATERIALS
from bot.languages.english_measures import MEASURES
from bot.languages.english_uses import USES

FACTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({**MEASURES, **MATERIALS, **USES})
