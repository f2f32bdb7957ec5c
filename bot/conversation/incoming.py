"""The incoming message: a shopper's turn, and what the turns before it add."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from typing import Any, Final, NamedTuple

from bot.conversation.clauses import questions_in
from bot.conversation.rendering import rendered
from bot.knowledge import KnowledgeQuery, ReplyBookCache, asked_in, needs_order
from bot.languages import all_packs, pack_in, phrases_in, reply_locale, without_emoji
from bot.messages import Choice, Place
from feedback.db import DialogueRow
from feedback.dialogues import DialogueMemory, Earlier, ShownImpression, TalkSoFar
from feedback.entities import (
    FindsProducts,
    OrderWords,
    join_order_words,
    masked,
    read_entities,
    read_order_words,
)
from feedback.languages import is_traditional, script_of, simplified
from serving.contract import CANARY, STABLE

# For the language, and for the question that a button or an order number answers.
TURNS_LOOKED_BACK: Final = 16
FEWEST_DIGITS: Final = 4  # of an order's number that no word names
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_CODE: Final = re.compile(
    r"(?<![A-Za-z\d])(?=[A-Za-z\d-]*\d)(?:[A-Z][A-Z\d-]{3,}|[a-z]{3,}-?\d+)(?![A-Za-z\d])"
)
_CLAUSE: Final = re.compile(r"[^,，.。;；!！?？]+[?？]?")
# Whose version answers an arm; the holdout is answered without a model.
LABELS: Final = {"champion": STABLE, "challenger": CANARY, "holdout": None}


@dataclass(frozen=True)
class IncomingMessage:
    """A shopper's turn, and what came before it."""

    dialogue: DialogueRow
    text: str
    client_id: str
    memory: DialogueMemory  # what the clerk remembers of the dialogue
    query: KnowledgeQuery  # what the sources of knowledge are asked
    origin: str | None = None  # a keyed hash of the address it came from; None: the web was not it
    tells_values: bool = False  # it holds an order's number or an e-mail
    tells_only_values: bool = False  # and no word besides
    tells_only_code: bool = False  # "the code is SAVE20"
    said: Sequence[str] = ()  # the shopper's turns as written, newest first
    traditional: bool = False  # its Chinese is written in traditional letters
    forbids: bool = False  # it says that something must not be done: "don't cancel it"

    @property
    def plain(self) -> str:
        """The turn in simplified letters, for what is read from its words alone."""
        return simplified(self.text)


class OfferedChoice(NamedTuple):
    """A button that was shown, and the impression that showed it."""

    key: str  # the candidate's
    title: str  # what the button said: the shopper's words when it is pressed
    impression_id: str
    value: Mapping[str, str] | None = None  # what it stands for; None: a candidate's words


def find_offer(key: str, shown: Iterable[ShownImpression]) -> OfferedChoice | None:
    """The newest offer of a candidate among what was shown, which comes oldest first."""
    for each in reversed(list(shown)):
        for stored in each.choices:
            choice = choice_of(stored)
            if choice.id == key:
                return OfferedChoice(key, choice.title, each.impression_id, choice.value)
    return None


def choice_stored(choice: Choice) -> dict[str, Any]:
    """A choice as an impression keeps it."""
    stored = {"id": choice.id, "title": choice.title, "reply_id": choice.reply_id}
    return stored | ({"value": dict(choice.value)} if choice.value else {})


def choice_of(stored: dict[str, Any]) -> Choice:
    """A choice that an impression kept; older ones have the `reply_id` alone."""
    reply_id, value = stored.get("reply_id"), stored.get("value")
    return Choice(str(stored.get("id", reply_id)), str(stored["title"]), reply_id, value)


def only_names_order(words: str, locale: str) -> bool:
    """Whether what is left of a turn without values only introduces them: "my number is".

    >>> only_names_order("my order number is , e-mail", "en"), only_names_order("cancel it", "en")
    (True, False)
    """
    pack = pack_in(locale)
    named = re.compile(pack.language.entities.order_before or "(?!)", re.IGNORECASE)
    left = re.sub(pack.order_filler or "(?!)", " ", named.sub(" ", words), flags=re.IGNORECASE)
    return not any(char.isalnum() for char in left)


