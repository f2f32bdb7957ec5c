from .beam_search import search as search
from .config import (
    DecoderConfig as DecoderConfig,
    Hyperparameters as Hyperparameters,
    ModelConfig as ModelConfig,
    TrainConfig as TrainConfig,
    for_data as for_data,
)
from .decoder import (
    Decoder as Decoder,
    EncodedDialogues as EncodedDialogues,
    listen as listen,
    log_probs as log_probs,
    remembered as remembered,
)
from .encoder import (
    NOWHERE as NOWHERE,
    Encoder as Encoder,
    Features as Features,
    TokenStates as TokenStates,
    states_of as states_of,
)
from .exemplars import (
    MOST as MOST,
    Exemplars as Exemplars,
    Recall as Recall,
    best_weight as best_weight,
    choose as choose,
    nearness as nearness,
    no_exemplars as no_exemplars,
    sample as sample,
)
from .graph_loop import STEPS_A_CALL as STEPS_A_CALL, Loop as Loop, of_rows as of_rows
from .optimizer import LazyAdam as LazyAdam
from .private_words import vouched_words as vouched_words
from .quantised_table import QuantisedTable as QuantisedTable, read_table as read_table
from .reader import AnswerLogits as AnswerLogits, Reader as Reader, ReaderConfig as ReaderConfig
from .shortlist import Shortlist as Shortlist
from .spelling import (
    COMMON as COMMON,
    Speller as Speller,
    by_count as by_count,
    known_words as known_words,
)
from .text_features import (
    newest_alone as newest_alone,
    pieces as pieces,
    tokenise as tokenise,
)
from .vocabulary import (
    PAD as PAD,
    SPECIAL as SPECIAL,
    UNKNOWN as UNKNOWN,
    Vocabulary as Vocabulary,
    build_vocabulary as build_vocabulary,
    ended as ended,
)
