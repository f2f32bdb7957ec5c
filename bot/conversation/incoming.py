"""A shopper's turn as the clerk hears it, and what the turns before it add."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from bot.knowledge import Asked, ReplyShelf, needs_order
from bot.languages import OrderWords, join_order_words, read_order_words, reply_locale
from bot.messages import NOWHERE, Place
from feedback.db import DialogueRow
from feedback.dialogues import Earlier, Memory, Shown, TalkSoFar
from serving.contract import CANARY, STABLE, Turn, render_dialogue

# For the language, and for the question that a button or an order number answers.
TURNS_LOOKED_BACK: Final = 16


@dataclass(frozen=True)
class Heard:
    """A shopper's turn, and what came before it."""

    dialogue: DialogueRow
    text: str
    client_id: str
    before: list[Earlier]  # the newest ones, in order
    memory: Memory  # what the clerk remembers of the dialogue
    locale: str  # to reply in
    place: Place = NOWHERE
    origin: str | None = None  # a keyed hash of the address it came from; None: the web was not it

    @property
    def who(self) -> str:
        """Who answers for a failed guess: the address, or in Slack the person."""
        return self.origin or self.dialogue.shopper_id

    @property
    def shopper_texts(self) -> list[str]:
        """The shopper's turns, newest first."""
        return [self.text, *(t.text for t in reversed(self.before) if t.speaker == "shopper")]

    @property
    def rendered(self) -> str:
        """What the ranker reads: this turn alone, as the book's questions are.

        A model that learned from lone questions is led astray by turns around one: with a return
        talked of before, "can you show me a backpack" was handed over instead of answered.
        """
        return render_dialogue([Turn("shopper", self.text)])

    @property
    def asked(self) -> Asked | None:
        """What a model is asked with; None in the holdout, which is answered without one."""
        if self.dialogue.arm == "holdout":
            return None
        return Asked(self.rendered, CANARY if self.dialogue.arm == "challenger" else STABLE)


class Offer(NamedTuple):
    """A reply that was offered as a button, and the impression that offered it."""

    reply_id: str
    title: str  # what the button said: the shopper's words when it is pressed
    impression_id: str


def find_offer(reply_id: str, shown: Iterable[Shown]) -> Offer | None:
    """The newest offer of a reply among what was shown, which comes oldest first."""
    for each in reversed(list(shown)):
        for choice in each.choices:
            if choice["reply_id"] == reply_id:
                return Offer(reply_id, str(choice["title"]), each.impression_id)
    return None


class Hearing:
    """Hears a turn and looks back in its dialogue."""

    def __init__(self, shelf: ReplyShelf) -> None:
        """Know from `shelf` which replies ask for an order."""
        self._shelf = shelf

    def hear(self, talk: TalkSoFar, text: str, client_id: str) -> Heard:
        """Put `text` behind what was said before."""
        session = talk.dialogue.locale
        heard = Heard(talk.dialogue, text, client_id, talk.before, talk.memory, session)
        return replace(heard, locale=reply_locale(heard.shopper_texts, session=session))

    def told_of_order(self, heard: Heard) -> OrderWords:
        """What the shopper told since the clerk first asked, and in the question before that."""
        asking = next(filter(self._asked_for_order, heard.before), None)
        told = [read_order_words(heard.text, asked=asking is not None)]
        if asking is not None:
            for turn in reversed(heard.before):
                since = turn.turn_id > asking.turn_id
                if turn.speaker == "shopper" and (since or turn.turn_id == asking.answers_turn_id):
                    told.append(read_order_words(turn.text, asked=since))
        return join_order_words(told)

    def answers_asking(self, heard: Heard) -> bool:
        """Whether the turn holds the number or e-mail that the pending reply was asked for."""
        pending = heard.memory.pending_reply_id
        reply = self._shelf.reply(pending, heard.locale) if pending else None
        if reply is None or not needs_order(reply):
            return False
        return any(read_order_words(heard.text, asked=True))

    def _asked_for_order(self, turn: Earlier) -> bool:
        shown = turn.shown
        if shown is None or shown.kind != "ask" or shown.reply_id is None:
            return False
        reply = self._shelf.reply(shown.reply_id, shown.locale)
        return reply is not None and needs_order(reply)
