"""Tokeniser and features inside the graph: raw strings in, words and character n-grams out.

Only core TensorFlow operations, and hashing instead of a vocabulary: a stock model server loads
it without assets, a new word means something by its character n-grams, and two versions always
agree on what a feature is.
"""

from typing import Any, Final, NamedTuple

import tensorflow as tf

from serving.contract import MAX_DIALOGUE_CHARS, SPEAKER_MARKS

MAX_WORD_CHARS: Final = 24  # longer ones are pasted addresses and keys
SHORTEST_GRAM: Final = 3
LONGEST_GRAM: Final = 5
WORD_MARK: Final = "="  # tells a whole word from an n-gram; alone it is the word ""

SHOPPER, CLERK, ACTION = (SPEAKER_MARKS[speaker] for speaker in ("shopper", "clerk", "action"))
MARKS: Final = f"{SHOPPER}{CLERK}{ACTION}"
# Chinese, Japanese and Korean write words without spaces: each character is a token.
SPACELESS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
# A turn of pictures alone says something too; inside a sentence they add nothing.
PICTURES: Final = {
    "ok": "👍👌✅🆗💯👏😊🙂😀😃😄😁😂🤣",
    "thanks": "🙏❤♥💕💖🥰😍😘🌹💐",
    "hi": "👋🙋",
    "no": "👎❌🙅",
    "angry": "😡🤬😠😤💢",
}
FINGERPRINTS: Final = 2**62  # of 4,000 words two are alike once in 500 thousand million shops
KINDS: Final = 6  # three speakers, in the last turn or before


class TokenBatch(NamedTuple):
    """Tokens of B texts, padded on the right to the longest: T."""

    words: Any  # string [B,T], "" where padded
    kinds: Any  # int32 [B,T], who says it (0 shopper, 1 clerk, 2 action), + 3 in the last turn
    lengths: Any  # int32 [B]
    is_reply: Any  # bool [B]: one clerk's turn and nothing else, so a reply's own text


class Pieces(NamedTuple):
    """The features of words: each word itself and its character n-grams, as buckets."""

    buckets: Any  # int32 [P]
    rows: Any  # int32 [P], the word each belongs to, ascending


def normalise(texts: Any) -> Any:
    """Lower-case, mend broken UTF-8, fold long numbers, word pictures, set tokens apart."""
    texts = tf.strings.unicode_transcode(
        texts, "UTF-8", "UTF-8", errors="replace", replacement_char=0x20
    )
    length = tf.strings.length(texts, unit="UTF8_CHAR")
    start = tf.maximum(length - MAX_DIALOGUE_CHARS, 0)
    texts = tf.strings.substr(
        texts, start, tf.fill(tf.shape(start), MAX_DIALOGUE_CHARS), unit="UTF8_CHAR"
    )
    texts = tf.strings.lower(texts, encoding="utf-8")
    texts = tf.strings.regex_replace(texts, "['’`´]", "")  # don't, dont
    texts = tf.strings.regex_replace(texts, r"[0-9]{3,}", "000")  # order numbers, years, prices
    for word, pictures in PICTURES.items():
        wordless = rf"[^\pL\pN{MARKS}]*"
        alone = rf"(^|[{MARKS}]){wordless}[{pictures}]{wordless}$"
        texts = tf.strings.regex_replace(texts, alone, rf"\1{word}")
    texts = tf.strings.regex_replace(texts, rf"[^\pL\pN\pM{MARKS}?？!！]+", " ")
    return tf.strings.regex_replace(texts, rf"([{SPACELESS}{MARKS}?？!！])", r" \1 ")


def fingerprints(words: Any) -> Any:
    """A number int64 below `FINGERPRINTS` for each word, by which the graph finds it."""
    return tf.strings.to_hash_bucket_fast(words, FINGERPRINTS)


def tokenise(texts: Any, *, max_tokens: int) -> TokenBatch:
    """Split `texts` [B] into their newest `max_tokens` tokens; no mark means one shopper's turn."""
    marked = tf.strings.regex_full_match(texts, rf"[{MARKS}](?s:.*)")
    texts = tf.where(marked, texts, SHOPPER + texts)
    alone = tf.strings.regex_full_match(texts, rf"{CLERK}[^{MARKS}]*")
    ragged = tf.strings.split(normalise(texts))[:, -max_tokens:]
    lengths = tf.cast(ragged.row_lengths(), tf.int32)
    words = tf.strings.substr(ragged.to_tensor(""), 0, MAX_WORD_CHARS, unit="UTF8_CHAR")
    # Of no texts at all there is one column of nothing: a recurrence needs a step to take.
    words = tf.pad(words, [[0, 0], [0, tf.maximum(1 - tf.shape(words)[1], 0)]], constant_values="")
    return TokenBatch(words, _kinds(words), lengths, alone)


def _kinds(words: Any) -> Any:
    """Who speaks at each token, and whether it is in the last turn: int32 [B,T]."""
    marks = tf.stack([tf.equal(words, mark) for mark in MARKS], axis=-1)
    is_mark = tf.reduce_any(marks, axis=-1)
    turn = tf.cumsum(tf.cast(is_mark, tf.int32), axis=1)
    # A turn belongs to the speaker of the mark it opens with: every (text, turn) is a segment.
    rows, width = tf.shape(words)[0], tf.shape(words)[1] + 1
    segment = turn + width * tf.range(rows)[:, tf.newaxis]
    said_by = tf.where(
        is_mark, tf.argmax(tf.cast(marks, tf.int32), axis=-1, output_type=tf.int32), 0
    )
    owner = tf.math.unsorted_segment_max(said_by, segment, rows * width)
    last = tf.equal(turn, tf.reduce_max(turn, axis=1, keepdims=True))
    return tf.gather(owner, segment) + 3 * tf.cast(last, tf.int32)


def newest_alone(texts: Any) -> Any:
    """The newest shopper's turn of each dialogue as a dialogue of its own, strings [B].

    See `serving.contract.alone`. What ends with another's turn stays as it is.
    """
    said = rf"(?s)^.*{SHOPPER}([^{MARKS}]*)$"
    return tf.strings.regex_replace(texts, said, rf"{SHOPPER}\1", replace_global=False)


def pieces(words: Any, meant: Any = None, *, buckets: int) -> Pieces:
    """The words [U] themselves and their character 3- to 5-grams, with the ends marked.

    Of `meant` [U] the same follows next to each word, unless it is "".
    """
    features = _features(words)
    if meant is not None:
        beside = _features(meant)
        features = tf.concat(
            [features, tf.ragged.boolean_mask(beside, beside != WORD_MARK)], axis=1
        )
    hashed = tf.strings.to_hash_bucket_fast(features.flat_values, buckets)
    return Pieces(tf.cast(hashed, tf.int32), tf.cast(features.value_rowids(), tf.int32))


def _features(words: Any) -> Any:
    """Each word and its n-grams: ragged string [U,None]; of "" only `WORD_MARK`."""
    characters = tf.strings.unicode_split(tf.strings.join(["<", words, ">"]), "UTF-8")
    grams = tf.strings.ngrams(
        characters, tuple(range(SHORTEST_GRAM, LONGEST_GRAM + 1)), separator=""
    )
    whole = tf.RaggedTensor.from_tensor(tf.strings.join([WORD_MARK, words])[:, tf.newaxis])
    return tf.concat([whole, grams], axis=1)
