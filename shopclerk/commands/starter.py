"""`shopclerk starter build`: makes the starter weights; for developers."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shopclerk.commands.model import load_tensorflow
from shopclerk.demo_shop import DEMO_DIR


def build(
    data: Path,
    python: Path,
    *,
    wordnet: Path | None,
    work: Path,
    out: Path | None,
    start: Path | None,
    dials: Mapping[str, Any],
) -> dict[str, Any]:
    """Build it, and tell how far it is on standard error; returns what was made.

    `dials` are `epochs`, `rate` and `seed`, as far as they were given.
    """
    load_tensorflow()
    from training.starter import FILE, BuildDials, StarterSources, build_starter as run

    return run(
        StarterSources(data, shop=DEMO_DIR, wordnet=wordnet),
        python,
        BuildDials(**dials),
        work=work,
        out=out or FILE,
        start=start,
        tell=_tell,
    )


def build_reading(data: Path | None, *, out: Path | None, seed: int) -> dict[str, Any]:
    """Build the reader's weights, telling how far it is on standard error."""
    load_tensorflow()
    from training.reader import FILE, build_reader as run

    return run(
        data,
        out=out or FILE,
        seed=seed,
        tell=_tell,
    )


def fit_confidence(manuals: Path, *, out: Path | None) -> dict[str, Any]:
    """Fit how sure answers from pages are, telling how far it is on standard error."""
    load_tensorflow()
    from serving.page_answers import FILE
    from training.reader import fit_page_answers as run

    return run(manuals, out=out or FILE, tell=_tell)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
