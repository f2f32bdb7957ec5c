"""Clusters the staff's replies in past tickets, to propose the frequent ones for the reply book.

Replies that mean the same, given to questions that mean the same, are grouped by the model's
vectors of both. What differs within a group (names,
order numbers, dates, amounts) becomes a slot; what all of them share stays as it is. Pure: the
vectors are handed in.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]  # the vectors [B,D], unit length, of texts

# Cosines. Of 1,500 long replies to 27 sorts of questions (docs/benchmarks.md) groups by reply
# alone are 80 % of one sort at 0.86 and 85 % at 0.88, where 62 % of the replies are in one; by
# reply and question together 93 % at 0.80, where 85 % are.
ALIKE: Final = 0.80  # of reply and question together
ALIKE_ALONE: Final = 0.88  # of replies before which nothing was asked
LEAST_USES: Final = 3  # a reply given twice may be chance
SHORTEST: Final = 20  # characters; "Thanks!" needs no book
MOST_TEXTS: Final = 20_000  # distinct ones that are compared, the commonest first
MOST_QUESTIONS: Final = 20
MOST_GROUPS: Final = 200
BLOCK: Final = 1_000  # rows compared at a time: 1,000 × 20,000 floats are 80 MB

GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^,!.\n]{0,40}[,!.]\s*"
    r"|(?:您好|你好|亲)[,，!！。~～]?\s*)",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"\n\s*(?:(?:kind|best|warm)(?:est)?\s+(?:regards|wishes)|regards|best|cheers|thanks|thank you"
    r"|sincerely|祝好|此致)[,!.，。]?\s*(?:\n.*)*$",
    re.IGNORECASE,
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
VALUES: Final = re.compile(
    r"(?P<name><NAME>|<PERSONAL>)|(?P<order><ORDER>)|(?P<other><[A-Z]+>)"
    rf"|(?P<date>\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}(?![a-z])|\b{DAY}\b|\d{{1,2}}月\d{{1,2}}[日号])"
    r"|(?P<amount>[$€£¥]\s?\d[\d.,]*\d|[$€£¥]\s?\d|\d[\d.,]*\s?(?:元|块|usd|eur|dollars?))"
    r"|(?P<code>\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{8,}\b)"
    r"|(?P<number>\d+(?:[.,]\d+)*)",
    re.IGNORECASE,
)
SLOT_OF: Final = {
    "name": "",
    "order": "{order.number}",
    "code": "{order.tracking}",
    "date": "{fill.date}",
    "amount": "{fill.amount}",
    "number": "{fill.number}",
    "other": "{fill.detail}",
}


class StaffReply(NamedTuple):
    """A reply of the staff, and the shopper's words before it."""

    text: str
    question: str | None


@dataclass
class RepeatedReply:
    """A reply given again and again."""

    text: str  # with slots; `{fill.…}` is for a person to write in words
    uses: int
    questions: list[str] = field(default_factory=list)


def said_in(turns: Iterable[dict[str, Any]]) -> list[StaffReply]:
    """The staff's replies of a dialogue, each with what the shopper had asked."""
    said, question = [], None
    for turn in turns:
        if turn["speaker"] == "shopper":
            question = str(turn["text"])
        elif turn["speaker"] == "clerk":
            said.append(StaffReply(str(turn["text"]), question))
            question = None
    return said


def groups_of(
    said: Iterable[StaffReply], embed: Embed, least: int = LEAST_USES
) -> list[RepeatedReply]:
    """Groups with at least so many uses, the commonest first.

    Args:
        said: Without personal data.
        embed: The vectors [B,D], unit length, of texts.
        least: The fewest uses.
    """
    by_frame: dict[str, list[StaffReply]] = defaultdict(list)
    for one in said:
        core = core_of(one.text)
        if len(core) >= SHORTEST:
            by_frame[frame_of(core)].append(StaffReply(core, one.question))
    frames = sorted(by_frame, key=lambda frame: -len(by_frame[frame]))[:MOST_TEXTS]
    questions = {frame: _question(by_frame[frame]) for frame in frames}
    asked = [frame for frame in frames if questions[frame]]
    alone = [frame for frame in frames if not questions[frame]]
    groups = []
    for texts, alike in ((asked, ALIKE), (alone, ALIKE_ALONE)):
        if texts:
            vectors = embed(texts)
            if texts is asked:
                vectors = _both(vectors, embed([questions[frame] for frame in asked]))
            found = leaders(vectors, alike).values()
            groups += [_group([by_frame[texts[place]] for place in places]) for places in found]
    often = [group for group in groups if group.uses >= least]
    return sorted(often, key=lambda group: -group.uses)[:MOST_GROUPS]


