"""The model's contract: names of model, labels, signatures and heads, and how turns are its input.

One model, `clerk`; one SavedModel a version. Raw strings go in, replies come out, so that training
and serving can not drift apart: the text handling is inside the graph.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, get_args

MODEL_NAME: Final = "clerk"

# Signatures and their tensors: B questions, K replies, D dimensions.
RANK: Final = "rank"  # dialogue [B] → reply_id [B,K], score [B,K], confidence [B], and see below
EMBED: Final = "embed"  # text [B] → vector [B,D], unit length
RECOMMEND: Final = "recommend"  # dialogue [B] → product_id [B,K], score [B,K]
DRAFT: Final = "draft"  # dialogue [B] → text [B], log_prob [B]: the decoder's own words
SCORE_REPLY: Final = "score"  # dialogue [B], reply [B] → log_prob [B], tokens [B]
READ: Final = "read"  # dialogue [B], above, sentence [B,S], hints [B,S,H] → see below
DEFAULT_SIGNATURE: Final = "serving_default"  # the same graph as `rank`

DIALOGUE: Final = "dialogue"
TEXT: Final = "text"
REPLY_ID: Final = "reply_id"
SCORE: Final = "score"
CONFIDENCE: Final = "confidence"
VECTOR: Final = "vector"
PRODUCT_ID: Final = "product_id"
REPLY: Final = "reply"
LOG_PROB: Final = "log_prob"
TOKENS: Final = "tokens"

# What `read` is given besides the dialogue: S sentences, "" where there are fewer, each with the
# headings above it and the numbers about how it was found (`serving.passage_search`). It answers
# the probability of each to be what answers, float32 [B,S], and that none is, float32 [B].
ABOVE: Final = "above"
SENTENCE: Final = "sentence"
HINTS: Final = "hints"
PROBABILITY: Final = "probability"
NOTHING: Final = "nothing"

# What `rank` tells besides, float32 [B] each: the probability that one of the first three replies
# is right, and the version's own thresholds (the same for each question): from which confidence on
# its answers are right often enough, and how probably one of three has to be right to offer them.
# Versions made before have none of them.
AMONG_THREE: Final = "among_three"
ANSWER_AT: Final = "answer_at"
OFFER_AT: Final = "offer_at"

# Heads of `rank`, what the newest turn does: names string [B,N], probabilities float32 [B,N].
# A version that has them was taught whole dialogues; one without them reads a turn alone.
ACT: Final = "act"
ACT_PROBABILITY: Final = "act_probability"
ACTION: Final = "action"
ACTION_PROBABILITY: Final = "action_probability"

# What a turn does: ask something, say yes or no, put right what was understood, narrow a wish, …
ACTS: Final = (
    "ask", "greet", "thank", "acknowledge", "affirm", "deny", "correct", "refine", "goodbye",
    "upset",
)  # fmt: skip
# What is to be done with an order; a question about doing it wants nothing done.
NO_ACTION: Final = "none"
ACTIONS: Final = (
    NO_ACTION, "cancel_order", "change_order_address", "change_payment", "change_items",
    "return_items", "exchange_items", "change_customer_address",
)  # fmt: skip

ACTION_SURE: Final = 0.6  # of one action: less is no wish

# Version labels of TensorFlow Serving.
STABLE: Final = "stable"
CANARY: Final = "canary"

Speaker = Literal["shopper", "clerk", "action"]
SPEAKERS: Final[tuple[str, ...]] = get_args(Speaker)

# A speaker's mark stands before each turn. Control characters: nobody types them, and `clean_text`
# takes them out of what people send, so a shopper can not speak as the clerk.
SPEAKER_MARKS: Final[dict[str, str]] = {"shopper": "\x11", "clerk": "\x12", "action": "\x13"}

MAX_TURNS: Final = 8  # older turns seldom change the right reply, and cost time in every call
MAX_TURN_CHARS: Final = 1_000
MAX_DIALOGUE_CHARS: Final = 4_000


class Turn(NamedTuple):
    """One message in a dialogue."""

    speaker: str
    text: str


def clean_text(text: str) -> str:
    """Take control and zero-width characters and lone surrogates out, and fold white space.

    >>> clean_text("  where\\x00 is\\n my order ")
    'where is my order'
    """
    printable = "".join(
        char if char.isprintable() or char.isspace() else " "
        for char in text
        # What nobody sees parts no words: "770" and "01" with a zero-width space are one number.
        if unicodedata.category(char) not in ("Cs", "Cf")
    )
    return " ".join(printable.split())


def render_dialogue(turns: Iterable[Turn]) -> str:
    """Join the newest turns, oldest first, each behind its speaker's mark, into the model's input.

    A lone question is a dialogue of one shopper's turn; a string without marks is read as one.

    >>> render_dialogue([Turn("shopper", "hi"), Turn("clerk", "Hello!")])
    '\\x11hi\\x12Hello!'
    """
    kept: list[str] = []
    room = MAX_DIALOGUE_CHARS
    for turn in reversed(list(turns)[-MAX_TURNS:]):
        rendered = SPEAKER_MARKS[turn.speaker] + clean_text(turn.text)[:MAX_TURN_CHARS]
        room -= len(rendered)
        if room < 0 and kept:
            break
        kept.append(rendered)
    return "".join(reversed(kept))


def last_turn(dialogue: str) -> str:
    """The last shopper's turn of a rendered dialogue.

    >>> last_turn("\\x11hi\\x12Hello!\\x11my order?")
    'my order?'
    """
    mark = SPEAKER_MARKS["shopper"]
    said = dialogue.rpartition(mark)[2] if mark in dialogue else dialogue
    return re.split("[\x12\x13]", said, maxsplit=1)[0]


def has_history(dialogue: str) -> bool:
    """Whether a rendered dialogue holds more than one turn."""
    return sum(map(dialogue.count, SPEAKER_MARKS.values())) > 1


def alone(dialogue: str) -> str:
    """The last shopper's turn of a rendered dialogue, as a dialogue of its own.

    >>> alone("\\x11hi\\x12Hello!\\x11my order?")
    '\\x11my order?'
    """
    return SPEAKER_MARKS["shopper"] + last_turn(dialogue)
