"""The clerk: a shopper's turn in, the reply out, the impression recorded. Start reading here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.conversation import (
    MAX_TEXT,
    TURNS_LOOKED_BACK,
    ChoiceNotOffered,
    ClientIdReused,
    ComposedAnswer,
    EmptyText,
    IncomingMessage,
    OfferedChoice,
    Opening,
    TextTooLong,
    answer_shown,
    find_offer,
    impression_of,
    open_chat,
    parts_of,
    readable,
    refuse_other_words,
)
from bot.decider import Decider
from bot.knowledge import Knowledge
from bot.languages import ShopWords, normal_locale, phrases_in
from bot.messages import Answer, Card, Choice, Place
from feedback.db import ClerkIsSilent, Dialogue, UnknownDialogue
from feedback.dialogues import (
    UNKNOWN,
    DialogueThread,
    ExposureTraits,
    HandoverReason,
    NewDialogue,
    Shown,
    Store,
    TalkSoFar,
)
from feedback.entities import read_order_words
from feedback.sales import Orders
from feedback.signals import Signals
from serving.contract import clean_text

__all__ = [
    "MAX_TEXT",
    "Answer",
    "Card",
    "Choice",
    "ChoiceNotOffered",
    "Clerk",
    "ClerkChance",
    "ClerkRecords",
    "ClientIdReused",
    "EmptyText",
    "TextTooLong",
    "UnknownDialogue",
]

log = structlog.get_logger()


@dataclass(frozen=True)
class ClerkRecords:
    """Where the clerk writes what happened."""

    store: Store
    signals: Signals
    orders: Orders


@dataclass(frozen=True)
class ClerkChance:
    """Time, chance and identity, from outside."""

    assign: Callable[[str], str]  # gives a new shopper's arm
    clock: Callable[[], datetime]
    new_id: Callable[[], str]


class Clerk:
    """Answers shoppers of one shop, in every channel alike."""

    def __init__(
        self, decider: Decider, records: ClerkRecords, chance: ClerkChance, shop: ShopWords
    ) -> None:
        """`shop` is what the clerk's own words need to know."""
        self._decider = decider
        self._records = records
        self._chance = chance
        self._shop = shop

    @property
    def knowledge(self) -> Knowledge:
        """All that it answers from, for the staff to try a question."""
        return self._decider.knowledge

    def open(
        self,
        *,
        shopper_id: str | None,
        channel: str,
        locale: str,
        page: str | None = None,
        thread: DialogueThread | None = None,
        traits: ExposureTraits = UNKNOWN,
    ) -> Dialogue:
        """Open a dialogue, with a new shopper where none is named; a thread has one."""
        shopper_id = shopper_id or self._chance.new_id()
        new = NewDialogue(
            dialogue_id=self._chance.new_id(),
            shopper_id=shopper_id,
            channel=channel,
            locale=normal_locale(locale),
            arm=self._records.store.arm_of(shopper_id) or self._chance.assign(shopper_id),
            page=page,
            thread=thread,
            traits=traits,
        )
        return self._records.store.open_dialogue(new, self._chance.clock())

    def opening(self, locale: str, page: str | None = None) -> Opening:
        """What the clerk says before anything was asked, and what may be; it is not recorded."""
        locale = normal_locale(locale)
        product = self._shop.product_at(page, locale)
        return open_chat(self._shop.name(), locale, page=page, product=product)

    def greeting(self, locale: str) -> str:
        """What it says first where no page is looked at."""
        return self.opening(locale).greeting

    def reply(
        self,
        dialogue_id: str,
        text: str,
        *,
        client_id: str,
        choice: str | None = None,
        place: Place | None = None,
        origin: str | None = None,
    ) -> Answer | None:
        """Answer a shopper's turn; the same `client_id` again gets the same answer, recorded once.

        Args:
            dialogue_id: From `open`.
            text: What the shopper wrote; may be empty when a button was pressed.
            client_id: The sender's own id of this message.
            choice: The `id` of the choice whose button was pressed. It counts where this dialogue
                offered it, and then says what the button said, whatever `text` is; else `text`
                alone counts.
            place: Where in the shop the shopper is, for recommendations.
            origin: A keyed hash of where the message came from, kept with a pressed button;
                failed look-ups of orders are counted by it.

        Returns:
            The answer; None while a person has the dialogue: then the shopper's turn is recorded.

        Raises:
            UnknownDialogue: there is no such dialogue.
            ClientIdReused: the message of this `client_id` had another text.
            EmptyText: nothing readable was sent.
            ChoiceNotOffered: a button alone was sent, and not one that was offered.
            TextTooLong: more than 4,000 characters were sent.
        """
        came = self._chance.clock()
        talk = self._talk(dialogue_id, client_id)
        pressed = self._pressed(talk, choice)
        words = pressed.title if pressed else text
        if talk.answered:
            refuse_other_words(talk, words, client_id)
            return answer_shown(*talk.answered)
        if choice is not None and pressed is None and not clean_text(text):
            raise ChoiceNotOffered(choice)
        dialogue = talk.dialogue
        self._decider.cache.refresh()
        message = self._decider.reader.read(
            talk,
            readable(words),
            client_id,
            pressed=pressed is not None,
            place=place,
            origin=origin,
        )
        self._remember_email(message)
        if dialogue.state == "staff":
            self._records.store.record_shopper_turn(
                dialogue_id, message.text, client_id, self._chance.clock()
            )
            return None
        return self._record(message, self._decide(message, pressed), came)

    def hand_over(
        self,
        dialogue_id: str,
        reason: HandoverReason = "asked_for_person",
        *,
        client_id: str | None = None,
        said: str | None = None,
    ) -> Answer | None:
        """Pass the dialogue to the staff, as the shopper's "talk to a person" button does.

        `said` is what the shopper wrote; None: what is on the button.

        Returns:
            What the clerk says; None when a person has the dialogue already.
        """
        came, client_id = self._chance.clock(), client_id or self._chance.new_id()
        talk = self._talk(dialogue_id, client_id)
        if talk.answered:
            return answer_shown(*talk.answered)
        self._decider.cache.refresh()
        words = readable(said) if said is not None else None
        words = words or phrases_in(talk.dialogue.locale).talk_to_person
        message = self._decider.reader.read(talk, words, client_id)
        return self._record(message, self._decider.composer.pass_on(message, reason), came)

    def _talk(self, dialogue_id: str, client_id: str) -> TalkSoFar:
        talk = self._records.store.talk_so_far(dialogue_id, client_id, TURNS_LOOKED_BACK)
        if talk is None:
            raise UnknownDialogue(dialogue_id)
        return talk

    def _pressed(self, talk: TalkSoFar, choice: str | None) -> OfferedChoice | None:
        """The offer behind a pressed button; None where this dialogue never made it.

        Else anybody could have any reply said to any words, and teach it with a thumb.
        """
        if choice is None:
            return None
        newest = (turn.shown for turn in talk.before if turn.shown)
        offer = find_offer(choice, newest)
        if offer is None:  # a button from further up, as after a reload of a long dialogue
            offer = find_offer(choice, self._records.store.offers(talk.dialogue.dialogue_id))
        if offer is None:
            log.info("choice.not_offered", dialogue_id=talk.dialogue.dialogue_id)
        return offer

    def _decide(self, message: IncomingMessage, pressed: OfferedChoice | None) -> ComposedAnswer:
        """What a pressed button says, else what is decided."""
        said = self._decider.press(message, pressed) if pressed is not None else None
        if pressed is None or said is None:
            return self._decider.decide(message)
        self._record_choice(pressed, message.origin)
        return said

    def _record_choice(self, pressed: OfferedChoice, origin: str | None) -> None:
        """A pressed button is a click on the impression that offered it."""
        self._records.signals.record_click(
            click_id=self._chance.new_id(),
            impression_id=pressed.impression_id,
            kind="choice",
            target=pressed.key,
            origin=origin,
            now=self._chance.clock(),
        )

    def _remember_email(self, message: IncomingMessage) -> None:
        """An e-mail given here may match an order later; only its keyed hash is kept."""
        if email := read_order_words(message.text).email:
            self._records.orders.remember_email(
                message.dialogue.shopper_id, email, self._chance.clock()
            )

    def _record(
        self, message: IncomingMessage, composed: ComposedAnswer, came: datetime
    ) -> Answer | None:
        now = self._chance.clock()
        if message.traditional:
            composed = composed.in_traditional()
        impression = impression_of(
            message, composed, impression_id=self._chance.new_id(), came=came, now=now
        )
        shown = Shown(impression, parts_of(composed, impression.impression_id))
        try:
            answered = self._records.store.record_answer(
                dialogue_id=message.dialogue.dialogue_id,
                shopper_text=message.text,
                client_id=message.client_id,
                shown=shown,
                after=composed.after_at(message.query.place),
                now=now,
            )
        except ClerkIsSilent:  # a person took the dialogue over while the clerk was thinking
            return None
        log.info(
            "reply.sent",
            arm=answered.impression.arm,
            kind=answered.impression.kind,
            reply_id=answered.impression.reply_id,
            served_by=answered.impression.served_by,
            version=answered.impression.model_version,
        )
        return answer_shown(*answered)
