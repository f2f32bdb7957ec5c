"""Words what the clerk decided: a filled reply, a question back, choices, or a hand-over."""

from dataclasses import replace
from typing import Final

from bot.conversation.decision_record import Outcome
from bot.conversation.incoming import Heard, Hearing
from bot.knowledge import (
    MAX_FAILED_LOOKUPS,
    Asks,
    Filled,
    NeedsPerson,
    ReplyShelf,
    SlotFiller,
    needs_order,
)
from bot.languages import OrderWords, phrases_in
from bot.messages import Choice, Kind
from feedback.db import PERSON_REPLY_ID
from feedback.dialogues import HandoverReason, Memory

INSISTING: Final = 2  # counts as so many failed look-ups: after two in vain it is a person's turn


class Wording:
    """Turns decisions into outcomes."""

    def __init__(self, *, shelf: ReplyShelf, slots: SlotFiller, hearing: Hearing) -> None:
        """Take words from `shelf`, what fills them from `slots` and `hearing`."""
        self._shelf = shelf
        self._slots = slots
        self._hearing = hearing

    def speak(self, heard: Heard, reply_id: str) -> Outcome:
        """Say a reply of the book, or ask for what its slots need."""
        reply = self._shelf.reply(reply_id, heard.locale)
        if reply is None:  # taken out of the book since it was asked for
            return self.pass_on(heard, "outdated_reply")
        if reply_id == PERSON_REPLY_ID:
            return self.pass_on(heard, "asked_for_person")
        failed = heard.memory.failed_lookups
        said = self._slots.fill(
            reply,
            told=lambda: self._hearing.told_of_order(heard),
            wish=heard.shopper_texts,
            failed_lookups=failed,
            asked=heard.asked,
            place=heard.place,
            who=heard.who,
        )
        match said:
            case NeedsPerson(reason):
                return self.pass_on(heard, reason)
            case Asks(text, lookup_failed):
                failed += lookup_failed
                return Outcome("ask", text, Memory(reply_id, failed), reply_id)
            case Filled(text, cards):
                # A look-up that worked does not clear those that failed: with one order of their
                # own, a stranger could else try e-mails without end.
                kind: Kind = "products" if cards else "answer"
                return Outcome(kind, text, _settled(heard.memory), reply_id, products=cards)

    def insist(self, heard: Heard, pending: str) -> Outcome:
        """Ask once more for what a reply needs, and say why; the third time a person is better."""
        failed = heard.memory.failed_lookups + INSISTING
        if failed >= MAX_FAILED_LOOKUPS:
            return self.pass_on(heard, "order_needs_person")
        said = self.speak(heard, pending)
        if said.kind != "ask":
            return said
        memory = replace(said.memory, failed_lookups=failed)
        return replace(said, text=said.text + phrases_in(heard.locale).insisting, memory=memory)

    def offer(self, heard: Heard, reply_ids: tuple[str, ...]) -> Outcome:
        """Offer replies as buttons."""
        return Outcome(
            "choices",
            phrases_in(heard.locale).choices,
            _settled(heard.memory),
            choices=tuple(Choice(id_, self._shelf.title(id_, heard.locale)) for id_ in reply_ids),
        )

    def pass_on(self, heard: Heard, reason: HandoverReason) -> Outcome:
        """Hand the dialogue over, saying when somebody will be there."""
        words = phrases_in(heard.locale)
        memory = _settled(heard.memory)
        text, reply_id = words.handover, None
        if reason == "order_needs_person":
            text, memory = words.lookups_over, Memory(failed_lookups=MAX_FAILED_LOOKUPS)
        elif heard.dialogue.state == "waiting":
            text = words.handover_again
        elif reason == "abuse":
            text = words.abuse
        elif reason == "asked_for_person" and (own := self._own_words(heard.locale)):
            text, reply_id = own, PERSON_REPLY_ID
        office_hours = self._shelf.facts(heard.locale).get("office_hours")
        hours = words.hours.format(office_hours=office_hours) if office_hours else ""
        return Outcome(
            "handover",
            text.replace("{hours}", hours),
            memory,
            reply_id,
            handover_reason=reason,
        )

    def _own_words(self, locale: str) -> str | None:
        """The staff's own reply to who asks for a person, where the shop's facts fill it."""
        reply = self._shelf.reply(PERSON_REPLY_ID, locale)
        if reply is None or needs_order(reply):
            return None
        said = self._slots.fill(reply, told=OrderWords, wish=[""], failed_lookups=0)
        return said.text if isinstance(said, Filled) else None


def _settled(memory: Memory) -> Memory:
    """Nothing is asked for any more."""
    return replace(memory, pending_reply_id=None)
