"""Keeps trials of challengers: what was expected, what shoppers did, what was decided, by whom."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, or_, select

from feedback.db import (
    Database,
    Dialogue,
    DialogueTurn,
    Exposure,
    Impression,
    Question,
    Rating,
    Trial,
    Uncounted,
    insert_once,
)
from feedback.experiments.assignment import CHALLENGER, CHAMPION
from feedback.experiments.canary_guard import DealtShopper, Decision, TrialStanding, look
from feedback.experiments.question_topics import QuestionTopics
from feedback.signals import read_log

SETTLED: Final = timedelta(hours=1)  # after a shopper's first contact: what is rated is rated then
RUNNING, WAITING = "running", "waiting"
STATES: Final[Mapping[Decision, str]] = {
    "promote": "promoted",
    "roll_back": "rolled_back",
    "keep": "kept",
}
GUARD: Final = "guard"


class Look(NamedTuple):
    """One look: what to do, None to wait for more; and why, for people."""

    decision: Decision | None
    reason: str


class Trials:
    """The trials of one shop's experiment."""

    def __init__(
        self,
        db: Database,
        experiment: str,
        *,
        longest: timedelta,
        needs_approval: bool = False,
        asks: Callable[[int, str], None] = lambda version, reason: None,
    ) -> None:
        """Work on `db`.

        Args:
            db: the store.
            experiment: whose arms the challenger takes part in.
            longest: after so long without proof the champion stays.
            needs_approval: a person has to say yes before a challenger is promoted.
            asks: asks for that, once a trial: the version, and what speaks for it.
        """
        self.db = db
        self.experiment = experiment
        self.longest = longest
        self.needs_approval = needs_approval
        self.asks = asks

    def begin(
        self,
        version: int,
        champion: int,
        now: datetime,
        *,
        predicted: Mapping[str, Any] | None = None,
    ) -> None:
        """Note that a version has its label; begun already, it goes on."""
        trial = Trial(
            version=version, champion=champion, since=now, predicted=dict(predicted or {})
        )
        with self.db.transaction() as session:
            insert_once(session, trial)

    def get(self, version: int) -> Trial | None:
        """The trial of a version."""
        with self.db.reading() as session:
            return session.get(Trial, version)

    def open(self) -> Trial | None:
        """The trial that is going on, or waits for a person."""
        with self.db.reading() as session:
            going_on = col(Trial.state).in_((RUNNING, WAITING))
            newest = select(Trial).where(going_on).order_by(col(Trial.since).desc()).limit(1)
            return session.exec(newest).first()

    def look(self, version: int, now: datetime) -> Look:
        """Look at a trial, and note what was seen; a person's word counts before any figure."""
        trial = self.get(version)
        if trial is None:
            return Look("keep", "nobody began this trial")
        for decision, state in STATES.items():
            if trial.state == state:
                return Look(decision, trial.reason or state)
        topics = self._topics()
        seen = look(
            self.met(trial, now, topics),
            since=trial.since,
            now=now,
            longest=self.longest,
            topics=len(topics.names),
        )
        told = {**seen.as_json(), "accepted": self._accepted(trial, now)}
        if seen.decision == "promote" and self.needs_approval:
            self._note(trial, now, seen=told, state=WAITING, reason=seen.reason)
            if trial.state == RUNNING:
                self.asks(version, seen.reason)
            return Look(None, f"waits for a person to promote it; {seen.reason}")
        if seen.decision is None:
            self._note(trial, now, seen=told)
            return Look(None, seen.reason)
        reason = self._with_prediction(trial, seen, told["accepted"])
        self._note(
            trial, now, seen=told, state=STATES[seen.decision], reason=reason, decided_by=GUARD
        )
        return Look(seen.decision, reason)

    def decide(self, version: int, decision: Decision, person: str, now: datetime) -> bool:
        """A person's word; False: there is no such trial, or it is over."""
        trial = self.get(version)
        if trial is None or trial.state not in (RUNNING, WAITING):
            return False
        reason = f"decided by {person}"
        self._note(trial, now, state=STATES[decision], reason=reason, decided_by=person)
        return True

    def met(self, trial: Trial, now: datetime, topics: QuestionTopics) -> list[DealtShopper]:
        """The shoppers dealt one of the two since the trial began, an hour ago at the latest."""
        with self.db.reading() as session:
            dealt = session.exec(
                select(Exposure.shopper_id, Exposure.arm, Exposure.exposed_at)
                .where(Exposure.experiment == self.experiment)
                .where(col(Exposure.arm).in_((CHAMPION, CHALLENGER)))
                .where(col(Exposure.exposed_at) >= trial.since)
                .where(col(Exposure.exposed_at) < now - SETTLED)
                .where(col(Exposure.shopper_id).not_in(select(Uncounted.shopper_id)))
            ).all()
            disliked = _rated(session, "down", trial.since)
            liked = _rated(session, "up", trial.since)
            handed = _handed_over(session, trial.since)
            asked = _first_questions(session, trial.since)
        return [
            DealtShopper(
                at,
                challenger=arm == CHALLENGER,
                disliked=who in disliked,
                handed_over=who in handed,
                accepted=who in liked and who not in disliked,
                topic=topics.of(asked.get(who, "")),
            )
            for who, arm, at in dealt
        ]

    def _topics(self) -> QuestionTopics:
        with self.db.reading() as session:
            labelled = session.exec(
                select(Question.question, Question.reply_id).where(
                    col(Question.reply_id).is_not(None)
                )
            )
            return QuestionTopics((words, str(reply_id)) for words, reply_id in labelled)

    def _accepted(self, trial: Trial, now: datetime) -> dict[str, float | int]:
        """What share of both versions' answers was accepted since, as the estimates mean it."""
        log = read_log(self.db, now=now, since=trial.since)
        told: dict[str, float | int] = {}
        for name, version in ((CHALLENGER, trial.version), (CHAMPION, trial.champion)):
            answers = [each.accepted for each in log if each.version == version]
            told[f"{name}_answers"] = len(answers)
            told[name] = round(sum(answers) / len(answers), 5) if answers else 0.0
        return told

    def _with_prediction(
        self, trial: Trial, seen: TrialStanding, accepted: Mapping[str, float | int]
    ) -> str:
        expected = trial.predicted.get("dr")
        if not expected or not accepted[f"{CHALLENGER}_answers"]:
            return seen.reason
        return (
            f"{seen.reason}; {100 * accepted[CHALLENGER]:.1f} % of its answers were accepted, the"
            f" log had said {100 * expected['value']:.1f} %"
            f" [{100 * expected['low']:.1f} %, {100 * expected['high']:.1f} %]"
        )

    def _note(self, trial: Trial, now: datetime, **known: Any) -> None:
        with self.db.transaction() as session:
            row = session.get(Trial, trial.version, with_for_update=True)
            if row is None or row.state not in (RUNNING, WAITING):
                return
            for name, value in known.items():
                setattr(row, name, value)
            if row.state not in (RUNNING, WAITING):
                row.decided_at = now


