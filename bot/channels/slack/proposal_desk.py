"""Decisions of the staff in Slack about proposed replies: each once. Knows no Bolt."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.channels.slack import action_ids
from bot.channels.slack.messages import Press
from bot.channels.slack.reply_form import ReplyDraft, ReplyForm, reply_errors
from feedback.db import Database, Proposal
from feedback.desk import Staff
from feedback.knowledge import (
    NotReady,
    Proposals,
    QuestionLine,
    ReplyBook,
    UnknownProposal,
    proposed_name,
)

DECIDED: Final = "Somebody has decided on this already."
EDIT_FIRST: Final = "It can not go into the book as it stands: press *Edit*. {why}"
TAKEN: Final = "`{name}` is in the reply book; the clerk answers with it within a minute."


class ProposalDesk:
    """Proposed replies; each method says what to tell who pressed, None: the message says it."""

    def __init__(self, db: Database, book: ReplyBook, clock: Callable[[], datetime]) -> None:
        """Work on `db`."""
        self._proposals = Proposals(db)
        self._book = book
        self._clock = clock

    def named(self, ids: Sequence[str]) -> list[Proposal]:
        """The proposals of a message that are still known."""
        return self._proposals.named(ids)

    def press(self, press: Press, staff: Staff) -> str | None:
        """Take a proposal as it stands, or leave it out."""
        proposal_id = press.impression_id
        if press.action_id.startswith(action_ids.PROPOSAL_ACCEPT):
            return self._accept(proposal_id, staff)
        try:
            self._proposals.leave(proposal_id, staff=staff.name, now=self._clock())
        except UnknownProposal:
            return DECIDED
        return None

    def draft(self, proposal_id: str) -> ReplyDraft | None:
        """What the form of a new reply begins with; None where it was decided on."""
        proposal = self._open(proposal_id)
        if proposal is None:
            return None
        question = proposal.questions[0] if proposal.questions else ""
        return ReplyDraft(question, proposal.text, self._name_for(proposal), proposal.locale)

    def take(self, proposal_id: str, form: ReplyForm, staff: Staff) -> str:
        """Take a proposal as somebody has written it down."""
        try:
            self._proposals.take(
                proposal_id,
                reply_id=form.reply_id,
                text=form.text,
                locale=form.locale,
                staff=staff.name,
                now=self._clock(),
            )
        except UnknownProposal:
            return DECIDED
        except NotReady as refused:
            return str(refused)
        question = QuestionLine(form.question, form.reply_id, form.locale)
        self._book.put_questions([question], self._clock(), staff.name)
        return TAKEN.format(name=form.reply_id)

    def _accept(self, proposal_id: str, staff: Staff) -> str | None:
        proposal = self._open(proposal_id)
        if proposal is None:
            return DECIDED
        question = proposal.questions[0] if proposal.questions else proposal.text
        name = self._name_for(proposal)
        form = ReplyForm(name, proposal.locale, proposal.text, question, send=False)
        facts = self._book.facts(proposal.locale)
        if errors := reply_errors(form, facts, self._names()):
            return EDIT_FIRST.format(why=next(iter(errors.values())))
        return self.take(proposal_id, form, staff)

    def _open(self, proposal_id: str) -> Proposal | None:
        found = self._proposals.named([proposal_id])
        return found[0] if found and found[0].state == "open" else None

    def _name_for(self, proposal: Proposal) -> str:
        taken = {reply_id for reply_id, _ in self._names()}
        return proposed_name(proposal.text, proposal.proposal_id, taken)

    def _names(self) -> set[tuple[str, str]]:
        return {(reply.reply_id, reply.locale) for reply in self._book.replies()}
