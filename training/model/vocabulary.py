"""Vocabulary of the decoder: texts to word numbers and back, inside the graph, without loss.

- a token is a word, a slot such as {order.status}, a mark of punctuation or a Chinese character,
  each with the space before it, so that the tokens joined are the text
- numbers are looked up by fingerprint among sorted constants: a hash table would need initialising,
  and only core operations may be in a version
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Any, Final

import numpy as np
import tensorflow as tf

from serving.contract import MAX_TURN_CHARS
from training.model.private_words import FEWEST_VOICES, without_names
from training.model.text_features import FINGERPRINTS, SPACELESS, fingerprints

PAD, UNKNOWN, END = range(3)
SPECIAL: Final = (b"", "\N{REPLACEMENT CHARACTER}".encode(), b"")  # what each is as text

LONGEST_WORD: Final = 40  # bytes; longer ones are addresses and keys, and no draft should say them
RARE_FROM: Final = 20_000  # tokens; from then on words said once are let be unknown ones
MOST_WORDS: Final = 200  # of a reply are learned from or scored, its end included
CHUNK: Final = 4_096  # texts split at once
BREAK: Final = "\x1f"  # stands between tokens; `fold` has taken it out of what people wrote

WORD: Final = r"[\pL\pN\pM]+(?:['’][\pL\pN\pM]+)*"
SLOT: Final = r"\{[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*\}"

Array = np.ndarray[Any, Any]


def fold(texts: Any) -> Any:
    """Mend broken UTF-8, cut what no turn may hold, and make all white space and control one space.

    Args:
        texts: string [B].

    Returns:
        string [B]
    """
    texts = tf.strings.unicode_transcode(
        texts, "UTF-8", "UTF-8", errors="replace", replacement_char=0x20
    )
    texts = tf.strings.substr(texts, 0, MAX_TURN_CHARS, unit="UTF8_CHAR")
    return tf.strings.strip(tf.strings.regex_replace(texts, r"[\s\pC\pZ]+", " "))


def split(texts: Any) -> Any:
    """Tokens of `texts` [B] as a ragged string tensor [B,None]; joined, they are `fold(texts)`."""
    apart = tf.strings.regex_replace(fold(texts), rf" ?[{SPACELESS}]", rf"{BREAK}\0{BREAK}")
    apart = tf.strings.regex_replace(apart, rf" ?(?:{SLOT}|{WORD}|[^{BREAK}])", rf"{BREAK}\0")
    tokens = tf.strings.split(apart, BREAK)
    return tf.ragged.boolean_mask(tokens, tf.not_equal(tokens, ""))


def join(tokens: Any) -> Any:
    """The texts [B] of `tokens` [B,T]; the inverse of `split`."""
    return tf.strings.reduce_join(tokens, axis=-1)


class Vocabulary:
    """The words a decoder knows; a word's place in `words` is its number."""

    def __init__(self, words: Iterable[bytes]) -> None:
        self.words: tuple[bytes, ...] = tuple(words)
        prints = fingerprints(tf.constant(self.words[len(SPECIAL) :], tf.string)).numpy()
        order = np.argsort(prints, kind="stable")
        # One more than any fingerprint closes the list, so that a search always ends inside it.
        self._prints = np.append(prints[order], FINGERPRINTS).astype(np.int64)
        self._numbers = np.append(order + len(SPECIAL), UNKNOWN).astype(np.int32)

    def __len__(self) -> int:
        return len(self.words)

    def numbers(self, texts: Any) -> Any:
        """The words of `texts` [B] as a ragged int32 tensor [B,None], without an end."""
        tokens = split(texts)
        prints = fingerprints(tokens.flat_values)
        place = tf.searchsorted(self._prints, prints)
        known = tf.equal(tf.gather(self._prints, place), prints)
        found = tf.where(known, tf.gather(self._numbers, place), UNKNOWN)
        return tokens.with_flat_values(found)

    def texts(self, numbers: Any) -> Any:
        """The texts [B] of `numbers` [B,T]; padding and ends are nothing."""
        return tf.strings.strip(join(tf.gather(tf.constant(self.words, tf.string), numbers)))


def ended(numbers: Any) -> Any:
    """Ragged words [B,None], cut to what is read, each followed by the end."""
    numbers = numbers[:, : MOST_WORDS - 1]
    end = tf.fill([numbers.nrows(), 1], END)
    return tf.concat([numbers, tf.RaggedTensor.from_tensor(end)], axis=1)


def build_vocabulary(
    texts: Sequence[str], size: int, voices: Sequence[str | None] | None = None
) -> Vocabulary:
    """The commonest `size` words of `texts`, the special ones among them.

    In many texts a word said once is left out: without such words the decoder would never see what
    an unknown one is like. In few texts every word of the shop's own counts; what clerks said in
    dialogues holds names, so a word of theirs takes several dialogues, whatever their number.

    Args:
        texts: what the decoder is to learn to say, each as often as it will read it.
        size: rows of the decoder's table at most.
        voices: the dialogue each text was said in, None for a text of the shop's book; all are of
            the book where this is not given.
    """
    counts: Counter[bytes] = Counter()
    for tokens in _tokens(texts):
        counts.update(tokens)
    known = set(counts) if voices is None else _known(texts, voices)
    ranked = sorted(known & counts.keys(), key=lambda word: (-counts[word], word))
    fewest = 2 if counts.total() >= RARE_FROM else 1
    kept = [word for word in ranked if counts[word] >= fewest and len(word) <= LONGEST_WORD]
    return Vocabulary((*SPECIAL, *kept[: size - len(SPECIAL)]))


def _known(texts: Sequence[str], voices: Sequence[str | None]) -> set[bytes]:
    """The tokens of the book's texts, and those that enough dialogues vouch for."""
    own: set[bytes] = set()
    by: defaultdict[bytes, set[str]] = defaultdict(set)
    read = (
        text if voice is None else without_names(text)
        for text, voice in zip(texts, voices, strict=True)
    )
    for voice, tokens in zip(voices, _tokens(read), strict=True):
        if voice is None:
            own.update(tokens)
        else:
            for token in tokens:
                by[token].add(voice)
    return own | {token for token, said_in in by.items() if len(said_in) >= FEWEST_VOICES}


def _tokens(texts: Iterable[str]) -> Iterator[list[bytes]]:
    """The tokens of each text."""
    cut = tf.function(split, autograph=False).get_concrete_function(
        tf.TensorSpec([None], tf.string)
    )
    left = iter(texts)
    while chunk := [text.encode("utf-8", "replace") for text in islice(left, CHUNK)]:
        tokens = cut(tf.constant(chunk, tf.string))
        words, splits = tokens.flat_values.numpy().tolist(), tokens.row_splits.numpy().tolist()
        yield from (words[start:end] for start, end in pairwise(splits))
