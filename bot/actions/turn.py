"""One message on its way through the flow of order actions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from bot.actions.after_yes import AfterYes
from bot.actions.answers import ActionAnswers
from bot.actions.back_in_stock import take_notice
from bot.actions.back_office import BackOfficeRefused
from bot.actions.first_wish import asked_again, first_settled, said_in_vain
from bot.actions.flow_parts import FlowParts
from bot.actions.hearing import heard
from bot.actions.languages import SPEECHES, action_words
from bot.actions.no_said import NoSaid
from bot.actions.resolved import (
    LEAVES_OPEN,
    NeedsAnswer,
    NotAllowed,
    Resolved,
    SettledCall,
    SeveralWishes,
)
from bot.actions.summaries import summary_of
from bot.actions.turn_customer import MAX_ASKED, TurnCustomer
from bot.actions.waiting import waits_already
from bot.actions.wishes import WishWords, looks_like_question, read_wishes
from bot.actions.words import ActionWords
from bot.actions.yes_or_no import is_no, is_yes
from bot.conversation import ComposedAnswer, IncomingMessage, OfferedChoice
from feedback.actions import summary_id
from feedback.db import ActionRun
from feedback.dialogues import ActionMemory, PlannedCall, Said, Summary
from serving.ranker import NOTHING_SAID, Ranking

MAX_CONFIRMS: Final = 6
MAX_STEPS: Final = 12  # of one turn: wishes split, refused or done


class ActionTurn:
    """One message, on its way through the flow."""

    def __init__(
        self,
        parts: FlowParts,
        message: IncomingMessage,
        ranking: Ranking | None,
        pressed: OfferedChoice | None,
    ) -> None:
        """See `ActionFlow.take`."""
        self._parts = parts
        self.message = message
        self.head = ranking.actions if ranking else NOTHING_SAID
        self.acts = ranking.acts if ranking else NOTHING_SAID
        self.pressed = pressed
        self.words: ActionWords = action_words(message.query.locale, parts.actions)
        self.answers = ActionAnswers(message, self.words)
        self.memory = message.memory.action or ActionMemory()
        known = self.memory.customer_id
        self._customer = TurnCustomer(parts, message, self.words, known)
        self._after = AfterYes(parts, message, self.words, self.answers)

    # ── what the message is ──

    @property
    def says_yes(self) -> bool:
        """Whether it is the yes that a summary, or a colleague's change, waits for."""
        return (self.memory.summary is not None and is_yes(self.message.text, *SPEECHES)) or (
            self._after.is_about(self.message.text)
        )

    @property
    def wishes(self) -> list[WishWords]:
        """The wishes in it."""
        # What answers a question is a new wish by its own words alone: the head hears "I live at
        # …, ZIP 10001" as a wish for another address.
        waiting = bool(self.memory.wishes)
        head = NOTHING_SAID if waiting else self.head
        return read_wishes(self.message.text, self.words.speech, head, hints=not waiting)

    def answer(self) -> ComposedAnswer | None:
        """What to say; None: it is about another thing."""
        said = self._answer()
        if said is None or not self._customer.names_an_order(said):
            return said
        shown = replace(said.memory.action or ActionMemory(), numbers_shown=True)
        return replace(said, memory=replace(said.memory, action=shown))

    def _answer(self) -> ComposedAnswer | None:
        value = dict(self.pressed.value or {}) if self.pressed else {}
        if (said_after := self._after.take(value, self.memory)) is not None:
            return said_after
        if not value and (noted := self._take_notice()) is not None:
            return noted
        summary = self.memory.summary
        if summary is not None:
            said = value.get("summary")
            if said == summary.id and value.get("confirm") == "yes":
                return self._carry_out(summary)
            if said == summary.id or (not value and self._no.drops):
                return self._drop()
            if not value and is_yes(self.message.text, *SPEECHES):
                return self._carry_out(summary)
        if not value and self._no.leaves_open:
            return self._ask_what_else()
        if "summary" in value:
            return self._repeat() if self.memory.wishes else None
        return self._hear(value)

    def _take_notice(self) -> ComposedAnswer | None:
        """Who wants to be told of a product needs no account for it."""
        parts = self._parts
        return take_notice(self.message, self.words, self.memory, parts.notices, parts.stock())

    @property
    def _no(self) -> NoSaid:
        text, resolver = self.message.text, self._customer.resolver
        return NoSaid(text, self.memory, resolver, bool(self.wishes))

    def _ask_what_else(self) -> ComposedAnswer:
        """A no at some length, of which nothing was understood; a second one drops the wish."""
        if self._count("otherwise") > 1:
            return self._drop()
        self.memory = replace(self.memory, summary=None)
        return self.answers.ask(self.memory, NeedsAnswer("action", self.words.what_else))

    def _hear(self, value: Mapping[str, str]) -> ComposedAnswer | None:
        """Take the words to the wishes they belong to, and go on."""
        memory, text = self.memory, self.message.text
        waiting = bool(memory.wishes)
        found = [] if value else self.wishes
        if not waiting and not found:
            return None
        if not value and not found and self._asks_something_else():
            return None
        asks = ("confirmation",) if memory.summary else memory.asks
        self.memory = replace(
            memory,
            wishes=heard(memory.wishes, found, Said(text, asks, value), replaces=self._replaces()),
            summary=None,
        )
        return self._go_on(before=memory.summary)

    def _replaces(self) -> bool:
        """Whether a new wish stands in for the one a summary was shown of."""
        return self.memory.summary is not None and is_no(self.message.text, *SPEECHES)

    def _asks_something_else(self) -> bool:
        """A question in between, which tells nothing of what was asked for."""
        text = self.message.text
        # While a summary waits, what does not ask in so many words may correct it: were it answered
        # as a question, the next yes would be to what was to be corrected.
        acts = NOTHING_SAID if self.memory.summary is not None else self.acts
        if not looks_like_question(text, self.words.speech, acts):
            return False
        if self._parts.finder.tells(text):
            return False
        wish = self.memory.wishes[0]
        resolver = self._customer.resolver
        if resolver is None:
            return True
        more = replace(wish, said=(*wish.said, Said(text, self.memory.asks)))
        return bool(resolver.resolve(wish) == resolver.resolve(more))

    # ── the way to a summary ──

    def _go_on(
        self, *, before: Summary | None = None, done: ComposedAnswer | None = None
    ) -> ComposedAnswer:
        """The next thing to say about the first wish; behind what was `done` in this turn."""
        for _ in range(MAX_STEPS):
            if not self.memory.wishes:
                return done or self.answers.dropped(first_settled(self.memory))
            wish = self.memory.wishes[0]
            self.memory, asking = self._customer.identify(wish, self.memory, self.answers)
            if asking is not None:
                return self._behind(done, asking)
            resolver = self._customer.resolver
            assert resolver is not None
            found = resolver.resolve(wish)
            if isinstance(found, SeveralWishes):
                rest = self.memory.wishes[1:]
                self.memory = replace(self.memory, wishes=(*found.wishes, *rest))
                continue
            if (run := waits_already(found, self._under_way)) is not None:
                self.memory = first_settled(self.memory)
                done = self._behind(done, self.answers.waits_already(self.memory, run))
                continue
            resolved: Resolved | ComposedAnswer = found
            if isinstance(found, SettledCall):
                resolved = self._sum_up(found, before)
            match resolved:
                case NotAllowed():
                    resolved = self._refuse(resolved)
                case NeedsAnswer():
                    resolved = self._ask(resolved)
            assert isinstance(resolved, ComposedAnswer)
            return self._behind(done, resolved)
        return self.answers.give_up(self.memory)

    def _sum_up(
        self, settled: SettledCall, before: Summary | None
    ) -> ComposedAnswer | NotAllowed | NeedsAnswer:
        """The summary of a call with the amounts of its dry run."""
        if not self._customer.may(settled.call, self.memory):
            wish = self.memory.wishes[0]
            self.memory, asking = self._customer.one_thing_more(wish, self.memory, self.answers)
            return asking
        if halted := self._halted():
            return halted
        try:
            amounts = self._parts.preview(settled.call)
        except BackOfficeRefused as refused:
            rule = self.words.rules.get(refused.code, str(refused))
            rule = rule.format(order=settled.about.get("order_id", ""), status="–", needs="–")
            slot = LEAVES_OPEN.get(refused.code)
            return NotAllowed(refused.code, rule, settled.about, slot)  # type: ignore[arg-type]
        call = PlannedCall(settled.call.name, dict(settled.call.arguments), amounts)
        fee = self._parts.fee(call.name, self.words.locale)
        text = summary_of(self.words, settled, amounts, self._customer.account, fee)
        dialogue_id = self.message.dialogue.dialogue_id
        id_ = summary_id(dialogue_id, [call], self._parts.runs.times_over(dialogue_id, call))
        again = before is not None and before.id == id_
        if self._count("confirmation") > MAX_CONFIRMS:
            return self.answers.give_up(self.memory)
        self.memory = replace(self.memory, summary=Summary(id_, (call,), text, settled.policy))
        return self.answers.confirm(self.memory, settled, again=again)

    def _ask(self, needs: NeedsAnswer) -> ComposedAnswer:
        if self._count(needs.slot) > MAX_ASKED:
            return self.answers.give_up(self.memory)
        return self.answers.ask(self.memory, needs)

    def _refuse(self, refused: NotAllowed) -> ComposedAnswer:
        """Say the rule; where something can be said otherwise the wish stays."""
        if refused.slot is not None and self._count("refusal") <= 2:
            self.memory = said_in_vain(self.memory, refused.slot)
            return self.answers.refused(replace(self.memory, asks=(refused.slot,)), refused)
        self.memory = first_settled(self.memory)
        return self.answers.refused(self.memory, refused)

    @cached_property
    def _under_way(self) -> Sequence[ActionRun]:
        """What they said yes to before, and is not done yet."""
        return self._parts.under_way.of_dialogue(self.message.dialogue.dialogue_id)

    def _count(self, slot: str) -> int:
        """How often this was asked of the first wish, now too."""
        self.memory = asked_again(self.memory, slot)
        return self.memory.wishes[0].asked[slot]

    def _behind(self, done: ComposedAnswer | None, next_: ComposedAnswer) -> ComposedAnswer:
        return next_ if done is None else self.answers.joined(done, next_)

    # ── yes and no ──

    def _repeat(self) -> ComposedAnswer:
        """A button of a summary that does not hold any more."""
        before, self.memory = self.memory.summary, replace(self.memory, summary=None)
        return self._go_on(before=before)

    def _drop(self) -> ComposedAnswer:
        self.memory = first_settled(self.memory)
        dropped = self.answers.dropped(self.memory)
        return self._go_on(done=dropped) if self.memory.wishes else dropped

    def _carry_out(self, summary: Summary) -> ComposedAnswer:
        """The shopper's yes: store it, then act, once."""
        known = self._parts.runs.get(f"{summary.id}-0")
        if known is None:  # else this yes was heard before, and its answer got lost
            if halted := self._halted():
                return halted
            if changed := self._changed_since(summary):
                return changed
        ends = self._after.carry_out(summary, self._customer)
        self.memory = first_settled(self.memory)
        said = self.answers.ended(self.memory, ends)
        return self._go_on(done=said) if self.memory.wishes else said

    def _changed_since(self, summary: Summary) -> ComposedAnswer | None:
        """What was shown does not hold any more, as after a parcel has left: say so instead."""
        resolver = self._customer.resolver
        assert resolver is not None
        before, self.memory = summary, replace(self.memory, summary=None)
        said = self._go_on()
        now = self.memory.summary
        if now is not None and now.id == before.id:
            return None
        return said

    def _halted(self) -> ComposedAnswer | None:
        why = self._parts.halted(self.message.dialogue.shopper_id, self.words)
        return self.answers.hand_over(self.memory, why) if why else None
