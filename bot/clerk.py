"""The clerk: a shopper's turn in, the reply out, the impression recorded. Start reading here."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.actions import ActionFlow
from bot.conversation import (
    MAX_CHOICES,
    MAX_TEXT,
    TURNS_LOOKED_BACK,
    ChoiceNotOffered,
    ClientIdReused,
    ComposedAnswer,
    Composer,
    EmptyText,
    Explorer,
    IncomingMessage,
    MessageReader,
    OfferedChoice,
    Opening,
    Policy,
    TextTooLong,
    act_of,
    answer_shown,
    find_abuse,
    find_offer,
    impression_of,
    open_chat,
    pointed_at,
)
from bot.knowledge import Knowledge, KnowledgeQuery, KnowledgeSource, ReplyBookSource
from bot.languages import ShopWords, normal_locale, phrases_in
from bot.messages import Answer, Card, Choice, Place
from feedback.db import ClerkIsSilent, Dialogue, UnknownDialogue
from feedback.dialogues import DialogueThread, HandoverReason, Store, TalkSoFar
from feedback.entities import read_order_words
from feedback.sales import Orders
from feedback.signals import Signals
from serving.contract import clean_text
from serving.ranker import Ranking

__all__ = [
    "MAX_TEXT",
    "Answer",
    "Card",
    "Choice",
    "ChoiceNotOffered",
    "Clerk",
    "ClientIdReused",
    "EmptyText",
    "TextTooLong",
    "UnknownDialogue",
]

log = structlog.get_logger()


class Clerk:
    """Answers shoppers of one shop, in every channel alike."""

    def __init__(
        self,
        *,
        store: Store,
        signals: Signals,
        orders: Orders,
        reply_book: ReplyBookSource,
        sources: Sequence[KnowledgeSource] = (),
        policy: Policy,
        assign: Callable[[str], str],
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        shop: ShopWords,
        timer: Callable[[], float] = time.perf_counter,
        explorer: Explorer | None = None,
        actions: ActionFlow | None = None,
        product_at: Callable[[str | None, str], str | None] = lambda page, locale: None,
    ) -> None:
        """`assign` gives a new shopper's arm; `sources` can answer besides the reply book.

        `actions` carries out what shoppers want done to orders; None: the shop has no back office.
        `product_at` gives the title of the product that a page shows, in a language.
        """
        self._store = store
        self._signals = signals
        self._orders = orders
        self._policy = policy
        self._explorer = explorer or Explorer()
        self._assign = assign
        self._clock = clock
        self._new_id = new_id
        self._shop = shop
        self._timer = timer
        self._actions = actions
        self._product_at = product_at
        self._cache = reply_book.cache
        self._knowledge = Knowledge(reply_book, *sources)
        self._reader = MessageReader(reply_book.cache)
        self._composer = Composer(self._knowledge, reply_book)

    @property
    def knowledge(self) -> Knowledge:
        """All that it answers from, for the staff to try a question."""
        return self._knowledge

    def open(
        self,
        *,
        shopper_id: str | None,
        channel: str,
        locale: str,
        page: str | None = None,
        thread: DialogueThread | None = None,
    ) -> Dialogue:
        """Open a dialogue, with a new shopper where none is named; a thread has one."""
        shopper_id = shopper_id or self._new_id()
        return self._store.open_dialogue(
            dialogue_id=self._new_id(),
            shopper_id=shopper_id,
            channel=channel,
            locale=normal_locale(locale),
            arm=self._store.arm_of(shopper_id) or self._assign(shopper_id),
            page=page,
            thread=thread,
            now=self._clock(),
        )

    def opening(self, locale: str, page: str | None = None) -> Opening:
        """What the clerk says before anything was asked, and what may be; it is not recorded."""
        locale = normal_locale(locale)
        product = self._product_at(page, locale)
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
        talk = self._talk(dialogue_id, client_id)
        pressed = self._pressed(talk, choice)
        words = pressed.title if pressed else text
        if talk.answered:
            _refuse_other_words(talk, words, client_id)
            return answer_shown(*talk.answered)
        if choice is not None and pressed is None and not clean_text(text):
            raise ChoiceNotOffered(choice)
        dialogue = talk.dialogue
        self._cache.refresh()
        message = self._reader.read(
            talk,
            _readable(words),
            client_id,
            pressed=pressed is not None,
            place=place,
            origin=origin,
        )
        self._remember_email(message)
        if dialogue.state == "staff":
            self._store.record_shopper_turn(dialogue_id, message.text, client_id, self._clock())
            return None
        return self._record(message, self._decide(message, pressed))

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
        client_id = client_id or self._new_id()
        talk = self._talk(dialogue_id, client_id)
        if talk.answered:
            return answer_shown(*talk.answered)
        self._cache.refresh()
        words = _readable(said) if said is not None else None
        words = words or phrases_in(talk.dialogue.locale).talk_to_person
        message = self._reader.read(talk, words, client_id)
        return self._record(message, self._composer.pass_on(message, reason))

    def _talk(self, dialogue_id: str, client_id: str) -> TalkSoFar:
        talk = self._store.talk_so_far(dialogue_id, client_id, TURNS_LOOKED_BACK)
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
            offer = find_offer(choice, self._store.offers(talk.dialogue.dialogue_id))
        if offer is None:
            log.info("choice.not_offered", dialogue_id=talk.dialogue.dialogue_id)
        return offer

    def _decide(self, message: IncomingMessage, pressed: OfferedChoice | None) -> ComposedAnswer:
        """What to say: a pressed choice, what an order was asked for, or a ranked candidate."""
        if self._actions is not None and pressed is not None and pressed.value is not None:
            said = self._actions.take(message, None, pressed)
            if said is not None:
                self._record_choice(pressed, message.origin)
                return said
        elif pressed is not None:
            said = self._composer.say(message, self._knowledge.named(pressed.key))
            if said is not None:
                self._record_choice(pressed, message.origin)
                return said
        if abuse := find_abuse(message.text):
            # Whatever else was asked: in every arm alike a person goes on from here.
            log.info("abuse.found", kind=abuse.kind)
            return self._composer.pass_on(message, "abuse")
        if (key := pointed_at(message)) is not None:
            return self._composer.say_or_pass_on(message, self._knowledge.named(key))
        pending = message.memory.pending_reply_id
        if pending is not None and self._reader.answers_asking(message):
            return self._composer.say_or_pass_on(message, self._knowledge.named(pending))
        if message.memory.action is None:
            if message.tells_only_values and self._waits_for_staff(message):
                return self._composer.pass_on(message, "promised")
            if (several := self._answer_all(message)) is not None:
                return several
        ranking, rank_ms = self._rank(message.query)
        decision = self._policy.decide(ranking)
        if self._actions is not None:
            wants_person = decision.reason == "asked_for_person"
            said = self._actions.take(message, ranking, wants_person=wants_person)
            if said is not None:
                return said.ranked(ranking, rank_ms)
        act, propensity = act_of(ranking, decision), 1.0
        if act == "acknowledge":
            answer = self._composer.acknowledge(message)
        elif act == "deny":
            answer = self._composer.offer(message, ranking.candidates[:MAX_CHOICES])
        elif decision.kind == "answer":
            explorer = self._explorer if message.query.label else Explorer()  # never in the holdout
            candidate, propensity = explorer.draw(ranking)
            answer = self._composer.say_or_pass_on(message, candidate)
        elif pending is not None and decision.reason != "asked_for_person":
            answer = self._composer.insist(message, self._knowledge.named(pending))
        elif message.memory.focus.promised is not None and not self._reader.asks(message):
            answer = self._composer.pass_on(message, "promised")
        elif decision.kind == "choices":
            answer = self._composer.offer(message, decision.candidates)
        else:
            answer = self._composer.pass_on(message, decision.reason or "no_fitting_reply")
        if self._actions is not None:
            answer = self._actions.go_on(message, answer)
        return answer.ranked(ranking, rank_ms, propensity)

    def _waits_for_staff(self, message: IncomingMessage) -> bool:
        """Whether what is told is for a colleague: one was promised it, or is waited for."""
        focus = message.memory.focus
        return focus.promised is not None or message.dialogue.state == "waiting"

    def _answer_all(self, message: IncomingMessage) -> ComposedAnswer | None:
        """Answers several questions at once; None where there is one, or not each is sure."""
        queries = self._reader.parts(message)
        if len(queries) < 2:
            return None
        started = self._timer()
        rankings = [self._knowledge.rank(query) for query in queries]
        decisions = [self._policy.decide(ranking) for ranking in rankings]
        said = {
            decision.candidates[0]: query
            for decision, query in zip(decisions, queries, strict=True)
            if decision.kind == "answer"
        }
        if len(said) < len(queries):
            return None
        answer = self._composer.say_all(message, [*said.items()])
        return answer and answer.ranked(rankings[0], (self._timer() - started) * 1_000)

    def _rank(self, query: KnowledgeQuery) -> tuple[Ranking, float]:
        """The candidates of all sources, and how many milliseconds they took."""
        started = self._timer()
        ranking = self._knowledge.rank(query)
        return ranking, (self._timer() - started) * 1_000

    def _record_choice(self, pressed: OfferedChoice, origin: str | None) -> None:
        """A pressed button is a click on the impression that offered it."""
        self._signals.record_click(
            click_id=self._new_id(),
            impression_id=pressed.impression_id,
            kind="choice",
            target=pressed.key,
            origin=origin,
            now=self._clock(),
        )

    def _remember_email(self, message: IncomingMessage) -> None:
        """An e-mail given here may match an order later; only its keyed hash is kept."""
        if email := read_order_words(message.text).email:
            self._orders.remember_email(message.dialogue.shopper_id, email, self._clock())

    def _record(self, message: IncomingMessage, composed: ComposedAnswer) -> Answer | None:
        now = self._clock()
        impression = impression_of(message, composed, impression_id=self._new_id(), now=now)
        try:
            answered = self._store.record_answer(
                dialogue_id=message.dialogue.dialogue_id,
                shopper_text=message.text,
                client_id=message.client_id,
                impression=impression,
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


def _readable(text: str) -> str:
    """The words as they are kept.

    Raises:
        EmptyText, TextTooLong: they cannot be.
    """
    if len(text) > MAX_TEXT:
        raise TextTooLong(len(text))
    said = clean_text(text)
    if not said:
        raise EmptyText
    return said


def _refuse_other_words(talk: TalkSoFar, text: str, client_id: str) -> None:
    """A `client_id` names one message; a button may be sent again without its words."""
    said = clean_text(text)
    if said and talk.asked_text is not None and said != clean_text(talk.asked_text):
        raise ClientIdReused(client_id)
