"""Keeps trials of challengers: what was expected, what shoppers did, what was decided, by whom."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import col, select

from feedback.db import Database, Question, Trial, insert_once
from feedback.experiments.assignment import CHALLENGER, CHAMPION
from feedback.experiments.canary_guard import RATES, DealtShopper, Decision, TrialStanding, look
from feedback.experiments.pooled_trials import POOLED, PooledTrials, pooled_trials
from feedback.experiments.question_topics import QuestionTopics
from feedback.experiments.trial_shoppers import read_dealt
from feedback.experiments.trial_size import SHARES, TrialSize, plan_trial
from feedback.signals import read_log

SETTLED: Final = timedelta(hours=1)  # after a shopper's first contact: what is rated is rated then
RUNNING, WAITING = "running", "waiting"
STATES: Final[Mapping[Decision, str]] = {
    "promote": "promoted",
    "roll_back": "rolled_back",
    "keep": "kept",
}
GUARD: Final = "guard"
STANDING_YES: Final = "standing yes"
WEEK: Final = timedelta(days=7)
LOOKED_BACK: Final = 4 * WEEK  # how many come, and are handed over
WATCHED: Final = timedelta(days=3)  # a small trial, before a person is asked: harm shows first


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
        standing_yes: bool = False,
        least_share: float = SHARES[0],
        asks: Callable[[int, str], None] = lambda version, reason: None,
    ) -> None:
        """Work on `db`.

        Args:
            db: the store.
            experiment: whose arms the challenger takes part in.
            longest: after so long without proof the champion stays.
            needs_approval: a person has to say yes before a challenger is promoted.
            standing_yes: a challenger on too small a trial is promoted unless harm was seen;
                without it a person is asked.
            least_share: of the shoppers a challenger gets, where that is enough.
            asks: asks for that, once a trial: the version, and what speaks for it.
        """
        self.db = db
        self.experiment = experiment
        self.longest = longest
        self.needs_approval = needs_approval
        self.standing_yes = standing_yes
        self.least_share = least_share
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

    def size(self, now: datetime) -> TrialSize:
        """What a trial that begins now takes, by the last four weeks."""
        with self.db.reading() as session:
            nothing = QuestionTopics(())
            met = read_dealt(session, self.experiment, now - LOOKED_BACK, now - SETTLED, nothing)
        weeks = max((now - min((one.at for one in met), default=now)) / WEEK, 1.0)
        old = [one for one in met if not one.challenger]
        rates = tuple(sum(getattr(one, name) for one in old) / max(len(old), 1) for name in RATES)
        return plan_trial(len(met) / weeks, rates, self.longest, self.least_share)

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
        if seen.decision is None and _is_small(trial) and now - trial.since >= WATCHED:
            return self._small(trial, now, seen, told)
        if seen.decision is None:
            self._note(trial, now, seen=told)
            return Look(None, seen.reason)
        reason = self._with_prediction(trial, seen, told["accepted"])
        self._note(
            trial, now, seen=told, state=STATES[seen.decision], reason=reason, decided_by=GUARD
        )
        return Look(seen.decision, reason)

    def _small(
        self, trial: Trial, now: datetime, seen: TrialStanding, told: Mapping[str, Any]
    ) -> Look:
        """Too few come to prove anything: the gate's word, no harm so far, and a person's yes."""
        pooled = pooled_trials([told, *self._earlier(trial)])
        reason = _in_plain_words(trial, seen, pooled)
        if self.standing_yes and not (self.needs_approval or pooled.harmful):
            reason = f"by the owner's standing yes; {reason}"
            known = {"state": STATES["promote"], "reason": reason, "decided_by": STANDING_YES}
            self._note(trial, now, seen=told, **known)
            return Look("promote", reason)
        self._note(trial, now, seen=told, state=WAITING, reason=reason)
        if trial.state == RUNNING:
            self.asks(trial.version, reason)
        return Look(None, f"waits for a person to promote it; {reason}")

    def _earlier(self, trial: Trial) -> list[Mapping[str, Any]]:
        """What was seen last of the trials before, the newest first."""
        with self.db.reading() as session:
            rows = select(Trial.seen).where(col(Trial.since) < trial.since)
            return list(session.exec(rows.order_by(col(Trial.since).desc()).limit(POOLED)))

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
            return read_dealt(session, self.experiment, trial.since, now - SETTLED, topics)

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


def _is_small(trial: Trial) -> bool:
    return not trial.predicted.get("size", {}).get("enough", True)


def _in_plain_words(trial: Trial, seen: TrialStanding, pooled: PooledTrials) -> str:
    """What is known of a version that too few shoppers will meet."""
    needed = trial.predicted["size"]["needed"]
    had = f"{seen.challengers} shoppers had it and no harm was seen"
    parts = [f"{had}, but it takes about {needed:,} to be sure that it is no worse"]
    if pooled.trials > 1:
        parts.append(pooled.sentence)
        if pooled.harmful:
            parts.append("together these versions did harm: look into what they learned")
    if gate := trial.predicted.get("gate"):
        parts.append(f"before it met anybody: {gate}")
    return "; ".join(parts)
