"""Composes the answer: a candidate's words, a question back, choices, or a hand-over."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from bot.conversation.decision_record import ComposedAnswer, ComposedPart
from bot.conversation.incoming import IncomingMessage
from bot.conversation.policy import MAX_CHOICES
from bot.conversation.promises import asks_for_number, promise_of, takes_details
from bot.knowledge import (
    MAX_FAILED_LOOKUPS,
    AskBack,
    BookReply,
    Composed,
    Knowledge,
    KnowledgeQuery,
    NeedsPerson,
    ProductNote,
    ReplyBookSource,
    needs_order,
)
from bot.languages import all_packs, is_foreign, phrases_in
from bot.messages import NO_DETAILS, Choice, Kind, ReplyDetails
from feedback.dialogues import NOTHING_YET, DialogueMemory, Focus, HandoverReason
from feedback.entities import read_order_words
from serving.ranker import Candidate, Ranking

INSISTING: Final = 2  # counts as so many failed look-ups: after two in vain it is a person's turn


class AskedPart(NamedTuple):
    """One of several questions of a message, and what is chosen to be said to it."""

    query: KnowledgeQuery
    candidate: Candidate
    ranking: Ranking
    propensity: float


class Composer:
    """Turns decisions into answers."""

    def __init__(self, knowledge: Knowledge, reply_book: ReplyBookSource) -> None:
        """Take words from `knowledge`; those of a hand-over are the reply book's."""
        self._knowledge = knowledge
        self._reply_book = reply_book

    def say(self, message: IncomingMessage, candidate: Candidate) -> ComposedAnswer | None:
        """Say a candidate, or ask for what it needs; None where it is there no more."""
        person = self._reply_book.cache.person_reply_id(message.query.locale)
        if person is not None and candidate.reply_id == person:
            return self.pass_on(message, "asked_for_person")
        match self._knowledge.compose(candidate, message.query):
            case None:
                return None
            case NeedsPerson() as needs:
                return self._needs_person(message, candidate, needs)
            case AskBack() as question:
                return _asked(message.memory, candidate, question)
            case Composed() as composed:
                said = _said(message.memory, candidate, composed)
                return _promising(said, candidate, message)

    def _needs_person(
        self, message: IncomingMessage, candidate: Candidate, needs: NeedsPerson
    ) -> ComposedAnswer:
        said = self.pass_on(message, needs.reason)
        if needs.note is not None:
            said = said.about(_focus(message.memory.focus, candidate, needs.note))
        return replace(said, text=f"{needs.text} {said.text}".strip())

    def speaks_of_order(self, message: IncomingMessage, candidate: Candidate) -> bool:
        """Whether a candidate tells of the shopper's order, or asks which one it is."""
        reply = self._reply(candidate.reply_id, message.query.locale)
        return reply is not None and needs_order(reply)

    def instead_of_asking(
        self, message: IncomingMessage, candidates: Sequence[Candidate]
    ) -> Candidate | None:
        """What tells of the order whose number was given, where the best would ask for a number."""
        best, *others = candidates[:MAX_CHOICES]
        locale = message.query.locale
        reply = self._reply(best.reply_id, locale)
        if reply is None or needs_order(reply) or not asks_for_number(reply.text, locale):
            return None
        if read_order_words(message.text, asked=message.tells_values).number is None:
            return None
        return next((each for each in others if self.speaks_of_order(message, each)), None)

    def last_takes_details(self, message: IncomingMessage) -> bool:
        """Whether the reply said last asks for something, for a colleague to act on."""
        reply = self._reply(message.memory.focus.topic, message.query.locale)
        return reply is not None and takes_details(reply.text, message.query.locale)

    def say_or_pass_on(self, message: IncomingMessage, candidate: Candidate) -> ComposedAnswer:
        """The same; a person goes on where the candidate was taken away since it was chosen."""
        return self.say(message, candidate) or self.pass_on(message, "outdated_reply")

    def say_all(
        self, message: IncomingMessage, parts: Sequence[AskedPart]
    ) -> ComposedAnswer | None:
        """Several candidates in one answer, each once; a question back comes last.

        None where fewer than two have words: then the message is answered as a whole.
        """
        said = [
            ComposedPart(part.query.texts[0], answer.ranked(part.ranking, 0.0, part.propensity))
            for part in parts
            if (answer := self.say(replace(message, query=part.query), part.candidate)) is not None
            and answer.kind in ("answer", "products", "ask")
        ]
        said.sort(key=lambda part: part.answer.kind == "ask")
        if len(said) < 2 or sum(part.answer.kind == "ask" for part in said) > 1:
            return None
        return replace(_joined([part.answer for part in said]), parts=tuple(said))

    def insist(self, message: IncomingMessage, pending: Candidate) -> ComposedAnswer:
        """Ask once more for what a reply needs, and say why; the third time a person is better."""
        failed = message.memory.failed_lookups + INSISTING
        if failed >= MAX_FAILED_LOOKUPS:
            return self.pass_on(message, "order_needs_person")
        said = self.say_or_pass_on(message, pending)
        if said.kind != "ask":
            return said
        memory = replace(said.memory, failed_lookups=failed)
        return replace(
            said, text=said.text + phrases_in(message.query.locale).insisting, memory=memory
        )

    def offer(self, message: IncomingMessage, candidates: Sequence[Candidate]) -> ComposedAnswer:
        """Offer candidates as buttons."""
        return ComposedAnswer(
            "choices",
            phrases_in(message.query.locale).choices,
            replace(
                message.memory,
                focus=message.memory.focus.offering([each.key for each in candidates]),
            ),
            choices=tuple(
                Choice(each.key, self._knowledge.title(each, message.query.locale), each.reply_id)
                for each in candidates
            ),
        )

    def small_talk(self, message: IncomingMessage, act: str) -> ComposedAnswer:
        """A short word back to what a turn does; nothing that waits is dropped."""
        said = phrases_in(message.query.locale).small_talk
        return ComposedAnswer("answer", said.get(act, said["acknowledge"]), message.memory)

    def leave(self, message: IncomingMessage) -> ComposedAnswer:
        """Do nothing, and say so: to "no", and to "please don't cancel it"."""
        words = phrases_in(message.query.locale)
        text = words.none_of_these if message.memory.focus.offered else words.left
        memory = replace(_settled(message.memory), focus=message.memory.focus.offering(()))
        return ComposedAnswer("answer", text, memory)

    def pass_on(self, message: IncomingMessage, reason: HandoverReason) -> ComposedAnswer:
        """Hand the dialogue over, saying when somebody will be there."""
        words = phrases_in(message.query.locale)
        memory = _settled(message.memory)
        text, reply_id = words.handover, None
        if reason == "order_needs_person":
            text, memory = words.lookups_over, replace(memory, failed_lookups=MAX_FAILED_LOOKUPS)
        elif reason == "promised":
            text = words.noted
        elif message.dialogue.state == "waiting":
            text = words.handover_again
        elif reason == "abuse":
            text = words.abuse
        elif reason == "asked_for_person" and (own := self._own_words(message.query.locale)):
            text, reply_id = own
        office_hours = self._reply_book.cache.facts(message.query.locale).get("office_hours")
        hours = words.hours.format(office_hours=office_hours) if office_hours else ""
        if is_foreign(message.text):
            spoken = " / ".join(pack.language.name for pack in all_packs())
            text = f"{text} {words.home.speaks.format(languages=spoken)}"
        return ComposedAnswer(
            "handover",
            text.replace("{hours}", hours),
            memory,
            reply_id,
            handover_reason=reason,
        )

    def _reply(self, reply_id: str | None, locale: str) -> BookReply | None:
        """The book's reply of this id; None without one, and for what is no reply of the book."""
        return self._reply_book.cache.reply(reply_id, locale) if reply_id else None

    def _own_words(self, locale: str) -> tuple[str, str] | None:
        """The staff's own reply to who asks for a person, where the shop's facts fill it."""
        reply = self._reply(self._reply_book.cache.person_reply_id(locale), locale)
        if reply is None or needs_order(reply):
            return None
        said = self._reply_book.slots.fill(reply, KnowledgeQuery([""], "", locale, label=None))
        return (said.text, reply.reply_id) if isinstance(said, Composed) else None