def only_names_code(words: str, locale: str) -> bool:
    """Whether a turn is a code, as on vouchers, and words that only introduce it.

    >>> only_names_code("it's SAVE20", "en"), only_names_code("is SAVE20 still valid", "en")
    (True, False)
    """
    left, count = _CODE.subn(" ", words)
    return count == 1 and only_names_order(left, locale)


def wanted(text: str) -> str:
    """What a turn wants, without a greeting in front and without what it forbids.

    >>> wanted("hey, where's my stuff"), wanted("don't cancel it, just tell me where it is")
    ("where's my stuff", 'just tell me where it is')
    >>> wanted("hi there"), wanted("please do not cancel my order"), wanted("wait no, leave it")
    ('hi there', '', '')
    """
    forbids = False
    while (clause := forbidden(text)) is not None:
        text, forbids = text.replace(clause, "").strip(" ,，.。!！;；"), True
    if forbids and not _openings("correction").sub("", text):
        return ""
    return _openings("greeting").sub("", text)


def forbidden(text: str) -> str | None:
    """The clause of a text that says what must not be done; None where none does, or it asks."""
    for clause in _CLAUSE.findall(text):
        if _openings("forbids").search(clause) and not clause.rstrip().endswith(("?", "？")):
            return str(clause)
    return None


def _told_at_once(text: str) -> OrderWords:
    """What a turn tells of an order that nobody asked for yet: a bare number is a long one."""
    plain, asked = read_order_words(text), read_order_words(text, asked=True)
    number = asked.number or ""
    long = sum(map(str.isdecimal, number)) >= FEWEST_DIGITS and not _YEAR.fullmatch(number)
    return OrderWords(plain.number or (number if long else None), plain.email)


def _spoken(words: str) -> str:
    """A turn without its values, for the language it is in; "" where the rest names them only."""
    latin = (pack.language.locale for pack in all_packs() if pack.language.is_latin)
    return "" if any(only_names_order(words, locale) for locale in latin) else words


@cache
def _openings(name: str) -> re.Pattern[str]:
    said = [getattr(pack.turns, name) for pack in all_packs()]
    return re.compile("|".join(each for each in said if each) or "(?!)", re.IGNORECASE)


