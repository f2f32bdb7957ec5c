"""The staff's buttons, modals and messages in Slack: what each of them does. Knows no Bolt."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Final, NamedTuple

from bot.channels.slack import action_ids
from bot.channels.slack.action_desk import ActionDesk
from bot.channels.slack.card_thread import CardThread
from bot.channels.slack.messages import Press
from bot.channels.slack.proposal_desk import ProposalDesk
from bot.channels.slack.reply_form import ReplyForm
from bot.channels.slack.turn_modals import SnoozeTime, snooze_times
from bot.knowledge import (
    PageDraft,
    StaffSuggestion,
    fill_facts,
    in_locale,
    order_values,
    page_drafts,
    suggest_replies,
)
from bot.languages import phrases_in
from feedback.db import DeskRefused
from feedback.desk import AnswerTargets, Assignments, CardView, Desk, Staff
from feedback.files import Files
from feedback.knowledge import SLOT, Passages, QuestionLine, ReplyBook, ReplyLine

GONE: Final = "The page does not say that any more."
FILL_IN: Final = "This reply has {slots} to fill in: press *Edit and send*."


# What is told where a button changed nothing: it was pressed before.
ALREADY: Final = {
    action_ids.SEND: "The shopper has this already.",
    action_ids.REJECT: "Somebody said so already.",
    action_ids.TAKE_OVER: "You have this dialogue already.",
    action_ids.LIVE: "The thread is live already; it stays so for another 15 minutes.",
    action_ids.END_LIVE: "The thread is internal already.",
    action_ids.WAKE: "The snooze is over already.",
    action_ids.DONE: "You closed this already.",
}


class EditDraft(NamedTuple):
    """What an editing modal begins with."""

    question: str
    text: str
    reply_id: str | None


class StaffDesk:
    """The desk in Slack."""

    def __init__(
        self,
        *,
        desk: Desk,
        book: ReplyBook,
        files: Files,
        targets: AnswerTargets,
        zone: tzinfo,
        clock: Callable[[], datetime],
        wake: Callable[[str], None],
    ) -> None:
        """See `bot.channels.slack.edge.build_slack`."""
        self.desk = desk
        self.assignments = Assignments(desk.db)
        self.targets = targets
        self._zone = zone
        self.actions = ActionDesk(desk.db, clock)
        self.proposals = ProposalDesk(desk.db, book, clock)
        self._book = book
        self._passages = Passages(desk.db)
        self.thread = CardThread(desk, files, clock, wake)
        self._clock = clock
        self._wake = wake

    def press(self, press: Press, staff: Staff) -> str | None:
        """Carry out a card's button; what to tell who pressed it, None: the card says it."""
        card_id, argument = press.impression_id, press.argument
        try:
            if press.action_id.startswith(action_ids.SEND):
                return self._send(card_id, argument, staff)
            if press.action_id == action_ids.ACTION_APPROVE:
                return self.actions.decide(card_id, "approve", staff)
            if press.action_id == action_ids.ACTION_DONE:
                return self.actions.decide(card_id, "fulfil", staff)
            if press.action_id.startswith(action_ids.REJECT):
                key, now = f"reject:{card_id}:{argument}", self._clock()
                done = self.desk.reject(card_id, key, staff, argument, now)
                return None if done else ALREADY[action_ids.REJECT]
            return None if self._carry_out(press, staff) else ALREADY.get(press.action_id)
        except DeskRefused as refused:
            return str(refused)

    def _carry_out(self, press: Press, staff: Staff) -> bool:
        """A button of the card itself; False: it was so before, as after a second press."""
        card_id, now = press.impression_id, self._clock()
        match press.action_id:
            case action_ids.TAKE_OVER:
                return self._take_over(card_id, staff)
            case action_ids.LIVE:
                return self.desk.go_live(card_id, staff, now)
            case action_ids.END_LIVE:
                return self.desk.end_live(card_id, staff, now)
            case action_ids.WAKE:
                return self.assignments.wake(card_id, staff, now)
            case action_ids.DONE:
                return self.desk.done(card_id, staff, now)
        return True

    def send_edited(
        self, card_id: str, key: str, text: str, reply_id: str | None, staff: Staff
    ) -> str | None:
        """Send what was written in the modal; what to tell who sent it."""
        try:
            return self._tell(card_id, key, text, staff, reply_id)
        except DeskRefused as refused:
            return str(refused)

    def add_reply(self, form: ReplyForm, card_id: str | None, key: str, staff: Staff) -> str:
        """Write a reply into the book, with the question it answers; send it where asked to."""
        now = self._clock()
        self._book.put_replies([ReplyLine(form.reply_id, form.text, form.locale)], now, staff.name)
        self._book.put_questions(
            [QuestionLine(form.question, form.reply_id, form.locale)], now, staff.name
        )
        told = f"`{form.reply_id}` is in the reply book; the clerk answers with it within a minute."
        if form.send and card_id:
            refused = self.send_edited(card_id, key, form.text, form.reply_id, staff)
            told += f" It was not sent: {refused}" if refused else " It was sent to the shopper."
        return told

    def assign(self, card_id: str, to: Staff | None, by: Staff) -> str | None:
        """Give a card to a colleague, or put it back; what to tell who did, None: it is done."""
        try:
            if to is None:
                done = self.assignments.unassign(card_id, by, self._clock())
                return None if done else "It is nobody's already."
            done = self.assignments.assign(card_id, to, by, self._clock())
            return None if done else f"It is {to.name}'s already."
        except DeskRefused as refused:
            return str(refused)

    def snooze(self, card_id: str, until: float, by: Staff) -> str | None:
        """Put a card off; what to tell who did, None: the card says it."""
        try:
            moment = datetime.fromtimestamp(until, UTC)
            self.assignments.snooze(card_id, moment, by, self._clock())
        except DeskRefused as refused:
            return str(refused)
        return None

    def snooze_times(self) -> list[SnoozeTime]:
        """The times that a card may be put off until."""
        return snooze_times(self._clock(), self._zone, self.targets.hours)

    def edit_draft(self, card_id: str, argument: str) -> EditDraft | None:
        """What the editing modal holds: a reply of the book, the model's draft, or nothing."""
        view = self.desk.view(card_id)
        if view is None:
            return None
        if argument == "draft:":
            return EditDraft(view.question, self.draft(view), None)
        if argument == "own:":
            return EditDraft(view.question, "", None)
        if argument.startswith(action_ids.PAGE):
            return EditDraft(view.question, self._page_text(argument, view), None)
        return EditDraft(view.question, self._reply_text(argument, view), argument)

    def suggestions(self, view: CardView) -> list[StaffSuggestion]:
        """The card's best replies."""
        return suggest_replies(
            view.shown,
            self._book.replies(),
            self._book.facts(view.locale),
            locale=view.locale,
            without=view.card.rejected,
            order=self._order_values(view),
        )

    def page_drafts(self, view: CardView) -> list[PageDraft]:
        """What the shop's pages may answer."""
        return page_drafts(view.shown, self._passages.known)

    def draft(self, view: CardView) -> str:
        """The model's own words with the shop's facts in them; "" where there are none."""
        facts = self._book.facts(view.locale)
        return fill_facts(view.card.draft or "", facts, self._order_values(view))

    def _order_values(self, view: CardView) -> dict[str, str]:
        """What fills the slots of a reply that speaks of the shopper's order."""
        order = view.shopper.order
        return order_values(order, view.locale) if order else {}

    def taken_names(self) -> set[tuple[str, str]]:
        """The names that replies have already, each with its language."""
        return {(reply.reply_id, reply.locale) for reply in self._book.replies()}

    def reply_words(self) -> list[tuple[str, str]]:
        """Every reply's name and words, in each of its languages."""
        return [(reply.reply_id, reply.text) for reply in self._book.replies()]

    def facts(self, locale: str) -> dict[str, str]:
        """The shop's facts in a language."""
        return dict(self._book.facts(locale))

    def fact_names(self, locale: str) -> list[str]:
        """The facts that fill a reply's slots."""
        return sorted(self._book.facts(locale))

    def _send(self, card_id: str, reply_id: str, staff: Staff) -> str | None:
        view = self.desk.view(card_id)
        if view is not None and reply_id.startswith(action_ids.PAGE):
            text = self._page_text(reply_id, view)
            key = f"send:{card_id}:{reply_id}"
            return self._tell(card_id, key, text, staff, None) if text else GONE
        text = self._reply_text(reply_id, view) if view else ""
        if view is None or not text:
            return "This reply is no longer in the book."
        if slots := SLOT.findall(text):
            return FILL_IN.format(slots=", ".join(f"`{{{slot}}}`" for slot in slots))
        return self._tell(card_id, f"send:{card_id}:{reply_id}", text, staff, reply_id)

    def _tell(
        self, card_id: str, key: str, text: str, staff: Staff, reply_id: str | None
    ) -> str | None:
        if not text.strip():
            return "The text is empty; nothing was sent."
        sent = self.desk.send(card_id, key, staff, text.strip(), self._clock(), reply_id=reply_id)
        self._wake_card(card_id)
        return None if sent else ALREADY[action_ids.SEND]

    def _take_over(self, card_id: str, staff: Staff) -> bool:
        view = self.desk.view(card_id)
        locale = view.dialogue.locale if view else "en"
        hello = phrases_in(locale).taken_over.format(name=staff.name)
        took = self.desk.take_over(card_id, staff, hello, self._clock())
        self._wake_card(card_id)
        return took

    def _reply_text(self, reply_id: str, view: CardView) -> str:
        texts = {r.locale: r.text for r in self._book.replies() if r.reply_id == reply_id}
        if not texts:
            return ""
        facts = self._book.facts(view.locale)
        return fill_facts(in_locale(texts, view.locale), facts, self._order_values(view))

    def _page_text(self, argument: str, view: CardView) -> str:
        """A page's sentences with their source, as the page says them now; "" where it does not."""
        wanted = argument.removeprefix(action_ids.PAGE)
        return next((each.text for each in self.page_drafts(view) if each.id == wanted), "")

    def _wake_card(self, card_id: str) -> None:
        if view := self.desk.view(card_id):
            self._wake(view.dialogue.dialogue_id)
