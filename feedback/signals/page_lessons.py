"""Page lessons: what people say of quotations from the shop's pages, for the reader to learn.

The staff name the passage that should have answered, approve or refuse a quotation; shoppers give
thumbs and open the page that was named as its source. Where the staff have spoken, shoppers are not
heard; no shopper adds more than a few lessons, and all of them together weigh little on a passage.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Click, Database, DialogueTurn, Impression, PageLabel, Review
from feedback.knowledge import KnownPassage, Passages, question_key
from feedback.redaction import redact
from feedback.signals.votes import Votes, read_votes

PAGES: Final = "pages"  # the knowledge source that quotes them
SAID_BY_STAFF: Final = 1.0
THUMB, OPENED = 0.4, 0.2
PER_SHOPPER: Final = 5
MOST_OF_SHOPPERS: Final = 1.0  # of all their lessons about a passage
MOST_LESSONS: Final = 500  # the newest
BATCH: Final = 500  # ids a statement
REFUSED: Final = ("corrected", "rejected")


class PageLesson(NamedTuple):
    """A question, the sentences that were quoted or named, and whether these answer it."""

    question: str  # personal data is taken out
    passage_id: str
    first: int
    last: int  # of the passage's sentences; whatever is last where all of it was named
    right: bool
    weight: float
    shopper_id: str
    by_staff: bool = False


class PageLessons(NamedTuple):
    """What there is to learn, and the passages it is learned on: none where nothing was said."""

    lessons: Sequence[PageLesson] = ()
    passages: Sequence[KnownPassage] = ()


class _Judged(NamedTuple):
    """What people made of an answer."""

    right: bool
    weight: float
    by_staff: bool


def read_page_lessons(db: Database) -> PageLessons:
    """The lessons of the store as it is now; those of passages that are said no more are gone."""
    with db.reading() as session:
        found = [*_labelled(session), *_judged_quotations(session)]
    if not found:
        return PageLessons()
    passages = Passages(db).changed_since(None)
    said = {passage.passage_id for passage in passages}
    kept = _bounded([each for each in found if each.passage_id in said])
    return PageLessons(kept[:MOST_LESSONS], passages if kept else ())


def _labelled(session: Session) -> Iterator[PageLesson]:
    """Questions that a passage should have answered, by the staff's word, the newest first."""
    labels = (
        select(PageLabel, Impression.shopper_id)
        .join(Impression, col(Impression.impression_id) == col(PageLabel.impression_id))
        .where(col(PageLabel.question).is_not(None))
        .order_by(col(PageLabel.updated_at).desc(), col(PageLabel.impression_id))
    )
    for label, shopper_id in session.exec(labels):
        yield PageLesson(
            str(label.question), label.passage_id, 0, -1, True, SAID_BY_STAFF, shopper_id, True
        )


def _judged_quotations(session: Session) -> Iterator[PageLesson]:
    """Quotations that somebody judged, the newest first."""
    judged = _judgements(session, read_votes(session))
    asked = _questions(session, judged)
    ids = sorted(asked)
    rows: list[Impression] = []
    for at in range(0, len(ids), BATCH):
        query = select(Impression).where(col(Impression.impression_id).in_(ids[at : at + BATCH]))
        rows += session.exec(query)
    for shown in sorted(rows, key=lambda one: (one.shown_at, one.impression_id), reverse=True):
        question = redact(asked[shown.impression_id])
        # Of an answer in several parts, nobody said which of them was meant.
        if question.quarantined or len(shown.citations) != 1:
            continue
        if (place := _place(shown.citations[0])) is not None:
            each = judged[shown.impression_id]
            yield PageLesson(
                question.text, *place, each.right, each.weight, shown.shopper_id, each.by_staff
            )


def _judgements(session: Session, votes: Votes) -> dict[str, _Judged]:
    """By impression, the strongest word on it: the staff's, a thumb, that the source was opened."""
    found = {
        impression_id: _Judged(True, OPENED, False)
        for impression_id in session.exec(select(Click.impression_id).where(Click.kind == "link"))
    }
    for impression_id, thumbs in votes.thumbs.items():
        if len(thumbs) == 1:  # else they contradict each other
            found[impression_id] = _Judged("up" in thumbs, THUMB, False)
    for review in session.exec(select(Review).order_by(col(Review.reviewed_at))):
        right = review.verdict not in REFUSED
        found[review.impression_id] = _Judged(right, SAID_BY_STAFF, True)
    return found


def _questions(session: Session, judged: Iterable[str]) -> dict[str, str]:
    """What each of these answers was said to."""
    ids, asked = sorted(judged), {}
    for at in range(0, len(ids), BATCH):
        answers = select(DialogueTurn.answers_turn_id, DialogueTurn.impression_id).where(
            col(DialogueTurn.impression_id).in_(ids[at : at + BATCH]),
            col(DialogueTurn.answers_turn_id).is_not(None),
        )
        of_turn = dict(session.exec(answers).all())
        turns = select(DialogueTurn.turn_id, DialogueTurn.text).where(
            col(DialogueTurn.turn_id).in_(list(of_turn))
        )
        asked.update({str(of_turn[turn_id]): text for turn_id, text in session.exec(turns)})
    return asked


def _place(citation: Mapping[str, Any]) -> tuple[str, int, int] | None:
    """The passage and the sentences that a citation quotes; None of another source."""
    passage_id, _, places = str(citation.get("id", "")).rpartition("#")
    first, _, last = places.partition("-")
    if citation.get("source") != PAGES or not (first.isdigit() and last.isdigit()):
        return None
    return passage_id, int(first), int(last)


def _bounded(lessons: Sequence[PageLesson]) -> list[PageLesson]:
    """Each question once a passage; of shoppers few each, and of all of them little a passage.

    What the staff said of a question and a passage stands; shoppers' word on the same does not.
    """
    told = {_what(each) for each in lessons if each.by_staff}
    counted: Counter[str] = Counter()
    weights: defaultdict[str, float] = defaultdict(float)
    kept: dict[tuple[str, str], PageLesson] = {}
    for each in lessons:
        if each.by_staff:
            kept.setdefault(_what(each), each)
            continue
        room = MOST_OF_SHOPPERS - weights[each.passage_id]
        full = counted[each.shopper_id] >= PER_SHOPPER or room <= 0
        if full or _what(each) in told or _what(each) in kept:
            continue
        weight = min(each.weight, room)
        counted[each.shopper_id] += 1
        weights[each.passage_id] += weight
        kept[_what(each)] = each._replace(weight=weight)
    return list(kept.values())


def _what(lesson: PageLesson) -> tuple[str, str]:
    return question_key(lesson.question), lesson.passage_id
