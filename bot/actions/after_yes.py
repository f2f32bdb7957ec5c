"""After the shopper's yes: carried out or handed to a colleague, undone, offered otherwise."""

import re
from collections.abc import Mapping

import structlog

from bot.actions.answers import ActionAnswers
from bot.actions.flow_parts import FlowParts
from bot.actions.languages import SPEECHES
from bot.actions.reverse import reverse_of
from bot.actions.turn_customer import TurnCustomer
from bot.actions.words import ActionWords
from bot.actions.yes_or_no import is_no, is_yes
from bot.conversation import ComposedAnswer, IncomingMessage
from feedback.actions import StoredYes, orders_told
from feedback.db import ActionRun
from feedback.dialogues import ActionMemory, Summary

log = structlog.get_logger()


class AfterYes:
    """What follows the yes in one message."""

    def __init__(
        self,
        parts: FlowParts,
        message: IncomingMessage,
        words: ActionWords,
        answers: ActionAnswers,
    ) -> None:
        """Answer `message`."""
        self._parts = parts
        self._message = message
        self._words = words
        self._answers = answers

    def carry_out(self, summary: Summary, customer: TurnCustomer) -> list[ActionRun]:
        """Store the yes, then act, once; the runs as they stand after it."""
        parts, calls = self._parts, summary.calls
        waits = " ".join(filter(None, (parts.waits_for(c.name, c.amounts) for c in calls)))
        yes = StoredYes(
            dialogue_id=self._message.dialogue.dialogue_id,
            shopper_id=self._message.dialogue.shopper_id,
            customer_id=customer.account.customer_id,
            summary_id=summary.id,
            summary=summary.text,
            locale=self._words.locale,
            calls=calls,
            wait_for=waits,
            by_staff=any("by_staff" in call.amounts for call in calls),
            policy=summary.policy,
            undo=reverse_of(calls[0], customer.order, customer.account),
            history=orders_told((one.status, one.placed_at) for one in customer.orders),
        )
        runs = parts.runs.confirm(yes, parts.clock())
        return [run if run.state == "submitted" else self._carried(run.run_id) for run in runs]

    def _carried(self, run_id: str) -> ActionRun:
        run = self._parts.carrier.carry(run_id, told=True)
        assert run is not None
        return run

    def is_about(self, text: str) -> bool:
        """Whether a message answers a colleague's change, or takes back what was done."""
        return self._offer(text) is not None or self._undoes(text) is not None

    def take(self, value: Mapping[str, str], memory: ActionMemory) -> ComposedAnswer | None:
        """A button below what was done or offered, or the same in words; None: neither."""
        text = "" if value else self._message.text
        if "undo" in value:
            return self._undo(value["undo"], memory)
        if "offer" in value:
            return self._answer_offer(value["offer"], memory, yes=value.get("confirm") == "yes")
        if memory.summary is not None:
            return None
        if (offered := self._offer(text)) is not None:
            return self._answer_offer(offered.run_id, memory, yes=is_yes(text, *SPEECHES))
        if (done := self._undoes(text)) is not None:
            return self._undo(done.run_id, memory)
        return None

    # ── a colleague's change ──

    def _offer(self, text: str) -> ActionRun | None:
        if not text or not (is_yes(text, *SPEECHES) or is_no(text, *SPEECHES)):
            return None
        return self._parts.decisions.open_offer(self._message.dialogue.dialogue_id)

    def _answer_offer(
        self, run_id: str, memory: ActionMemory, *, yes: bool
    ) -> ComposedAnswer | None:
        """The shopper's yes to exactly the change that was shown, or their no."""
        known = self._mine(run_id)
        if known is None:
            return None
        run = self._parts.decisions.answer_offer(run_id, yes=yes, now=self._parts.clock())
        if run is None:  # answered before, or expired meanwhile
            return self._answers.ended(memory, [known])
        return self._answers.ended(memory, [self._carried(run_id) if yes else run])

    # ── taking back ──

    def _undoes(self, text: str) -> ActionRun | None:
        if not any(re.fullmatch(one.undo, _bare(text)) for one in SPEECHES):
            return None
        dialogue_id = self._message.dialogue.dialogue_id
        return self._parts.runs.undoable(dialogue_id, self._parts.clock())

    def _undo(self, run_id: str, memory: ActionMemory) -> ComposedAnswer | None:
        """Take back what was done; the button says so, and that is the yes to it."""
        done = self._mine(run_id)
        if done is None:
            return None
        if self._parts.runs.stopped() is not None:
            return self._answers.hand_over(memory, self._words.stopped)
        summary = f"{self._words.undo_button}: {done.summary}"
        run = self._parts.runs.start_undo(run_id, summary, self._parts.clock())
        if run is None:
            return self._answers.hand_over(memory, self._words.undo_too_late)
        return self._answers.ended(memory, [self._carried(run.run_id)])

    def _mine(self, run_id: str) -> ActionRun | None:
        """The run, where it is of this very dialogue."""
        run = self._parts.runs.get(run_id)
        return run if run and run.dialogue_id == self._message.dialogue.dialogue_id else None


def _bare(text: str) -> str:
    return text.lower().strip(" .!。！")
