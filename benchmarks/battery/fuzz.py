"""Coverage-guided fuzzing of the parsers of webhooks and imports.

    pip install --target FOLDER atheris
    PYTHONPATH=FOLDER python -m benchmarks.battery.fuzz [-runs=1000000] [CORPUS_FOLDER]

Every argument is libFuzzer's. A parser may refuse with BadShape; anything else ends the run with
the input that did it. It begins from good payloads, so that the first mutations reach deep. What a
parser takes must be text that any database can keep.
"""

import json
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.shops", "feedback"]):
    from feedback.knowledge.importers.files import BadShape, parse_object
    from tests.hostile.parsers import PARSERS, is_storable, texts_of

READ = [read for read, _ in PARSERS.values()]
GOOD = [good for _, good in PARSERS.values()]


def feed(data: bytes) -> None:
    """One input: its first byte chooses the parser, the rest is the body."""
    if not data:
        return
    try:
        taken = READ[data[0] % len(READ)](parse_object(data[1:]))
    except BadShape:
        return
    for text in texts_of(taken):
        if not is_storable(text):
            raise AssertionError(f"taken, though no database keeps it: {ascii(text)[:100]}")


def main() -> None:
    seeds = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for parser in range(len(READ)):
        for number, good in enumerate(GOOD):
            (seeds / f"{parser}-{number}").write_bytes(bytes([parser]) + json.dumps(good).encode())
    atheris.Setup([*sys.argv, str(seeds)], feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
