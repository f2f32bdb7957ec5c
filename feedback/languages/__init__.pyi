from .pack import LATIN as LATIN, EntityWords as EntityWords, Language as Language
from .registry import (
    LANGUAGES as LANGUAGES,
    language_in as language_in,
    script_of as script_of,
)
from .traditional import (
    in_traditional as in_traditional,
    is_traditional as is_traditional,
    simplified as simplified,
)
from .words import topic_words as topic_words
