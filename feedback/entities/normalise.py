"""Unicode normalisation of what shoppers write: NFKC, zero-width characters, apostrophes."""

import re
import unicodedata
from typing import Final

# Soft hyphens, zero-width spaces and joiners, marks of direction, variation selectors.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2212", "-"),
    }
)


def normalised(text: str) -> str:
    """The text as everything reads it: in the session, in training and in a look-up alike.

    >>> normalised("\uff37here\u2019s  order 770\u200b01\uff1f")
    "Where's order 77001?"
    """
    # Apostrophes first: NFKC parts an acute accent into a space and a mark.
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_PLAIN))
    return " ".join(_INVISIBLE.sub("", plain).translate(_PLAIN).split())
