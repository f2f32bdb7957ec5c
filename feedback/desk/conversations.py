"""Conversations of the desk: lists of cards with their dialogues and newest turns."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from feedback.db import Database, DeskCard, Dialogue, DialogueTurn
from feedback.desk.card_lists import CARD_LISTS, CardList, CardLists, CardStandings
from feedback.desk.search import find_words
from feedback.desk.targets import USUAL_TARGETS, AnswerTargets


class ListedConversation(NamedTuple):
    """A line of a list."""

    dialogue: Dialogue
    card: DeskCard | None  # the newest; None: it never came to the staff
    newest: DialogueTurn | None  # of the shopper's


class Conversations:
    """Dialogues of the staff, by whose turn it is, or by words that were said."""

    def __init__(self, db: Database, targets: AnswerTargets = USUAL_TARGETS) -> None:
        """Read from `db`; what is overdue is so by `targets`."""
        self._db = db
        self._lists = CardLists(db, targets)

    def overview(
        self, wanted: CardList, now: datetime, *, me: str, limit: int
    ) -> tuple[dict[CardList, int], list[ListedConversation]]:
        """How many cards each list has, and the first `limit` of one; of what is done none counts.

        `me` is the id of who asks.
        """
        turns = CardStandings(self._lists.open_cards(), now, self._lists.targets, me=me)
        counts: dict[CardList, int] = {
            each: turns.count(each) for each in CARD_LISTS if each != "done"
        }
        cards = self._lists.done(limit) if wanted == "done" else turns.cards(wanted)[:limit]
        return counts, self._with_dialogues([card.dialogue_id for card in cards], cards)

    def found(self, words: Sequence[str], limit: int) -> list[ListedConversation]:
        """The newest dialogues in which all of the words were said in one turn."""
        turns = find_words(self._db, words, limit).turns
        ids = [turn.dialogue_id for turn in turns]
        with self._db.reading() as session:
            newest = func.max(DeskCard.opened_at)
            last = select(DeskCard.dialogue_id, newest).where(col(DeskCard.dialogue_id).in_(ids))
            opened = dict(session.exec(last.group_by(col(DeskCard.dialogue_id))).all())
            known = select(DeskCard).where(col(DeskCard.dialogue_id).in_(ids))
            cards = [
                card
                for card in session.exec(known)
                if card.opened_at == opened.get(card.dialogue_id)
            ]
        return self._with_dialogues(ids, cards)

    def one(self, dialogue_id: str) -> ListedConversation | None:
        """The dialogue of this id with its newest card."""
        if not dialogue_id.isprintable():
            return None
        with self._db.reading() as session:
            card = session.exec(
                select(DeskCard)
                .where(DeskCard.dialogue_id == dialogue_id)
                .order_by(col(DeskCard.opened_at).desc())
                .limit(1)
            ).first()
        found = self._with_dialogues([dialogue_id], [card] if card else [])
        return found[0] if found else None

    def _with_dialogues(
        self, dialogue_ids: Sequence[str], cards: Sequence[DeskCard]
    ) -> list[ListedConversation]:
        by_dialogue = {card.dialogue_id: card for card in reversed(cards)}
        with self._db.reading() as session:
            dialogues = {
                one.dialogue_id: one
                for one in session.exec(
                    select(Dialogue).where(col(Dialogue.dialogue_id).in_(dialogue_ids))
                )
            }
            newest = _newest_turns(session, dialogue_ids)
        return [
            ListedConversation(dialogues[one], by_dialogue.get(one), newest.get(one))
            for one in dict.fromkeys(dialogue_ids)
            if one in dialogues
        ]


def _newest_turns(session: Session, dialogue_ids: Sequence[str]) -> dict[str, DialogueTurn]:
    last = (
        select(func.max(DialogueTurn.turn_id))
        .where(col(DialogueTurn.dialogue_id).in_(dialogue_ids))
        .where(DialogueTurn.speaker == "shopper")
        .group_by(col(DialogueTurn.dialogue_id))
    )
    turns = session.exec(select(DialogueTurn).where(col(DialogueTurn.turn_id).in_(last)))
    return {turn.dialogue_id: turn for turn in turns}
