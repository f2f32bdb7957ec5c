"""The clerk: a shopper's turn in, the reply out, the impression recorded. Start reading here."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.conversation import (
    MAX_TEXT,
    TURNS_LOOKED_BACK,
    ChoiceNotOffered,
    ClientIdReused,
    EmptyText,
    Explorer,
    Heard,
    Hearing,
    Offer,
    Outcome,
    Policy,
    TextTooLong,
    Wording,
    answer_shown,
    find_abuse,
    find_offer,
    impression_of,
)
from bot.knowledge import ProductSearch, ReplyShelf, SlotFiller
from bot.languages import ShopWords, normal_locale, phrases_in, read_order_words
from bot.messages import Answer, Card, Choice, Place
from feedback.db import ClerkIsSilent, Dialogue, UnknownDialogue
from feedback.dialogues import DialogueThread, HandoverReason, Store, TalkSoFar
from feedback.knowledge import Catalogue, ReplyBook
from feedback.sales import Orders
from feedback.signals import Signals
from serving.contract import CANARY, STABLE, clean_text
from serving.ranker import Ranker, RankerUnavailable, Ranking, Recommender

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
        book: ReplyBook,
        catalogue: Catalogue,
        orders: Orders,
        ranker: Ranker,
        holdout_ranker: Ranker,
        policy: Policy,
        assign: Callable[[str], str],
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        public_url: str,
        shop: ShopWords,
        timer: Callable[[], float] = time.perf_counter,
        recommender: Recommender | None = None,
        explorer: Explorer | None = None,
    ) -> None:
        """`assign` gives a new shopper's arm; `public_url` completes the addresses of products."""
        self._store = store
        self._signals = signals
        self._orders = orders
        self._ranker = ranker
        self._holdout_ranker = holdout_ranker
        self._policy = policy
        self._explorer = explorer or Explorer()
        self._assign = assign
        self._clock = clock
        self._new_id = new_id
        self._shop = shop
        self._timer = timer
        self._shelf = ReplyShelf(book)
        products = ProductSearch(catalogue, public_url=public_url, recommender=recommender)
        slots = SlotFiller(facts=self._shelf.facts, orders=orders, products=products, clock=clock)
        self._hearing = Hearing(self._shelf)
        self._wording = Wording(shelf=self._shelf, slots=slots, hearing=self._hearing)

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

    def greeting(self, locale: str) -> str:
        """What the clerk says before anything was asked; it is not recorded."""
        return phrases_in(normal_locale(locale)).greeting.format(shop=self._shop.name())

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
            choice: The reply whose button was pressed. It counts where this dialogue offered it,
                and then says what the button said, whatever `text` is; else `text` alone counts.
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
        self._shelf.refresh()
        heard = self._hearing.hear(talk, _readable(words), client_id)
        heard = replace(heard, place=place or Place(dialogue.page), origin=origin)
        self._remember_email(heard)
        if dialogue.state == "staff":
            self._store.record_shopper_turn(dialogue_id, heard.text, client_id, self._clock())
            return None
        return self._record(heard, self._think(heard, pressed, origin))

    def hand_over(
        self,
        dialogue_id: str,
        reason: HandoverReason = "asked_for_person",
        *,
        client_id: str | None = None,
    ) -> Answer | None:
        """Pass the dialogue to the staff, as the shopper's "talk to a person" button does.

        Returns:
            What the clerk says; None when a person has the dialogue already.
        """
        client_id = client_id or self._new_id()
        talk = self._talk(dialogue_id, client_id)
        if talk.answered:
            return answer_shown(*talk.answered)
        self._shelf.refresh()
        said = phrases_in(talk.dialogue.locale).talk_to_person
        heard = self._hearing.hear(talk, said, client_id)
        return self._record(heard, self._wording.pass_on(heard, reason))

    def _talk(self, dialogue_id: str, client_id: str) -> TalkSoFar:
        talk = self._store.talk_so_far(dialogue_id, client_id, TURNS_LOOKED_BACK)
        if talk is None:
            raise UnknownDialogue(dialogue_id)
        return talk

    def _pressed(self, talk: TalkSoFar, choice: str | None) -> Offer | None:
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

    def _think(self, heard: Heard, pressed: Offer | None, origin: str | None) -> Outcome:
        """What to say: a pressed choice, the reply an order was asked for, or a ranked one."""
        if pressed is not None and self._shelf.reply(pressed.reply_id, heard.locale):
            self._record_choice(pressed, origin)
            return self._wording.speak(heard, pressed.reply_id)
        if abuse := find_abuse(heard.text):
            # Whatever was asked beside it: in every arm alike a person goes on from here.
            log.info("abuse.found", kind=abuse.kind)
            return self._wording.pass_on(heard, "abuse")
        pending = heard.memory.pending_reply_id
        if pending is not None and self._hearing.answers_asking(heard):
            return self._wording.speak(heard, pending)
        ranking, rank_ms = self._rank(heard)
        decision = self._policy.decide(ranking)
        propensity = 1.0
        if decision.kind == "answer":
            explorer = self._explorer if heard.asked else Explorer()  # never in the holdout
            said = explorer.draw(ranking)
            outcome, propensity = self._wording.speak(heard, said.reply_id), said.probability
        elif pending is not None and decision.reason != "asked_for_person":
            outcome = self._wording.insist(heard, pending)
        elif decision.kind == "choices":
            outcome = self._wording.offer(heard, decision.reply_ids)
        else:
            outcome = self._wording.pass_on(heard, decision.reason or "no_fitting_reply")
        return outcome.ranked(ranking, rank_ms, propensity)

    def _rank(self, heard: Heard) -> tuple[Ranking, float]:
        """The ranking for the shopper's arm, and how many milliseconds it took."""
        arm = heard.dialogue.arm
        ranker = self._holdout_ranker if arm == "holdout" else self._ranker
        label = CANARY if arm == "challenger" else STABLE
        started = self._timer()
        try:
            ranking = ranker.rank(heard.rendered, locale=heard.locale, label=label)
        except RankerUnavailable as error:
            log.warning("ranker.away", reason=str(error))
            ranking = Ranking((), 0.0, "keywords")
        return self._still_in_book(ranking), (self._timer() - started) * 1_000

    def _still_in_book(self, ranking: Ranking) -> Ranking:
        """Without replies the book has no more; the confidence was that of the first one."""
        kept = tuple(c for c in ranking.candidates if self._shelf.reply(c.reply_id, "en"))
        first_is_kept = kept[:1] == ranking.candidates[:1]
        return ranking._replace(
            candidates=kept, confidence=ranking.confidence if first_is_kept else 0.0
        )

    def _record_choice(self, pressed: Offer, origin: str | None) -> None:
        """A pressed button is a click on the impression that offered it."""
        self._signals.record_click(
            click_id=self._new_id(),
            impression_id=pressed.impression_id,
            kind="choice",
            target=pressed.reply_id,
            origin=origin,
            now=self._clock(),
        )

    def _remember_email(self, heard: Heard) -> None:
        """An e-mail given here may match an order later; only its keyed hash is kept."""
        if email := read_order_words(heard.text).email:
            self._orders.remember_email(heard.dialogue.shopper_id, email, self._clock())

    def _record(self, heard: Heard, outcome: Outcome) -> Answer | None:
        now = self._clock()
        impression = impression_of(heard, outcome, impression_id=self._new_id(), now=now)
        try:
            answered = self._store.record_answer(
                dialogue_id=heard.dialogue.dialogue_id,
                shopper_text=heard.text,
                client_id=heard.client_id,
                impression=impression,
                after=outcome.after,
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
