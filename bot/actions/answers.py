"""Composes what the flow of order actions says: questions, summaries, refusals, ends."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.ends import end_details, end_words, undo_buttons
from bot.actions.resolved import NeedsAnswer, NotAllowed, Offer, SettledCall
from bot.actions.words import ActionWords
from bot.conversation import ComposedAnswer, IncomingMessage
from bot.messages import ActionShown, Choice, Kind, ReplyDetails, SummaryShown
from feedback.db import ActionRun
from feedback.dialogues import ActionMemory, HandoverReason, Wish


class ActionAnswers:
    """The flow's answers to one message."""

    def __init__(self, message: IncomingMessage, words: ActionWords) -> None:
        """Answer in the language of `words`."""
        self._memory = message.memory
        self._words = words

    def ask(self, memory: ActionMemory, needs: NeedsAnswer) -> ComposedAnswer:
        """Ask for a slot."""
        details = ReplyDetails(asks=(needs.slot,), about=needs.about)
        memory = replace(memory, asks=(needs.slot,), question=needs.text)
        return self._said("ask", needs.text, memory, details, _choices(needs.offers))

    def ask_who(self, memory: ActionMemory, wish: Wish, *, missed: bool) -> ComposedAnswer:
        """Ask who the shopper is."""
        text = self._words.who_not_found if missed else self._words.who
        return self._ask_identity(memory, wish, text)

    def ask_who_more(self, memory: ActionMemory, wish: Wish) -> ComposedAnswer:
        """Ask for one thing more of who they are."""
        return self._ask_identity(memory, wish, self._words.who_more)

    def _ask_identity(self, memory: ActionMemory, wish: Wish, text: str) -> ComposedAnswer:
        asks = ("order_number", "email", "name", "zip")
        details = ReplyDetails(asks=asks, about={"action": wish.action})  # type: ignore[arg-type]
        return self._said("ask", text, replace(memory, asks=asks, question=text), details)

    def confirm(self, memory: ActionMemory, settled: SettledCall, *, again: bool) -> ComposedAnswer:
        """Show the summary, and wait for a yes."""
        summary = memory.summary
        assert summary is not None
        shown = SummaryShown(
            summary.id,
            tuple(ActionShown(c.name, c.arguments, amounts=c.amounts) for c in summary.calls),
        )
        details = ReplyDetails(asks=("confirmation",), about=settled.about, summary=shown)
        lead = f"{self._words.not_yes}\n" if again else ""
        yes = {"summary": summary.id, "confirm": "yes"}
        buttons = (
            Choice(f"action:{summary.id}:yes", self._words.yes_button, value=yes),
            Choice(
                f"action:{summary.id}:no", self._words.no_button, value={**yes, "confirm": "no"}
            ),
        )
        memory = replace(memory, asks=("confirmation",), question=self._words.confirm)
        text = f"{lead}{summary.text}\n{self._words.confirm}"
        return self._said("confirm", text, memory, details, buttons)

    def refused(self, memory: ActionMemory, refused: NotAllowed) -> ComposedAnswer:
        """Say the rule that forbids it."""
        asks = (refused.slot,) if refused.slot else ()
        question = refused.text if asks else ""
        memory = replace(memory, asks=asks, question=question)
        details = ReplyDetails(asks=asks, about=refused.about)
        return self._said("refused", refused.text, memory, details)

    def waits_already(self, memory: ActionMemory, run: ActionRun) -> ComposedAnswer:
        """The same wish once more: how it stands, with its summary."""
        text = self._words.waits_already.format(summary=run.summary)
        return self._said("submitted", text, memory, end_details([run]))

    def dropped(self, memory: ActionMemory) -> ComposedAnswer:
        """Nothing was changed."""
        return self._said("answer", self._words.dropped, memory, ReplyDetails())

    def away(self, memory: ActionMemory) -> ComposedAnswer:
        """The back office does not answer; nothing was written."""
        return self._said("answer", self._words.away, memory, ReplyDetails())

    def give_up(self, memory: ActionMemory) -> ComposedAnswer:
        """A colleague goes on, with all that was said."""
        return self.hand_over(memory, self._words.gave_up)

    def hand_over(self, memory: ActionMemory, text: str) -> ComposedAnswer:
        """A colleague goes on."""
        memory = replace(memory, wishes=(), summary=None, asks=(), question="", failed_identity=0)
        said = self._said("handover", text, memory, ReplyDetails())
        reason: HandoverReason = "action_needs_person"
        return replace(said, handover_reason=reason)

    def ended(self, memory: ActionMemory, runs: Sequence[ActionRun]) -> ComposedAnswer:
        """What became of the calls that were said yes to."""
        kind, text = end_words(runs, self._words)
        return self._said(kind, text, memory, end_details(runs), undo_buttons(runs, self._words))

    def joined(self, done: ComposedAnswer, next_: ComposedAnswer) -> ComposedAnswer:
        """What is done, and then the next wish, in one answer."""
        text = f"{done.text}\n\n{self._words.later.format(question=next_.text)}"
        # A question waits for its answer; what is done stays readable beside it.
        asks = next_.kind in ("confirm", "handover") or done.kind in ("answer", "submitted")
        kind = next_.kind if asks else done.kind
        details = replace(next_.details, executed=done.details.executed)
        return replace(next_, kind=kind, text=text, details=details)

    def _said(
        self,
        kind: Kind,
        text: str,
        memory: ActionMemory,
        details: ReplyDetails,
        choices: tuple[Choice, ...] = (),
    ) -> ComposedAnswer:
        kept = replace(self._memory, pending_reply_id=None, action=memory)
        return ComposedAnswer(kind, text, kept, choices=choices, details=details)


def _choices(offers: Sequence[Offer]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            "action:" + ",".join(f"{k}={v}" for k, v in offer.value.items()),
            offer.title,
            value=offer.value,
        )
        for offer in offers
    )
