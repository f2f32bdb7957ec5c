"""The incoming message: a shopper's turn, and what the turns before it add."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from bot.knowledge import KnowledgeQuery, ReplyBookCache, needs_order
from bot.languages import reply_locale, without_emoji
from bot.messages import Choice, Place
from feedback.db import DialogueRow
from feedback.dialogues import DialogueMemory, Earlier, ShownImpression, TalkSoFar
from feedback.entities import OrderWords, join_order_words, read_order_words
from serving.contract import CANARY, STABLE, Turn, render_dialogue

# For the language, and for the question that a button or an order number answers.
TURNS_LOOKED_BACK: Final = 16
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


class MessageReader:
    """Reads a message with what was said before it in its dialogue."""

    def __init__(self, cache: ReplyBookCache) -> None:
        """Know from the reply book which replies ask for an order."""
        self._cache = cache

    def read(
        self,
        talk: TalkSoFar,
        text: str,
        client_id: str,
        *,
        place: Place | None = None,
        origin: str | None = None,
    ) -> IncomingMessage:
        """Put `text` behind what was said before; without a `place` it came from the first page."""
        dialogue, before = talk.dialogue, talk.before
        texts = [text, *(turn.text for turn in reversed(before) if turn.speaker == "shopper")]
        query = KnowledgeQuery(
            texts=texts,
            # This turn alone, as the book's questions are. A model that learned from lone questions
            # is led astray by turns around one: with a return talked of before, "can you show me a
            # backpack" was handed over instead of answered.
            dialogue=render_dialogue([Turn("shopper", without_emoji(text))]),
            locale=reply_locale(texts, session=dialogue.locale),
            label=LABELS.get(dialogue.arm, STABLE),
            place=place or Place(dialogue.page),
            told_of_order=partial(self._told_of_order, text, before),
            failed_lookups=talk.memory.failed_lookups,
            who=origin or dialogue.shopper_id,
        )
        return IncomingMessage(dialogue, text, client_id, talk.memory, query, origin)

    def _told_of_order(self, text: str, before: Sequence[Earlier]) -> OrderWords:
        """What the shopper told since the clerk first asked, and in the question before that."""
        asking = next(filter(self._asked_for_order, before), None)
        told = [read_order_words(text, asked=asking is not None)]
        if asking is not None:
            for turn in reversed(before):
                since = turn.turn_id > asking.turn_id
                if turn.speaker == "shopper" and (since or turn.turn_id == asking.answers_turn_id):
                    told.append(read_order_words(turn.text, asked=since))
        return join_order_words(told)

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
