from .catalogue_snapshot import (
    CARD as CARD,
    EXTRA as EXTRA,
    LINEAGE as LINEAGE,
    Library as Library,
    lineage as lineage,
    made_by as made_by,
    outdated as outdated,
    read_library as read_library,
)
from .corpus import Corpus as Corpus, to_features as to_features
from .dataset import (
    NOT_IN_BOOK as NOT_IN_BOOK,
    NULL_ROW as NULL_ROW,
    REJECTED_BOOST as REJECTED_BOOST,
    Array as Array,
    Examples as Examples,
    ReplyIndex as ReplyIndex,
    as_question as as_question,
    as_reply as as_reply,
    deal as deal,
    folds as folds,
    schedule as schedule,
    to_examples as to_examples,
)
from .gather import Material as Material, gather_material as gather_material
from .held_out import (
    FOLDS as FOLDS,
    Held as Held,
    bereft as bereft,
    joined as joined,
    learned_of as learned_of,
    left_out as left_out,
    with_copies_bereft as with_copies_bereft,
)
from .out_of_scope import strangers as strangers
from .pairs import (
    Pair as Pair,
    as_asked as as_asked,
    book_of_dialogues as book_of_dialogues,
    from_dialogues as from_dialogues,
    from_examples as from_examples,
    from_questions as from_questions,
    locales_of as locales_of,
)
from .snapshot import take_snapshot as take_snapshot
from .sources import TrainingSources as TrainingSources
from .vouched_words import said_by_shoppers as said_by_shoppers, said_in as said_in
