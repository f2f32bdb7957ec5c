"""Evidence for and against each reply that was shown, read from every registered signal."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from feedback.db import (
    Database,
    DialogueTurn,
    Impression,
    Order,
    Period,
    Question,
    Review,
    short_key,
)
from feedback.knowledge import Successions, labelled_questions, read_successions
from feedback.sales import read_conversions
from feedback.signals.divided_answers import read_parts, replies_of
from feedback.signals.policy_choice import chosen_by_policy, ranked_replies
from feedback.signals.position_bias import PressedChoice, position_weights
from feedback.signals.refused_replies import (
    RefusedReply,
    is_of_candidate,
    refused_candidates,
    refused_shown,
)
from feedback.signals.registry import SIGNALS, RightReply, Signal, SignalSources
from feedback.signals.shown_reply import ShownReply
from feedback.signals.votes import Votes, read_votes

SPEAKERS = {"shopper": "shopper", "clerk": "clerk", "staff": "clerk"}


@dataclass(frozen=True)
class Evidence:
    """All of it."""

    questions: tuple[Question, ...]
    shown: tuple[ShownReply, ...]
    disliked_dialogues: frozenset[str]
    buyers: frozenset[str]  # shoppers with an order after one of their dialogues
    refused: tuple[RefusedReply, ...]
    set_aside: int  # thumbs and presses in bursts, from one address each
    place_weights: Mapping[int, float]  # what a pressed button counts, by its place


def read_evidence(
    db: Database,
    period: Period,
    *,
    direct_window: timedelta,
    assisted_window: timedelta,
    signals: Sequence[Signal] = SIGNALS,
) -> Evidence:
    """Read the store once, in one view of it."""
    with db.reading() as session:
        impressions = session.exec(
            select(Impression)
            .where(period.holds(Impression.shown_at))
            .order_by(col(Impression.shown_at), col(Impression.impression_id))
        ).all()
        votes = read_votes(session)
        judged = session.exec(select(Review).order_by(col(Review.reviewed_at))).all()
        # "Not right" of one candidate says nothing of the reply that was shown instead.
        reviews = {review.impression_id: review for review in judged if not is_of_candidate(review)}
        sold = {
            each.impression_id
            for each in read_conversions(
                session, period, direct_window=direct_window, assisted_window=assisted_window
            )
            if each.amount > 0  # what was wholly refunded led to no sale
        }
        sold_dialogues = _dialogues(impressions, sold)
        sources = SignalSources(session, votes, reviews, sold_dialogues)
        successions = read_successions(session)
        read = {
            each.name: _as_of_now(each, _by_policy(each, each.read(sources)), successions, reviews)
            for each in signals
        }
        before = _turns_before(session, period)
        known = _known_values(session)
        questions = tuple(labelled_questions(session))
        parts = read_parts(session)
    old = frozenset(each.impression_id for each in impressions if _outdated(each, successions))
    tell = partial(
        _shown, known=known, reviews=reviews, votes=votes, read=read, successions=successions
    )
    shown = tuple(
        each
        for impression in impressions
        if (turns := before.get(impression.impression_id))
        for each in replies_of(impression, turns, parts.get(impression.impression_id, ()), tell)
    )
    undivided = [one for one in impressions if one.impression_id not in parts.keys() | old]
    return Evidence(
        questions=questions,
        shown=shown,
        disliked_dialogues=_dialogues(impressions, set(votes.disliked()) - old),
        buyers=frozenset(each.shopper_id for each in impressions if each.impression_id in sold),
        refused=(
            *refused_shown(undivided, before, reviews, votes),
            *refused_candidates(judged, impressions, before, successions),
        ),
        set_aside=votes.set_aside,
        place_weights=position_weights(_offers(impressions, votes)),
    )


def _shown(
    impression: Impression,
    turns: tuple[tuple[str, str], ...],
    *,
    known: Mapping[str, tuple[str, ...]],
    reviews: Mapping[str, Review],
    votes: Votes,
    read: Mapping[str, RightReply],
    successions: Successions,
) -> ShownReply:
    review = reviews.get(impression.impression_id)
    return ShownReply(
        impression_id=impression.impression_id,
        dialogue_id=impression.dialogue_id,
        shopper_id=impression.shopper_id,
        arm=impression.arm,
        version=impression.model_version if impression.served_by == "model" else None,
        kind=impression.kind,
        by_policy=chosen_by_policy(impression),
        believed=next(iter(ranked_replies(impression)), None),
        propensity=impression.propensity,
        reply_id=impression.reply_id,
        locale=impression.locale,
        at=impression.shown_at,
        turns=turns,
        known=known.get(impression.shopper_id, ()),
        verdict=review.verdict if review else None,
        right={name: reply_id for name, says in read.items() if (reply_id := says(impression))},
        origin=votes.origins.get(impression.impression_id),
        pressed=_pressed(impression, votes),
        outdated=_outdated(impression, successions),
    )


def _pressed(impression: Impression, votes: Votes) -> int | None:
    target = votes.presses.get(impression.impression_id)
    offered = [str(each["reply_id"] or "") for each in impression.choices]
    return next((n for n, each in enumerate(offered) if short_key(each) == target), None)


def _offers(impressions: Iterable[Impression], votes: Votes) -> Iterator[PressedChoice]:
    """The buttons that somebody pressed, with the scores of what stood beside them."""
    for impression in impressions:
        pressed = _pressed(impression, votes)
        scores = {each.get("reply_id"): each["score"] for each in impression.candidates}
        if pressed is not None:
            of = [scores.get(each["reply_id"], -math.inf) for each in impression.choices]
            yield PressedChoice(of, pressed)


def _outdated(impression: Impression, successions: Successions) -> bool:
    return successions.voids(impression.reply_id, impression.locale, impression.shown_at)


def _as_of_now(
    signal: Signal, says: RightReply, successions: Successions, reviews: Mapping[str, Review]
) -> RightReply:
    """A verdict names the reply in its reply's place now; what shoppers made of it is void."""

    def stands(shown: Impression) -> str | None:
        right, review = says(shown), reviews.get(shown.impression_id)
        if signal.vouched_by == "staff":
            return successions.truth(right, review.reviewed_at if review else shown.shown_at)
        return None if successions.voids(right, shown.locale, shown.shown_at) else right

    return stands


