"""Replies proposed for the book, from past tickets and from what the staff write."""

import hashlib
import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, select

from feedback.db import Database, FeedbackError, Proposal, Reply, find
from feedback.knowledge.clustering import RepeatedReply
from feedback.knowledge.importers.records import QuestionLine, ReplyLine
from feedback.knowledge.reply_book import ReplyBook

FILL = re.compile(r"\{fill\.[a-z]+\}")
NAME = re.compile(r"[a-z0-9_]{1,80}")
SLOT = re.compile(r"\{[^{}]*\}")


class NotReady(FeedbackError):
    """A proposal can not be taken into the book as it stands."""


class UnknownProposal(FeedbackError):
    """There is no such proposal."""

    def __init__(self, proposal_id: str) -> None:
        """Name the id, cut short."""
        super().__init__(f"No proposal is called {proposal_id!r:.60}; see the list.")


class Proposals:
    """Keeps proposals until the staff take or leave them."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def put(self, groups: Sequence[RepeatedReply], locale_of: dict[str, str], now: datetime) -> int:
        """Propose groups; what was proposed before keeps the staff's verdict. How many are new."""
        new = 0
        with self.db.transaction() as session:
            for group in groups:
                key = hashlib.sha256(group.text.lower().encode("utf-8", "ignore")).hexdigest()[:20]
                known = find(session, Proposal, key)
                if known is not None:
                    known.uses, known.questions = group.uses, group.questions
                    continue
                new += 1
                session.add(
                    Proposal(
                        proposal_id=key,
                        locale=locale_of.get(group.text, "en"),
                        text=group.text,
                        questions=group.questions,
                        uses=group.uses,
                        proposed_at=now,
                    )
                )
        return new

    def renew(
        self, groups: Sequence[RepeatedReply], locale_of: dict[str, str], now: datetime
    ) -> list[RepeatedReply]:
        """Propose groups, and take back what was proposed and is said no more; the new groups.

        What nobody says any more includes words of shoppers who were erased since.
        """
        before = {one.text.lower() for one in self.open()}
        self.put(groups, locale_of, now)
        said = {group.text.lower() for group in groups}
        with self.db.transaction() as session:
            for one in session.exec(select(Proposal).where(Proposal.state == "open")):
                if one.uses and one.text.lower() not in said:
                    session.delete(one)
        standing = {one.text.lower() for one in self.open()}
        return [one for one in groups if one.text.lower() in standing - before]

    def decided(self) -> list[str]:
        """The texts that were taken or left."""
        with self.db.reading() as session:
            return list(session.exec(select(Proposal.text).where(Proposal.state != "open")))

    def named(self, proposal_ids: Sequence[str]) -> list[Proposal]:
        """Those of these ids that are known, decided or not, in this order."""
        with self.db.reading() as session:
            wanted = select(Proposal).where(col(Proposal.proposal_id).in_(proposal_ids))
            known = {each.proposal_id: each for each in session.exec(wanted)}
        return [known[proposal_id] for proposal_id in proposal_ids if proposal_id in known]

    def open(self) -> list[Proposal]:
        """Those nobody has decided on, the most used first."""
        with self.db.reading() as session:
            return list(
                session.exec(
                    select(Proposal)
                    .where(Proposal.state == "open")
                    .order_by(col(Proposal.uses).desc(), col(Proposal.proposal_id))
                )
            )

    def take(
        self,
        proposal_id: str,
        *,
        reply_id: str,
        text: str,
        staff: str,
        now: datetime,
        locale: str | None = None,
    ) -> None:
        """Take a proposal into the book, with the questions it answered as examples.

        `locale` is its language; None: as it was proposed.

        Raises:
            UnknownProposal: there is none, or it was decided on meanwhile.
            NotReady: the name is no name, is another reply's, or a `{fill.…}` was left in.
        """
        if not NAME.fullmatch(reply_id):
            raise NotReady(
                f"{reply_id!r:.60} is no name for a reply; take small letters, digits and _."
            )
        if left := FILL.search(text):
            raise NotReady(f"{left[0]} differs from case to case; write that place in words.")
        with self.db.transaction() as session:
            proposal = find(session, Proposal, proposal_id, lock=True)
            if proposal is None or proposal.state != "open":
                raise UnknownProposal(proposal_id)
            proposal.locale = locale or proposal.locale
            if session.get(Reply, (reply_id, proposal.locale)):
                raise NotReady(f"The book has a reply {reply_id!r:.60} already; choose another.")
            proposal.state, proposal.reply_id = "taken", reply_id
            proposal.decided_by, proposal.decided_at = staff, now
        book = ReplyBook(self.db)
        book.put_replies([ReplyLine(reply_id, text, proposal.locale)], now)
        questions = [QuestionLine(one, reply_id, proposal.locale) for one in proposal.questions]
        book.put_questions(questions, now)

    def leave(self, proposal_id: str, *, staff: str, now: datetime) -> None:
        """Leave a proposal out of the book for good.

        Raises:
            UnknownProposal: there is none, or it was decided on meanwhile.
        """
        with self.db.transaction() as session:
            proposal = find(session, Proposal, proposal_id, lock=True)
            if proposal is None or proposal.state != "open":
                raise UnknownProposal(proposal_id)
            proposal.state, proposal.decided_by, proposal.decided_at = "left", staff, now


def proposed_name(text: str, proposal_id: str, taken: Collection[str] = ()) -> str:
    """A name to begin with: a text's first words, else "reply_" and a part of its id.

    >>> proposed_name("We wrap gifts for {policy.fee}, in blue paper.", "0a1b2c3d4e")
    'wrap_gifts_for_blue'
    >>> proposed_name("可以包装。", "0a1b2c3d4e")
    'reply_0a1b2c3d'
    """
    words = re.findall(r"[a-z]{3,}", SLOT.sub(" ", text).lower())
    other = f"reply_{proposal_id[:8]}"
    name = "_".join(words[:4])[:60] or other
    return other if name in taken else name
