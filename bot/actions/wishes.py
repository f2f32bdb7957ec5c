"""Wishes of a message: which order actions it asks for, each with the words that belong to it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.actions.words import ActionSpeech
from serving.contract import ACTION_SURE

SWAP: Final = "swap"  # of items not sent yet, or of those that have arrived: the order tells
FAMILY: Final[Mapping[str, str]] = {"change_items": SWAP, "exchange_items": SWAP}
HEAD_SURE: Final = ACTION_SURE  # of the model's head for actions, where no cue is found
AFTER_COMPLAINT: Final = ("return_items", SWAP)
HEAD_NONE: Final = 0.9  # so sure that nothing is asked for that a cue in a question does not count
_SENTENCE: Final = re.compile(r"(?<=[.!?;。！？；\n])\s*(?=\S)")
_CLAUSE: Final = re.compile(r"[,，、:：]|\b(?:and|but)\b|和|并")
# Where two cues overlap, the first of these is meant.
_BEFORE: Final = (
    "change_customer_address",
    "change_payment",
    "return_items",
    "change_order_address",
    "cancel_order",
    SWAP,
)


class WishWords(NamedTuple):
    """A wish as it was said."""

    action: str
    text: str


def family(action: str) -> str:
    """The kind of wish an action is for.

    >>> family("exchange_items"), family("cancel_order")
    ('swap', 'cancel_order')
    """
    return FAMILY.get(action, action)


def read_wishes(
    text: str, speech: ActionSpeech, head: Mapping[str, float], *, hints: bool = True
) -> list[WishWords]:
    """The wishes in a message, in their order; what stands before the first belongs to it.

    Args:
        text: What the shopper wrote.
        speech: Their language.
        head: The model's probabilities by action; empty where there is no head.
        hints: Whether weaker signs count, where there is no cue.
    """
    found: list[WishWords] = []
    before = ""
    complains = re.search(speech.complains, text.lower()) is not None
    for chunk in _chunks(text, speech):
        action = _wished(chunk, speech, head, complains=complains)
        if action is None:
            if found:
                found[-1] = found[-1]._replace(text=f"{found[-1].text} {chunk}")
            else:
                before += f"{chunk} "
        elif found and found[-1].action == action:
            found[-1] = found[-1]._replace(text=f"{found[-1].text} {chunk}")
        else:
            found.append(WishWords(action, before + chunk))
            before = ""
    if found or _only_asks(text, speech, head):
        return found
    if (said := _by_head(head)) is not None:
        return [WishWords(said, text)]
    weak = _cued(text, speech.hints) if hints else None
    return [WishWords(weak, text)] if weak else []


def _wished(
    chunk: str, speech: ActionSpeech, head: Mapping[str, float], *, complains: bool
) -> str | None:
    """What a part of a message asks for; a question about the rule asks for nothing.

    "How do I send it back?" is no such question where it is said what is wrong with it.
    """
    action = _cued(chunk, speech.cues)
    if not _only_asks(chunk, speech, head) or (complains and action in AFTER_COMPLAINT):
        return action
    return None


def _only_asks(text: str, speech: ActionSpeech, head: Mapping[str, float]) -> bool:
    asks = re.search(speech.only_asking, text.lower()) is not None
    return asks and (not re.search(r"\d{4,}|@", text) or head.get("none", 0.0) >= HEAD_NONE)


def _by_head(head: Mapping[str, float]) -> str | None:
    """What the model's head is sure of; the two kinds of swap count together."""
    sums: dict[str, float] = {}
    for action, sure in head.items():
        sums[family(action)] = sums.get(family(action), 0.0) + sure
    best = max(sums, key=lambda action: sums[action], default="none")
    return best if best != "none" and sums[best] >= HEAD_SURE else None


def _chunks(text: str, speech: ActionSpeech) -> list[str]:
    """Parts of the text that hold one wish at most: sentences, cut before a second wish."""
    chunks: list[str] = []
    for sentence in _SENTENCE.split(text):
        first = 0
        for mark in re.finditer(speech.next_wish, sentence.lower()):
            if mark.start() > first and _cued(sentence[mark.start() :], speech.cues):
                chunks.append(sentence[first : mark.start()])
                first = mark.start()
        chunks += _cut_at_cues(sentence[first:], speech)
    return [chunk for chunk in chunks if chunk.strip()]


def _cut_at_cues(chunk: str, speech: ActionSpeech) -> list[str]:
    """Cut where a clause asks for something else than the one before it."""
    parts: list[str] = []
    first, now = 0, None
    ends = [match.start() for match in _CLAUSE.finditer(chunk)] + [len(chunk)]
    begin = 0
    for end in ends:
        action = _cued(chunk[begin:end], speech.cues)
        if action is not None and now is not None and action != now:
            parts.append(chunk[first:begin])
            first = begin
        now = action or now
        begin = end
    return [*parts, chunk[first:]]


def _cued(text: str, cues: Mapping[str, str]) -> str | None:
    """The action a stretch of text asks for; the shop's own actions are looked at first."""
    low = text.lower()
    own = [name for name in cues if name not in _BEFORE]
    return next(
        (name for name in (*own, *_BEFORE) if name in cues and re.search(cues[name], low)), None
    )


def looks_like_question(text: str, speech: ActionSpeech, acts: Mapping[str, float]) -> bool:
    """Whether a message asks rather than tells."""
    asks = text.rstrip().endswith(("?", "？")) or re.search(speech.only_asking, text.lower())
    return bool(asks) or acts.get("ask", 0.0) >= HEAD_SURE
