"""Training pairs: the dialogue so far, and the reply that came or should have come.

A dialogue is learned as it is asked: whole, the newest turn last, with placeholders in the place
of numbers, addresses and prices, which tell a shopper from another and not a question.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from feedback.entities import masked
from feedback.knowledge import DialogueLine, QuestionLine, ReplyLine
from feedback.signals import STAFF, Example
from serving.contract import MAX_TURNS, Turn, clean_text, render_dialogue

# Replies taken from dialogues when no book is given: past this many, each is rare and costs time.
MOST_FROM_DIALOGUES: Final = 2_000


@dataclass(frozen=True)
class Pair:
    """A dialogue so far and its reply: one of the book, or only a text, or neither: none fits."""

    dialogue: str
    reply_id: str | None
    text: str | None = None
    locale: str = "en"
    weight: float = 1.0
    rejected: tuple[str, ...] = ()
    by_staff: bool = True  # the staff's own word; else shoppers alone vouch for it
    pinned: bool = False  # no later model may answer it otherwise
    voice: str = ""  # the file's dialogue it is of; "" of a lone question, or where nobody asks

    @property
    def is_null(self) -> bool:
        """No reply of the book fits."""
        return self.reply_id is None and self.text is None


def from_questions(questions: Iterable[QuestionLine]) -> list[Pair]:
    """A question is a dialogue that ends in it, mostly one of a single turn."""
    return [
        Pair(
            render_dialogue(
                [
                    *(as_asked(turn.speaker, clean_text(turn.text)) for turn in line.history),
                    as_asked("shopper", line.question),
                ][-MAX_TURNS:]
            ),
            line.reply_id,
            locale=line.locale,
        )
        for line in questions
    ]


def from_dialogues(dialogues: Iterable[DialogueLine]) -> Iterator[Pair]:
    """Each clerk's turn that answers something, with all that was said before it."""
    for dialogue in dialogues:
        said: list[Turn] = []
        for turn in dialogue.turns:
            text = clean_text(turn.text)
            if turn.speaker == "clerk" and said and text:
                yield Pair(render_dialogue(said), turn.reply_id, text=text, voice=dialogue.id)
            said.append(as_asked(turn.speaker, text))


def from_examples(examples: Iterable[Example]) -> list[Pair]:
    """What shoppers and staff accepted, each with the weight of its signal."""
    return [
        Pair(
            dialogue=render_dialogue(as_asked(*turn) for turn in example.turns[-MAX_TURNS:]),
            reply_id=example.reply_id,
            locale=example.locale,
            weight=example.weight,
            rejected=tuple(example.rejected),
            by_staff=example.signal in STAFF,
            pinned=example.pinned,
        )
        for example in examples
    ]


def book_of_dialogues(dialogues: Iterable[DialogueLine]) -> list[ReplyLine]:
    """The clerks' commonest replies: by id with its commonest wording, else by wording."""
    by_id: defaultdict[str, Counter[str]] = defaultdict(Counter)
    unnamed: Counter[str] = Counter()
    for dialogue in dialogues:
        for turn in dialogue.turns:
            text = clean_text(turn.text)
            if turn.speaker == "clerk" and turn.reply_id is not None:
                by_id[turn.reply_id][text] += 1
            elif turn.speaker == "clerk" and text:
                unnamed[text] += 1
    named = [ReplyLine(reply_id, texts.most_common(1)[0][0]) for reply_id, texts in by_id.items()]
    rest = max(0, MOST_FROM_DIALOGUES - len(named)) if not named else 0
    return named + [ReplyLine(_id_of(text), text) for text, _ in unnamed.most_common(rest)]


def _id_of(text: str) -> str:
    return "said_" + sha256(text.encode()).hexdigest()[:12]


def as_asked(speaker: str, text: str) -> Turn:
    """A turn as the model is asked: a colleague of the staff speaks as the clerk."""
    return Turn("clerk" if speaker == "staff" else speaker, masked(text))


def locales_of(pairs: Sequence[Pair]) -> list[str]:
    """The languages of `pairs`, in order of the alphabet."""
    return sorted({pair.locale for pair in pairs})