def _by_policy(signal: Signal, says: RightReply) -> RightReply:
    """A shopper can speak for the reply that was shown only where the policy chose it."""

    def checked(shown: Impression) -> str | None:
        right = says(shown)
        own = right == shown.reply_id and signal.vouched_by != "staff"
        return None if own and not chosen_by_policy(shown) else right

    return checked


def _turns_before(session: Session, period: Period) -> dict[str, tuple[tuple[str, str], ...]]:
    """What had been said when each impression was shown, up to the turn it answered.

    Columns instead of objects, of the period's dialogues alone: a large shop has millions of turns.
    """
    asked = select(Impression.dialogue_id).where(period.holds(Impression.shown_at))
    turns = (
        sql_select(
            col(DialogueTurn.dialogue_id), col(DialogueTurn.turn_id), col(DialogueTurn.speaker),
            col(DialogueTurn.text), col(DialogueTurn.impression_id),
            col(DialogueTurn.answers_turn_id),
        )
        .where(col(DialogueTurn.dialogue_id).in_(asked))
        .order_by(col(DialogueTurn.dialogue_id), col(DialogueTurn.turn_id))
    )  # fmt: skip
    before: dict[str, tuple[tuple[str, str], ...]] = {}
    for _, dialogue in groupby(session.execute(turns), key=itemgetter(0)):
        said = list(dialogue)
        for _, _, _, _, impression_id, answered in said:
            if impression_id and answered:
                before[impression_id] = tuple(
                    (SPEAKERS[speaker], text)
                    for _, turn_id, speaker, text, _, _ in said
                    if turn_id <= answered
                )
    return before


def _known_values(session: Session) -> dict[str, tuple[str, ...]]:
    known: defaultdict[str, list[str]] = defaultdict(list)
    for order in session.exec(select(Order).where(col(Order.shopper_id).is_not(None))):
        values = (order.number, order.tracking)
        known[order.shopper_id or ""] += [value for value in values if value]
    return {shopper_id: tuple(values) for shopper_id, values in known.items()}


def _dialogues(impressions: Iterable[Impression], ids: Iterable[str]) -> frozenset[str]:
    wanted = set(ids)
    return frozenset(each.dialogue_id for each in impressions if each.impression_id in wanted)