class MessageReader:
    """Reads a message with what was said before it in its dialogue."""

    def __init__(self, cache: ReplyBookCache, products: FindsProducts | None = None) -> None:
        """Know from the reply book which replies ask for an order.

        `products` finds names of products, which a ranker of replies reads as a placeholder.
        """
        self._cache = cache
        self.products = products

    def read(
        self,
        talk: TalkSoFar,
        text: str,
        client_id: str,
        *,
        pressed: bool = False,
        place: Place | None = None,
        origin: str | None = None,
    ) -> IncomingMessage:
        """Put `text` behind what was said before; without a `place` it came from the first page.

        Args:
            talk: The dialogue so far.
            text: The new turn.
            client_id: The sender's id of it.
            pressed: It is what a button said: what is looked for are the words before it.
            place: Where in the shop the shopper is.
            origin: A keyed hash of where the message came from.
        """
        dialogue, before = talk.dialogue, talk.before
        texts = [text, *(turn.text for turn in reversed(before) if turn.speaker == "shopper")]
        readings = [read_entities(each) for each in texts]
        own = [reading.without() for reading in readings]
        forbids = forbidden(own[0]) is not None
        chinese = next(filter(script_of, texts), "")
        locale = reply_locale(chain(map(_spoken, own), texts), session=dialogue.locale)
        own[0] = wanted(own[0])
        plain, told = without_emoji(text), readings[0]
        asked, ranked = wanted(masked(plain)), wanted(masked(plain, products=self.products))
        tells = told.first("order") is not None or told.first("email") is not None
        only = tells and only_names_order(own[0], locale)
        if only:
            asked = ranked = phrases_in(locale).order_question
        query = KnowledgeQuery(
            texts=own[1:] if pressed and len(own) > 1 else own,
            dialogue=rendered(before, asked),
            locale=locale,
            label=LABELS.get(dialogue.arm, STABLE),
            place=place or Place(dialogue.page),
            focus=talk.memory.focus,
            told_of_order=partial(self._told_of_order, text, before),
            failed_lookups=talk.memory.failed_lookups,
            who=origin or dialogue.shopper_id,
            ranked=rendered(before, ranked, self.products),
        )
        return IncomingMessage(
            dialogue,
            text,
            client_id,
            talk.memory,
            query,
            origin,
            tells,
            only,
            only_names_code(own[0], locale),
            texts,
            traditional=is_traditional(chinese),
            forbids=forbids,
        )

    def _told_of_order(self, text: str, before: Sequence[Earlier]) -> OrderWords:
        """What the shopper told at any time; a bare number counts since the clerk first asked."""
        asking = next(filter(self._asked_for_order, before), None)
        shoppers = [turn for turn in before if turn.speaker == "shopper"]
        # The turn that was asked back for it may have held the number: "5003 status?".
        since = max(
            (turn.turn_id for turn in shoppers if asking and turn.turn_id < asking.turn_id),
            default=asking.turn_id if asking else None,
        )
        told = [read_order_words(text, asked=True) if asking else _told_at_once(text)]
        for turn in reversed(shoppers):
            asked = since is not None and turn.turn_id >= since
            told.append(read_order_words(turn.text, asked=asked))
        # Nobody asked then: "don't cancel 5001", and later "only its status".
        told += [_told_at_once(turn.text) for turn in reversed(shoppers)]
        return join_order_words(told)

    def alone(self, message: IncomingMessage) -> KnowledgeQuery:
        """What a turn asks by its own words."""
        return self._alone(message.query, message.query.texts[0])

    def behind(self, message: IncomingMessage) -> KnowledgeQuery:
        """The turn looked for behind the one before it, whose topic it goes on with."""
        newest, *before = message.query.texts
        asked = f"{asked_in(before)} {newest}" if before else newest
        return replace(message.query, texts=[asked, *before])

    def put_right(self, message: IncomingMessage) -> KnowledgeQuery:
        """What a turn that corrects the last answer asks, by itself: "no, I mean delivery"."""
        text = _openings("correction").sub("", message.query.texts[0])
        return self._alone(message.query, text or message.text)

    def parts(self, message: IncomingMessage) -> list[KnowledgeQuery]:
        """A query for each question of a message; one where it holds one."""
        questions = questions_in(message.query.texts[0])
        if len(questions) < 2:
            return [message.query]
        earlier = message.query.texts[1:]
        return [
            replace(self._alone(message.query, each), texts=[each, *earlier]) for each in questions
        ]

    def _alone(self, query: KnowledgeQuery, text: str) -> KnowledgeQuery:
        """The query with a text that is ranked without what was said before."""
        ranked = rendered((), masked(text, products=self.products))
        return replace(query, dialogue=rendered((), masked(text)), ranked=ranked)

    def asks(self, message: IncomingMessage) -> bool:
        """Whether a turn is a question, by its sign."""
        return any(sign in message.text for sign in "?？吗嗎")

    def answers_asking(self, message: IncomingMessage) -> bool:
        """Whether the turn holds the number or e-mail that the pending reply was asked for."""
        pending = message.memory.pending_reply_id
        reply = self._cache.reply(pending, message.query.locale) if pending else None
        if reply is None or not needs_order(reply):
            return False
        return any(read_order_words(message.text, asked=True))

    def _asked_for_order(self, turn: Earlier) -> bool:
        shown = turn.shown
        if shown is None or shown.kind != "ask" or shown.reply_id is None:
            return False
        reply = self._cache.reply(shown.reply_id, shown.locale)
        return reply is not None and needs_order(reply)