def _rated(session: Session, value: str, since: datetime) -> set[str]:
    return set(
        session.exec(
            select(Impression.shopper_id)
            .join(Rating, col(Rating.impression_id) == col(Impression.impression_id))
            .where(Rating.value == value, col(Impression.shown_at) >= since)
        )
    )


def _first_questions(session: Session, since: datetime) -> dict[str, str]:
    """What each shopper said first: nothing a version answered has led to it."""
    said = session.exec(
        select(Dialogue.shopper_id, DialogueTurn.text)
        .join(DialogueTurn, col(DialogueTurn.dialogue_id) == col(Dialogue.dialogue_id))
        .where(Dialogue.started_at >= since, DialogueTurn.speaker == "shopper")
        .order_by(col(DialogueTurn.turn_id).desc())
    )
    return dict(said.all())  # the oldest is written last


def _handed_over(session: Session, since: datetime) -> set[str]:
    """Passed on by the clerk, or taken over by the staff."""
    passed_on = select(Impression.shopper_id).where(
        Impression.kind == "handover", col(Impression.shown_at) >= since
    )
    taken = select(Dialogue.shopper_id).where(
        col(Dialogue.started_at) >= since,
        or_(Dialogue.state == "staff", Dialogue.state == "waiting"),
    )
    return {*session.exec(passed_on), *session.exec(taken)}
