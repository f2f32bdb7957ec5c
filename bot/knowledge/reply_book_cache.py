"""Cache of the reply book in memory: replies, button titles, facts; read again when it changes."""

import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.knowledge.product_query import read_product_query
from bot.knowledge.search_terms import indexed_words, query_words, unspaced_runs
from bot.languages import all_packs, pack_in
from feedback.db import PERSON_REPLY_ID, Question, Reply
from feedback.entities import normalised
from feedback.knowledge import ReplyBook
from feedback.languages import simplified

FIRST_SENTENCE = re.compile(r"^.*?[.!?。！？]")
_WORD = re.compile(r"[^\W\d_]{2,}")
MAX_TITLE = 60  # a button's words; Slack allows 75


@dataclass(frozen=True)
class BookReply:
    """A reply of the book in the language asked for, else in another one it has."""

    reply_id: str
    text: str
    locale: str


@dataclass
class _Contents:
    stamp: str
    replies: dict[str, dict[str, str]]  # reply_id → locale → text
    titles: dict[tuple[str, str], str]  # (reply_id, locale) → a question it answers
    asked: dict[str, str]  # a question as `compared` → the reply it asks for
    words: frozenset[str]  # of all questions
    replaced: dict[str, str]  # a superseded reply → the one in its place
    person: str | None  # the reply to who asks for a person, by the questions it stands for
    # By locale, filled when asked for.
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    never_offered: dict[str, frozenset[str]] = field(default_factory=dict)


class ReplyBookCache:
    """Keeps the book in memory; `refresh` once a turn, every read after it is free."""

    def __init__(self, book: ReplyBook) -> None:
        """Read nothing yet."""
        self._book = book
        self._contents: _Contents | None = None
        self._reading = threading.Lock()

    def reply(self, reply_id: str, locale: str) -> BookReply | None:
        """The reply in `locale`, else in English, else in any language; None where unknown."""
        texts = self._current().replies.get(reply_id)
        if not texts:
            return None
        found = next((wanted for wanted in (locale, "en") if wanted in texts), next(iter(texts)))
        return BookReply(reply_id, texts[found], found)

    def count(self) -> int:
        """How many replies it holds."""
        return len(self._current().replies)

    def standing(self, reply_id: str) -> str:
        """The reply itself, or the one that superseded it."""
        return self._current().replaced.get(reply_id, reply_id)

    def title(self, reply_id: str, locale: str) -> str:
        """What a button for the reply says: the first question the staff gave it, or its start."""
        contents = self._current()
        if question := contents.titles.get((reply_id, locale)):
            return question
        reply = self.reply(reply_id, locale)
        text = reply.text if reply else reply_id.replace("_", " ")
        match = FIRST_SENTENCE.match(text)
        return _shorten(match.group() if match else text)

    def asked_as_written(self, text: str) -> str | None:
        """The reply to a question that stands in the book just so, whatever its case and signs."""
        return self._current().asked.get(compared(text))

    def person_reply_id(self, locale: str) -> str | None:
        """The reply to who asks for a person: by its name, or by what it is asked with."""
        if PERSON_REPLY_ID in self._current().replies:
            return PERSON_REPLY_ID
        return self.small_talk("person", locale) or self._current().person

    def never_offered(self, locale: str) -> frozenset[str]:
        """Replies that are no choice: "Did you mean: Hi?", and a person has a button anyway."""
        never = self._current().never_offered
        if locale not in never:
            talk = {self.small_talk(act, locale) for act in pack_in(locale).turns.plainest}
            calls = {PERSON_REPLY_ID, self.person_reply_id(locale)}
            never[locale] = frozenset(each for each in talk | calls if each is not None)
        return never[locale]

    def words(self) -> frozenset[str]:
        """The words that its questions use, in all languages."""
        return self._current().words

    def small_talk(self, act: str, locale: str) -> str | None:
        """The book's reply to thanks, a greeting, …: the one that stands for its plainest words."""
        said = pack_in(locale).turns.plainest.get(act, ())
        return next((found for each in said if (found := self.asked_as_written(each))), None)

    def with_fact(self, text: str, locale: str) -> list[str]:
        """The replies that tell a fact of the shop which holds all that a text names: "Norway"."""
        named = _pack_words(text, locale)
        if not named:
            return []
        slots = [
            f"{{policy.{name}}}"
            for name, value in self.facts(locale).items()
            if named <= _names_in(value)
        ]
        texts = ((id_, " ".join(by.values())) for id_, by in self._current().replies.items())
        return [id_ for id_, text in texts if any(slot in text for slot in slots)]

    def facts(self, locale: str) -> dict[str, str]:
        """The shop's facts as they read in `locale`."""
        contents = self._current()
        if locale not in contents.facts:
            contents.facts[locale] = self._book.facts(locale)
        return contents.facts[locale]

    def refresh(self) -> None:
        """Read the book again if it has changed."""
        self._read_unless(self._book.stamp())

    def _current(self) -> _Contents:
        return self._contents or self._read_unless(self._book.stamp())

    def _read_unless(self, stamp: str) -> _Contents:
        """The contents of `stamp`; who comes while they are read waits for that one reading."""
        contents = self._contents
        if contents is None or contents.stamp != stamp:
            with self._reading:
                contents = self._contents
                if contents is None or contents.stamp != stamp:
                    contents = self._contents = self._read(stamp)
        return contents

    def _read(self, stamp: str) -> _Contents:
        # One that follows on another means nothing by itself, and is no button's title.
        questions = [each for each in self._book.questions() if not each.history]
        return _Contents(
            stamp,
            _by_id(self._book.replies()),
            _titles(questions),
            _asked(questions),
            frozenset(word for each in questions for word in indexed_words(each.question)),
            self._book.replaced(),
            _asked_for_person(questions),
        )


