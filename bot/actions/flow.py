"""The flow of order actions: from a wish to a summary, an explicit yes, and the act. Start here.

What is remembered is the words the shopper said to each wish (`ActionMemory`); what they mean is
read anew each turn out of those words and the back office's facts, so a correction is just one
more turn. Nothing is written without a stored yes to exactly the summary that was shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.actions.answers import ActionAnswers
from bot.actions.back_office import BackOffice, BackOfficeAway, BackOfficeRefused, CustomerAccount
from bot.actions.carry_out import Carrier
from bot.actions.items import Names
from bot.actions.languages import WORDS, action_words
from bot.actions.order_actions import ORDER_ACTIONS, OrderAction
from bot.actions.resolve import (
    NeedsAnswer,
    NotAllowed,
    Resolved,
    SettledCall,
    SeveralWishes,
    WishResolver,
)
from bot.actions.rules import ActionRules
from bot.actions.who import CustomerFinder
from bot.actions.wishes import SWAP, WishWords, family, looks_like_question, read_wishes
from bot.actions.words import ActionWords
from bot.actions.yes_or_no import is_no, is_yes
from bot.conversation import ComposedAnswer, IncomingMessage, OfferedChoice
from feedback.actions import ActionRuns, ConfirmedCall, StoredYes, summary_id
from feedback.dialogues import ActionMemory, PlannedCall, Said, Summary, Wish
from serving.ranker import NOTHING_SAID, Ranking

MAX_ASKED: Final = 3  # for one thing; then a person is better
MAX_CONFIRMS: Final = 6
MAX_STEPS: Final = 12  # of one turn: wishes split, refused or done
# What a refusal leaves open: the shopper may say this otherwise.
REMEDIES: Final[Mapping[str, str]] = {
    "balance_too_low": "payment_method",
    "refund_elsewhere": "payment_method",
    "same_payment_method": "payment_method",
    "unknown_payment_method": "payment_method",
    "out_of_stock": "variant",
    "same_item": "variant",
    "invalid_address": "address",
}
SPEECHES: Final = tuple(words.speech for words in WORDS.values())

log = structlog.get_logger()


class ActionFlow:
    """Leads from wishes to acts; the clerk asks it before any source of knowledge."""

    def __init__(
        self,
        office: BackOffice,
        runs: ActionRuns,
        carrier: Carrier,
        finder: CustomerFinder,
        *,
        names: Names,
        clock: Callable[[], datetime],
        rules: ActionRules = ActionRules(),  # noqa: B008 - frozen
        actions: Mapping[str, OrderAction] = ORDER_ACTIONS,
    ) -> None:
        """`names` gives an item's names in every language, from the catalogue."""
        self._actions = actions
        self._office = office
        self._runs = runs
        self._carrier = carrier
        self._finder = finder
        self._names = names
        self._clock = clock
        self._rules = rules

    def take(
        self,
        message: IncomingMessage,
        ranking: Ranking | None,
        pressed: OfferedChoice | None = None,
        *,
        wants_person: bool = False,
    ) -> ComposedAnswer | None:
        """What to say, where the message is about an order action; None: it is about another thing.

        `ranking` has what the model's heads say; `pressed` is the button that was pressed. Who
        wants a person gets one, but a yes to a summary is a yes.
        """
        turn = _Turn(self, message, ranking, pressed)
        by_keywords = ranking is not None and ranking.served_by == "keywords"  # no sure sign
        if wants_person and not turn.says_yes and not (by_keywords and turn.wishes):
            return None
        try:
            return turn.answer()
        except BackOfficeAway as away:
            log.warning("action.back_office_away", error=str(away))
            return turn.answers.away(turn.memory)

    def go_on(self, message: IncomingMessage, answer: ComposedAnswer) -> ComposedAnswer:
        """After a question in between: what was asked before is asked again behind the answer."""
        memory = message.memory.action
        if memory is None:
            return answer
        kept = replace(answer, memory=replace(answer.memory, action=memory))
        if not memory.question or answer.kind == "handover":
            return kept
        words = action_words(message.query.locale)
        said = f"{answer.text}\n\n{words.still.format(question=memory.question)}"
        return replace(kept, text=said)


