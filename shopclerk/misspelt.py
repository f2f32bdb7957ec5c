"""Misspelt settings: unknown variables, with the nearest known name."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

PREFIX: Final = "SHOPCLERK_"
# Compose reads the first two from the same .env; TEST_ is the test suite's.
OTHERS: Final = re.compile(r"SHOPCLERK_(PORT|TRAINER_MEMORY|STARTED_BY|TEST_.*)")
# Kubernetes tells each pod of the services next to it in variables of this form.
SERVICE: Final = re.compile(r"SHOPCLERK_(.*_)?(SERVICE_(HOST|PORT)(_.*)?|PORT(_\d+_(TCP|UDP).*)?)")
NEAR: Final = 0.6  # of a name with our prefix: it is meant for us, whatever it says
VERY_NEAR: Final = 0.9  # of any other: SLACK_USER_TOKEN is somebody else's, SLACK_BOT_TOKN is not


def misspelt(given: Collection[str], known: Collection[str]) -> Iterator[str]:
    """A sentence for each name of `given` that looks like a setting and is none of `known`.

    >>> list(misspelt(["SHOPCLERK_CURENCY", "PATH"], ["SHOPCLERK_CURRENCY"]))
    ['SHOPCLERK_CURENCY is no setting and is ignored; did you mean SHOPCLERK_CURRENCY?']
    """
    for name in sorted({name.upper() for name in given} - set(known)):
        if OTHERS.fullmatch(name) or SERVICE.fullmatch(name):
            continue
        ours = name.startswith(PREFIX)
        near = get_close_matches(name, known, n=1, cutoff=VERY_NEAR)
        if ours and not near:
            # By what follows the prefix: alike in ten letters of it says nothing.
            rests = [each.removeprefix(PREFIX) for each in known if each.startswith(PREFIX)]
            rest = get_close_matches(name.removeprefix(PREFIX), rests, n=1, cutoff=NEAR)
            near = [PREFIX + each for each in rest]
        if near:
            yield f"{name} is no setting and is ignored; did you mean {near[0]}?"
        elif ours:
            yield f"{name} is no setting and is ignored; docs/settings.md names those there are."
