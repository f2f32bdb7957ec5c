"""Word privacy: a person's word is kept only if five people wrote it and no rule calls it a name.

A version keeps words as they were written, for spelling and for drafts, and anyone who has its
folder reads them with `strings`. A name, a street or a password is said by one person, or by a few.
The shop's own words, of its reply book and its catalogue, need nobody to vouch for them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Final

FEWEST_VOICES: Final = 5

# What a name follows: greetings, thanks, closings, titles, "my name is", in some languages.
_CUE: Final = (
    r"\b(?:hi|hello|hey|dear|thanks|thank you|thx|cheers|regards|sincerely|wishes|yours|name(?:'s)?"
    r"|name is|called|call me|i am|i'm|im|this is|signed|attn|mr|mrs|ms|miss|mx|dr|sir|madam|prof"
    r"|morning|afternoon|evening|hallo|hola|bonjour|ciao|ol[aá]|herr|frau|señora?|monsieur|madame"
    r"|gruß|grüße|grüßen|merci|danke|gracias|grazie|obrigad[oa]|heiße|bin|llamo|soy|appelle|suis"
    r"|chiamo|sono)\b"
)
_AFTER_A_CUE: Final = re.compile(rf"({_CUE})[\s,.!:;-]+[^\W\d_]+(?:[\s,]+[^\W\d_]+)?", re.I)
# A clerk's "Hi! How" is no name: capitals, and no end of a sentence before them.
_CALLED: Final = re.compile(rf"((?i:{_CUE}),?\s+)(?:[^\W\d_a-zß-öø-ÿ][^\W\d_]+\s?){{1,3}}")
# In small letters: what most people write so is no name. As long as spelling knows words.
_SMALL: Final = re.compile(r"(?<![0-9A-Za-z\u00aa-\u024f])[a-z]{3,24}(?![0-9A-Za-z\u00aa-\u024f])")


def vouched_words(said: Iterable[tuple[str, Collection[str]]]) -> dict[str, int]:
    """The Latin words that enough different people wrote in small letters, and how often they did.

    Args:
        said: texts, each with opaque keys of all who said it.

    >>> plain = [("where is my parcel", [f"shopper {n}"]) for n in range(5)]
    >>> vouched_words([*plain, ("for wanda in elmgate", ["shopper 1", "shopper 2"])])
    {'where': 5, 'parcel': 5}
    """
    counts: Counter[str] = Counter()
    voices: defaultdict[str, set[str]] = defaultdict(set)
    for text, speakers in said:
        for word in small_words(text):
            counts[word] += 1
            if len(voices[word]) < FEWEST_VOICES:
                voices[word].update(speakers)
    return {word: n for word, n in counts.items() if len(voices[word]) >= FEWEST_VOICES}


def small_words(text: str) -> list[str]:
    """The words of a text that may be counted: none that stands where a name would.

    >>> small_words("hi Anna, don't send it to Elmgate, i'm anna lee, thanks")
    ['send', 'thanks']
    """
    apart = _AFTER_A_CUE.sub(r"\1 . ", text)
    return _SMALL.findall(re.sub("['’`´]", "", apart))


def without_names(text: str) -> str:
    """A clerk's text without whom it calls by name.

    >>> without_names("Hi Maria Lopez, your order is on its way. Thanks! How else can I help?")
    'Hi , your order is on its way. Thanks! How else can I help?'
    """
    return _CALLED.sub(r"\1", text)