def _by_id(replies: Iterable[Reply]) -> dict[str, dict[str, str]]:
    by_id: dict[str, dict[str, str]] = {}
    for reply in replies:
        by_id.setdefault(reply.reply_id, {})[reply.locale] = reply.text
    return by_id


def _titles(questions: Iterable[Question]) -> dict[tuple[str, str], str]:
    """A question for each reply, without a price, a colour or a size that others do not mean."""
    titles: dict[tuple[str, str], str] = {}
    for question in questions:
        if question.reply_id is None or (question.reply_id, question.locale) in titles:
            continue  # reading 5,000 questions as wishes took a quarter of a second
        if not _constrained(question.question):
            titles[question.reply_id, question.locale] = _shorten(question.question)
    return titles


def _constrained(question: str) -> bool:
    return read_product_query(question).narrows or any(char.isdecimal() for char in question)


def _asked(questions: Iterable[Question]) -> dict[str, str]:
    """Each question's reply; one that asks for two replies says nothing."""
    asked: dict[str, str | None] = {}
    for question in questions:
        key = compared(question.question)
        same = asked.get(key, question.reply_id) == question.reply_id
        asked[key] = question.reply_id if same else None
    return {key: reply_id for key, reply_id in asked.items() if key and reply_id is not None}


def _asked_for_person(questions: Iterable[Question]) -> str | None:
    """The reply most of whose questions ask for a person in so many words."""
    pattern = re.compile("|".join(each.turns.person for each in all_packs()), re.IGNORECASE)
    asking: Counter[str] = Counter()
    for question in questions:
        if question.reply_id is not None:
            asking[question.reply_id] += 1 if pattern.search(normalised(question.question)) else -1
    best, lead = max(asking.items(), key=lambda each: each[1], default=("", 0))
    return best if lead > 0 else None


def _names_in(value: str) -> set[str]:
    """The names in a fact: words with a capital, and what stands between signs in Chinese.

    >>> sorted(_names_in("Visa, PayPal and invoice")), sorted(_names_in("欧盟、挪威和英国"))
    (['paypal', 'visa'], ['挪威', '欧盟', '英国'])
    """
    capital = {word.lower() for word in _WORD.findall(value) if word[0].isupper()}
    return capital | {one for run in unspaced_runs(value) for one in re.split("[和与或]", run)}


def _pack_words(text: str, locale: str) -> set[str]:
    """The words of a short turn that name something: "and to Norway?"."""
    pack = pack_in(locale)
    left = re.sub(pack.products.service or "(?!)", " ", normalised(text), flags=re.IGNORECASE)
    if pack.language.spaced:
        return set(query_words(left, locale))
    return {run for run in unspaced_runs(left, stop=True) if len(run) > 1}


def compared(text: str) -> str:
    """A question without case, spaces and signs.

    >>> compared("What\u2019s your  Return policy?") == compared("what's your return policy")
    True
    """
    return "".join(char for char in simplified(normalised(text)).casefold() if char.isalnum())


def _shorten(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1].rstrip() + "…"