def _asked(memory: DialogueMemory, candidate: Candidate, question: AskBack) -> ComposedAnswer:
    """A question back; what it is asked for waits, where an order is wanted."""
    failed = memory.failed_lookups + question.failed
    # A word more of what is looked for is no answer to wait for: the next turn may ask anything.
    waits = bool(question.asks) and question.asks != ("product",)
    pending = candidate.key if waits else None
    focus = memory.focus if pending is None else memory.focus.asked(pending)
    if question.wish is not None:
        focus = focus.wishing(question.wish)
    return ComposedAnswer(
        "ask",
        question.text,
        replace(
            memory,
            pending_reply_id=pending,
            failed_lookups=failed,
            focus=focus,
        ),
        candidate.reply_id,
        choices=question.choices,
        details=ReplyDetails(asks=question.asks),
    )


def _said(memory: DialogueMemory, candidate: Candidate, composed: Composed) -> ComposedAnswer:
    """A candidate's words, and what the dialogue is about from now on.

    A look-up that worked does not clear those that failed: with one order of their own, a stranger
    could else try e-mails without end.
    """
    kind: Kind = "products" if composed.products and not composed.citations else "answer"
    focus = _focus(memory.focus, candidate, composed.note)
    if composed.order is not None:
        focus = replace(focus, order_number=composed.order.number)
    said = ComposedAnswer(
        kind,
        composed.text,
        # A side question that is answered drops nothing that was asked for before.
        _settled(memory) if memory.pending_reply_id == candidate.key else memory,
        candidate.reply_id,
        products=composed.products,
        citations=composed.citations,
        details=ReplyDetails(order=composed.order) if composed.order else NO_DETAILS,
    )
    return said.about(focus)