class _Turn:
    """One message, on its way through the flow."""

    def __init__(
        self,
        flow: ActionFlow,
        message: IncomingMessage,
        ranking: Ranking | None,
        pressed: OfferedChoice | None,
    ) -> None:
        self.flow = flow
        self.message = message
        self.head = ranking.actions if ranking else NOTHING_SAID
        self.acts = ranking.acts if ranking else NOTHING_SAID
        self.pressed = pressed
        self.words: ActionWords = action_words(message.query.locale, flow._actions)
        self.answers = ActionAnswers(message, self.words)
        self.memory = message.memory.action or ActionMemory()

    # ── what the message is ──

    @property
    def says_yes(self) -> bool:
        """Whether it is the yes that a summary waits for."""
        return self.memory.summary is not None and is_yes(self.message.text, *SPEECHES)

    @property
    def wishes(self) -> list[WishWords]:
        """The wishes in it."""
        waiting = bool(self.memory.wishes)
        return read_wishes(self.message.text, self.words.speech, self.head, hints=not waiting)

    def answer(self) -> ComposedAnswer | None:
        value = dict(self.pressed.value or {}) if self.pressed else {}
        summary = self.memory.summary
        if summary is not None:
            said = value.get("summary")
            if said == summary.id and value.get("confirm") == "yes":
                return self._carry_out(summary)
            if said == summary.id or (not value and self._declines()):
                return self._drop()
            if not value and is_yes(self.message.text, *SPEECHES):
                return self._carry_out(summary)
        if "summary" in value:
            return self._repeat() if self.memory.wishes else None
        return self._hear(value)

    def _declines(self) -> bool:
        """Whether a short no says nothing of what should be otherwise: "no: PayPal" does."""
        text, resolver = self.message.text, self._resolver()
        if not is_no(text, *SPEECHES) or len(text) > 24 or resolver is None:
            return False
        wish = self.memory.wishes[0]
        more = replace(wish, said=(*wish.said, Said(text, ("confirmation",))))
        return bool(resolver.resolve(wish) == resolver.resolve(more))

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
            wishes=_heard(memory.wishes, found, Said(text, asks, value), replaces=self._replaces()),
            summary=None,
        )
        return self._go_on(before=memory.summary)

    def _replaces(self) -> bool:
        """Whether a new wish stands in for the one a summary was shown of."""
        return self.memory.summary is not None and is_no(self.message.text, *SPEECHES)

    def _asks_something_else(self) -> bool:
        """A question in between, which tells nothing of what was asked for."""
        text = self.message.text
        if not looks_like_question(text, self.words.speech, self.acts):
            return False
        if self.flow._finder.tells(text):
            return False
        wish = self.memory.wishes[0]
        resolver = self._resolver()
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
                return done or self.answers.dropped(self._settled())
            wish = self.memory.wishes[0]
            asking = self._identify(wish)
            if asking is not None:
                return self._behind(done, asking)
            resolver = self._resolver()
            assert resolver is not None
            resolved: Resolved | ComposedAnswer = resolver.resolve(wish)
            if isinstance(resolved, SeveralWishes):
                rest = self.memory.wishes[1:]
                self.memory = replace(self.memory, wishes=(*resolved.wishes, *rest))
                continue
            if isinstance(resolved, SettledCall):
                resolved = self._sum_up(resolved, before)
            match resolved:
                case NotAllowed():
                    resolved = self._refuse(resolved)
                case NeedsAnswer():
                    resolved = self._ask(resolved)
            assert isinstance(resolved, ComposedAnswer)
            return self._behind(done, resolved)
        return self.answers.give_up(self.memory)

    def _identify(self, wish: Wish) -> ComposedAnswer | None:
        """None once the customer is known well enough for the wish."""
        action = self.flow._actions["exchange_items" if wish.action == SWAP else wish.action]
        finder, texts = self.flow._finder, self.message.said
        first = not {"email", "name"} & set(self.memory.asks)
        if self.memory.customer_id is None:
            found = finder.find(texts if first else texts[:2], self.message.query.who)
            if isinstance(found, CustomerAccount):
                self.memory = replace(self.memory, customer_id=found.customer_id)
            elif found == "wait" or self.memory.failed_identity >= MAX_ASKED:
                return self.answers.give_up(self.memory)
            else:
                failed = self.memory.failed_identity + 1
                self.memory = replace(self.memory, failed_identity=failed)
                return self.answers.ask_who(self.memory, wish, missed=found == "missed")
        told = finder.told(self._customer(), self._orders(), texts)
        if self.flow._rules.suffices(action, told):
            return None
        failed = self.memory.failed_identity + 1
        self.memory = replace(self.memory, failed_identity=failed)
        if failed > MAX_ASKED:
            return self.answers.give_up(self.memory)
        return self.answers.ask_who_more(self.memory, wish)

    def _customer(self) -> CustomerAccount:
        if not hasattr(self, "_known"):
            assert self.memory.customer_id is not None
            found = self.flow._office.customer(self.memory.customer_id)
            if found is None:
                raise BackOfficeAway("the customer is not there any more")
            self._known = found
        return self._known

    def _orders(self) -> Sequence[object]:
        if not hasattr(self, "_bought"):
            self._bought = self.flow._office.orders(self._customer().customer_id)
        return self._bought

    def _resolver(self) -> WishResolver | None:
        if self.memory.customer_id is None:
            return None
        return WishResolver(
            self.flow._office,
            self._customer(),
            self._orders(),  # type: ignore[arg-type]
            self.flow._names,
            self.words,
            self.message.said,
            self.flow._actions,
        )

    def _sum_up(
        self, settled: SettledCall, before: Summary | None
    ) -> ComposedAnswer | NotAllowed | NeedsAnswer:
        """The summary of a call with the amounts of its dry run."""
        halted = self._halted()
        if halted is not None:
            return halted
        try:
            amounts = self.flow._office.dry_run(settled.call)
        except BackOfficeRefused as refused:
            rule = self.words.rules.get(refused.code, str(refused))
            rule = rule.format(order=settled.about.get("order_id", ""), status="–", needs="–")
            slot = REMEDIES.get(refused.code)
            return NotAllowed(refused.code, rule, settled.about, slot)  # type: ignore[arg-type]
        call = PlannedCall(settled.call.name, dict(settled.call.arguments), amounts)
        confirmed = ConfirmedCall(call.name, call.arguments, call.amounts)
        text = self.answers.summary_text(settled, amounts, self._customer())
        id_ = summary_id(self.message.dialogue.dialogue_id, [confirmed])
        again = before is not None and before.id == id_
        wish = self._count("confirmation")
        if wish.asked["confirmation"] > MAX_CONFIRMS:
            return self.answers.give_up(self.memory)
        self.memory = replace(self.memory, summary=Summary(id_, (call,), text))
        return self.answers.confirm(self.memory, settled, again=again)

    def _halted(self) -> ComposedAnswer | None:
        """The emergency stop, and the caps of a day."""
        runs, rules, now = self.flow._runs, self.flow._rules, self.flow._clock()
        if runs.stopped() is not None:
            return self.answers.hand_over(self.memory, self.words.stopped)
        since = now - timedelta(days=1)
        shopper = self.message.dialogue.shopper_id
        if (
            runs.count_since(since, shopper) >= rules.a_shopper
            or runs.count_since(since) >= rules.a_day
        ):
            return self.answers.hand_over(self.memory, self.words.too_many)
        return None

    def _ask(self, needs: NeedsAnswer) -> ComposedAnswer:
        wish = self._count(needs.slot)
        if wish.asked[needs.slot] > MAX_ASKED:
            return self.answers.give_up(self.memory)
        return self.answers.ask(self.memory, needs)

    def _refuse(self, refused: NotAllowed) -> ComposedAnswer:
        """Say the rule; where something can be said otherwise the wish stays."""
        if refused.slot is not None and self._count("refusal").asked["refusal"] <= 2:
            wish = self.memory.wishes[0]
            wish = replace(wish, void={**wish.void, refused.slot: len(wish.said)})
            self.memory = replace(self.memory, wishes=(wish, *self.memory.wishes[1:]))
            return self.answers.refused(replace(self.memory, asks=(refused.slot,)), refused)
        self.memory = self._settled()
        return self.answers.refused(self.memory, refused)

    def _count(self, slot: str) -> Wish:
        wish = self.memory.wishes[0]
        wish = replace(wish, asked={**wish.asked, slot: wish.asked.get(slot, 0) + 1})
        self.memory = replace(self.memory, wishes=(wish, *self.memory.wishes[1:]))
        return wish

    def _settled(self) -> ActionMemory:
        """The memory once the first wish is over."""
        return replace(
            self.memory, wishes=self.memory.wishes[1:], summary=None, asks=(), question=""
        )

    def _behind(self, done: ComposedAnswer | None, next_: ComposedAnswer) -> ComposedAnswer:
        return next_ if done is None else self.answers.joined(done, next_)

    # ── yes and no ──

    def _repeat(self) -> ComposedAnswer:
        """A button of a summary that does not hold any more."""
        before, self.memory = self.memory.summary, replace(self.memory, summary=None)
        return self._go_on(before=before)

    def _drop(self) -> ComposedAnswer:
        self.memory = self._settled()
        dropped = self.answers.dropped(self.memory)
        return self._go_on(done=dropped) if self.memory.wishes else dropped

    def _carry_out(self, summary: Summary) -> ComposedAnswer:
        """The shopper's yes: store it, then act, once."""
        flow, now = self.flow, self.flow._clock()
        calls = [ConfirmedCall(c.name, c.arguments, c.amounts) for c in summary.calls]
        known = flow._runs.get(f"{summary.id}-0")
        if known is None:  # else this yes was heard before, and its answer got lost
            halted = self._halted()
            if halted is not None:
                return halted
            if changed := self._changed_since(summary):
                return changed
        waits = " ".join(filter(None, (flow._rules.waits_for(c.name, c.amounts) for c in calls)))
        yes = StoredYes(
            dialogue_id=self.message.dialogue.dialogue_id,
            shopper_id=self.message.dialogue.shopper_id,
            summary_id=summary.id,
            summary=summary.text,
            locale=self.words.locale,
            calls=calls,
        )
        runs = flow._runs.confirm(yes, now, wait_for=waits)
        ends = [
            run if run.state == "submitted" else flow._carrier.carry(run.run_id, told=True) or run
            for run in runs
        ]
        self.memory = self._settled()
        said = self.answers.ended(self.memory, ends)
        return self._go_on(done=said) if self.memory.wishes else said

    def _changed_since(self, summary: Summary) -> ComposedAnswer | None:
        """What was shown does not hold any more, as after a parcel has left: say so instead."""
        resolver = self._resolver()
        assert resolver is not None
        before, self.memory = summary, replace(self.memory, summary=None)
        said = self._go_on()
        now = self.memory.summary
        if now is not None and now.id == before.id:
            return None
        return said


def _heard(
    wishes: Sequence[Wish], found: Sequence[WishWords], said: Said, *, replaces: bool
) -> tuple[Wish, ...]:
    """The wishes after one more message."""
    if not found:
        first, *rest = wishes
        return (replace(first, said=(*first.said, said)), *rest)
    now = list(wishes)
    new: list[Wish] = []
    for each in found:
        place = next((i for i, one in enumerate(now) if family(one.action) == each.action), None)
        words = replace(said, text=each.text if len(found) > 1 else said.text)
        if place is not None:
            wish = now.pop(place)
            now.insert(0 if len(found) == 1 else place, replace(wish, said=(*wish.said, words)))
        else:
            new.append(Wish(each.action, (replace(words, asked=()),)))
    if replaces and new and now:
        now = now[1:]
    return (*new, *now) if said.asked and new else (*now, *new)