def spelled(texts: Sequence[str]) -> Vectors:
    """Vectors [B,1024], unit length, of how texts are spelled: for where no model is yet."""
    vectors = np.zeros((len(texts), 1_024), np.float32)
    for row, text in enumerate(texts):
        padded = f"  {text.lower()} "
        for place in range(len(padded) - 2):
            vectors[row, crc32(padded[place : place + 3].encode("utf-8", "ignore")) % 1_024] += 1
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(norms, 1e-9)
    return vectors


def core_of(text: str) -> str:
    """A reply without its greeting and signature, which say who and not what.

    >>> core_of("Hi Anna, your parcel left today.\\nBest regards,\\nTom")
    'your parcel left today.'
    """
    body = SIGNATURE.sub("", text.strip())
    core = GREETING.sub("", body).strip()
    return " ".join(core.split())


def frame_of(text: str) -> str:
    """A reply with every value taken out: what is equal then is the same sentence.

    >>> frame_of("It left on March 3rd with number 1Z999AA10123.")
    'it left on {fill.date} with number {order.tracking}.'
    """
    return VALUES.sub(lambda match: SLOT_OF[str(match.lastgroup)], text).lower()


def leaders(vectors: Vectors, alike: float) -> dict[int, list[int]]:
    """Each text to the commonest one it is like; texts come commonest first.

    Returns:
        The places of each leader's texts, its own first.
    """
    members: dict[int, list[int]] = {}
    heads: list[int] = []
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        known = np.array(heads, dtype=np.int64)
        near = block @ vectors[known].T if heads else np.zeros((len(block), 0), np.float32)
        fresh: list[int] = []
        for row in range(len(block)):
            place = start + row
            best, head = (0.0, -1)
            if near.shape[1]:
                column = int(near[row].argmax())
                best, head = float(near[row, column]), heads[column]
            if fresh:
                among = vectors[fresh] @ vectors[place]
                if float(among.max()) > best:
                    best, head = float(among.max()), fresh[int(among.argmax())]
            if best >= alike:
                members[head].append(place)
            else:
                members[place] = [place]
                fresh.append(place)
        heads += fresh
    return members


def _question(said: Sequence[StaffReply]) -> str:
    """What was asked most before a reply; "" where nothing was."""
    asked = Counter(one.question for one in said if one.question)
    return asked.most_common(1)[0][0] if asked else ""


def _both(replies: Vectors, questions: Vectors) -> Vectors:
    """Vectors [B,2D], unit length, that are alike where both the reply and the question are."""
    both: Vectors = np.concatenate([replies, questions], axis=1)
    both /= np.float32(np.sqrt(2))
    return both


def _group(parts: list[list[StaffReply]]) -> RepeatedReply:
    leading = parts[0]
    asked = Counter(one.question for part in parts for one in part if one.question)
    return RepeatedReply(
        text=slotted([one.text for one in leading]),
        uses=sum(len(part) for part in parts),
        questions=[question for question, _ in asked.most_common(MOST_QUESTIONS)],
    )


def slotted(texts: Sequence[str]) -> str:
    """One text for replies of the same frame: values they share stay, those that differ are slots.

    >>> slotted(["Sent on 2026-01-02, returns within 30 days.",
    ...          "Sent on 2026-02-05, returns within 30 days."])
    'Sent on {fill.date}, returns within 30 days.'
    """
    values = [[match[0] for match in VALUES.finditer(text)] for text in texts]
    places = iter(range(len(values[0])))

    def fill(match: re.Match[str]) -> str:
        place = next(places)
        kind = str(match.lastgroup)
        shared = len({row[place].lower() for row in values if len(row) > place}) == 1
        if shared and kind in ("number", "amount", "date") and len(texts) > 1:
            return match[0]
        return SLOT_OF[kind]

    text = VALUES.sub(fill, texts[0])
    text = re.sub(r"#\s*(?=\{order\.number\})", "", text)
    text = re.sub(r"\s+([,.!?，。！？])", r"\1", text).strip(" ,，")
    return text[:1].upper() + text[1:]
