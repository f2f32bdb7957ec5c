"""Composes the answer: a candidate's words, a question back, choices, or a hand-over."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.conversation.decision_record import ComposedAnswer
from bot.conversation.incoming import IncomingMessage
from bot.knowledge import (
    MAX_FAILED_LOOKUPS,
    AskBack,
    Composed,
    Knowledge,
    KnowledgeQuery,
    NeedsPerson,
    ReplyBookSource,
    needs_order,
)
from bot.languages import phrases_in
from bot.messages import Choice, Kind
from feedback.db import PERSON_REPLY_ID
from feedback.dialogues import DialogueMemory, HandoverReason
from serving.ranker import Candidate

INSISTING: Final = 2  # counts as so many failed look-ups: after two in vain it is a person's turn


class Composer:
    """Turns decisions into answers."""

    def __init__(self, knowledge: Knowledge, reply_book: ReplyBookSource) -> None:
        """Take words from `knowledge`; those of a hand-over are the reply book's."""
        self._knowledge = knowledge
        self._reply_book = reply_book

    def say(self, message: IncomingMessage, candidate: Candidate) -> ComposedAnswer | None:
        """Say a candidate, or ask for what it needs; None where it is there no more."""
        reply_id = candidate.reply_id
        if reply_id == PERSON_REPLY_ID:
            return self.pass_on(message, "asked_for_person")
        match self._knowledge.compose(candidate, message.query):
            case None:
                return None
            case NeedsPerson(reason):
                return self.pass_on(message, reason)
            case AskBack(text, lookup_failed):
                failed = message.memory.failed_lookups + lookup_failed
                return ComposedAnswer("ask", text, DialogueMemory(candidate.key, failed), reply_id)
            case Composed(text, cards, citations):
                # A look-up that worked does not clear those that failed: with one order of their
                # own, a stranger could else try e-mails without end.
                kind: Kind = "products" if cards else "answer"
                return ComposedAnswer(
                    kind,
                    text,
                    _settled(message.memory),
                    reply_id,
                    products=cards,
                    citations=citations,
                )

    def say_or_pass_on(self, message: IncomingMessage, candidate: Candidate) -> ComposedAnswer:
        """The same; a person goes on where the candidate was taken away since it was chosen."""
        return self.say(message, candidate) or self.pass_on(message, "outdated_reply")

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
            _settled(message.memory),
            choices=tuple(
                Choice(each.key, self._knowledge.title(each, message.query.locale), each.reply_id)
                for each in candidates
            ),
        )

    def pass_on(self, message: IncomingMessage, reason: HandoverReason) -> ComposedAnswer:
        """Hand the dialogue over, saying when somebody will be there."""
        words = phrases_in(message.query.locale)
        memory = _settled(message.memory)
        text, reply_id = words.handover, None
        if reason == "order_needs_person":
            text, memory = words.lookups_over, DialogueMemory(failed_lookups=MAX_FAILED_LOOKUPS)
        elif message.dialogue.state == "waiting":
            text = words.handover_again
        elif reason == "abuse":
            text = words.abuse
        elif reason == "asked_for_person" and (own := self._own_words(message.query.locale)):
            text, reply_id = own, PERSON_REPLY_ID
        office_hours = self._reply_book.cache.facts(message.query.locale).get("office_hours")
        hours = words.hours.format(office_hours=office_hours) if office_hours else ""
        return ComposedAnswer(
            "handover",
            text.replace("{hours}", hours),
            memory,
            reply_id,
            handover_reason=reason,
        )

    def _own_words(self, locale: str) -> str | None:
        """The staff's own reply to who asks for a person, where the shop's facts fill it."""
        reply = self._reply_book.cache.reply(PERSON_REPLY_ID, locale)
        if reply is None or needs_order(reply):
            return None
        said = self._reply_book.slots.fill(reply, KnowledgeQuery([""], "", locale, label=None))
        return said.text if isinstance(said, Composed) else None


def _settled(memory: DialogueMemory) -> DialogueMemory:
    """Nothing is asked for any more."""
    return replace(memory, pending_reply_id=None)