def _joined(said: Sequence[ComposedAnswer]) -> ComposedAnswer:
    """Several answers as one; it is recorded as the first, and waits for what the last asks."""
    first, last = said[0], said[-1]
    products = [card for answer in said for card in answer.products]
    ids = [each.reply_id for each in said if each.reply_id is not None and each.kind != "ask"]
    order = next((each.details.order for each in said if each.details.order), None)
    details = replace(last.details, reply_ids=tuple(ids), order=order)
    promised = next((each.handover_reason for each in said if each.handover_reason), None)
    return replace(
        last,
        kind=last.kind if last.kind == "ask" else ("products" if products else "answer"),
        text="\n\n".join(answer.text for answer in said),
        reply_id=first.reply_id,
        products=tuple({card.product_id: card for card in products}.values()),
        citations=tuple(each for answer in said for each in answer.citations),
        details=details,
        handover_reason=promised,
    )


def _promising(
    said: ComposedAnswer, candidate: Candidate, message: IncomingMessage
) -> ComposedAnswer:
    """With a card for the staff, now or once the shopper has told what it needs."""
    if candidate.reply_id is None:
        return said
    promise = promise_of(said.text, message.query.locale)
    if promise == "once told" and message.tells_values:
        promise = "now"
    match promise:
        case "now":
            return replace(said, handover_reason="promised")
        case "once told":
            return said.about(replace(said.memory.focus, promised=candidate.key))
        case _:
            return said


def _focus(focus: Focus, candidate: Candidate, note: ProductNote | None) -> Focus:
    if note is None:
        return focus.said(candidate.key)
    showed = focus.showed(candidate.key, note.product_ids, note.wish)
    # "In blue?", "how much is it", "and in M": still the blue one.
    before = focus if note.product_ids == (focus.product_id,) else NOTHING_YET
    return showed.asked_for(note.colours or before.colours, note.sizes or before.sizes)


def _settled(memory: DialogueMemory) -> DialogueMemory:
    """Nothing is asked for any more."""
    return replace(memory, pending_reply_id=None)
