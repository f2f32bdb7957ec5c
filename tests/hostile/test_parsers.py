"""Every field of every payload, however deep, replaced by the corpus's texts and values."""

import json

import pytest

from feedback.knowledge.importers.files import BadShape, parse_object
from tests.hostile.corpus import TEXTS, VALUES
from tests.hostile.parsers import PARSERS, is_storable, places, spoilt, texts_of

# Of the texts those that may break a parser or a database; markup is text to both.
FEW = (
    "empty", "blank", "nul", "high_surrogate", "surrogate_pair_as_two", "controls", "bom",
    "not_characters", "very_long", "null_path", "proto",
)  # fmt: skip


class TestEveryField:
    @pytest.mark.parametrize("name", PARSERS)
    def test_is_refused_by_name_or_taken_as_what_a_database_keeps(self, name: str) -> None:
        """Never anything but BadShape; never a NUL or half a character in what is taken."""
        parse, good = PARSERS[name]
        parse(parse_object(json.dumps(good).encode()))
        failed = []
        for way in places(good):
            for kind, value in {**{name: TEXTS[name] for name in FEW}, **VALUES}.items():
                sent = json.dumps(spoilt(good, way, value)).encode()
                try:
                    taken = parse(parse_object(sent))
                except BadShape:
                    continue
                except Exception as error:
                    failed.append((way, kind, repr(error)[:80]))
                    continue
                if not all(map(is_storable, texts_of(taken))):
                    failed.append((way, kind, "not storable"))
        assert [] == failed
