"""An attack on one topic: many addresses teach its wordings another reply, in the simulated shop.

The worst case is assumed. Every vote is a shopper of its own, no address votes so fast that it is a
burst, nobody honest is there, and each press finds the wrong reply among the three offered.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice, product
from pathlib import Path
from typing import Any, Final, NamedTuple

from feedback.db import Click, Database, Rating
from feedback.knowledge import QuestionLine
from feedback.signals import gather
from serving.versions import VersionFolder
from shopclerk.simulation.answered import write_answered
from shopclerk.simulation.population import LoopOptions, Population, dealt
from shopclerk.simulation.rounds import BEGIN, WEEK, Progress, heard, retrainer_of
from training.data import from_questions
from training.evaluation import GateQuestions, LoadedVersion, compare_versions
from training.jobs import train_lines

ENDINGS: Final = ("please", "thanks", "now", "today", "again", "friend", "quickly", "for me")
EVERY: Final = timedelta(minutes=10)  # six votes an hour of an address: no burst


@dataclass(frozen=True)
class Attack:
    """How many addresses press how many thumbs and buttons, on how many wordings."""

    addresses: int
    thumbs: int  # of each address on Monday, and as many buttons on Tuesday
    wordings: int


class AttackOutcome(NamedTuple):
    """What came of it, of the topic's test questions."""

    topic: str  # the one attacked
    reply: str  # the one taught
    votes: int
    learned: int  # of the wordings, as examples
    questions: int
    taken_before: int  # answered with the reply before the attack
    taken_unbounded: int  # by a model that learned every wording: what was possible once
    taken: int  # after a retraining with the bounds
    gate: str  # its word on the model that learned every wording
    state: str  # of the retraining with the bounds


def run_attack(
    town: Population,
    course: LoopOptions,
    attack: Attack,
    *,
    folder: Path,
    database: Database,
    tell: Progress,
) -> AttackOutcome:
    """The first model, a week of votes, one retraining; and what all votes together would teach."""
    course = replace(
        course, on_trial=False
    )  # the gate alone is asked, whatever shoppers make of it
    begin, _ = dealt(town, course)
    topic, reply = _aims(town)
    now = [BEGIN]
    versions, retrainer = retrainer_of(town, course, folder, database, now)
    retrainer.run("simulation")
    first = versions.path(1)
    tell("the first model is there; votes come …")
    wordings = list(islice(_wordings(town, begin, topic), attack.wordings))
    votes = vote(database, attack, wordings, topic=topic, reply=reply, start=now[0])
    now[0] += WEEK
    examples, words = gather(database, now=now[0]).examples, set(wordings)
    learned = sum(one.reply_id == reply and one.turns[-1][1] in words for one in examples)
    outcome = retrainer.run("simulation")
    tell(f"retrained with the bounds: {outcome.sentence}")
    lines = [*begin, *(QuestionLine(text, reply, "en") for text in wordings)]
    every = train_lines(
        list(town.replies),
        lines,
        models_dir=folder / "all",
        hyperparameters=replace(course.training, seed=course.seed),
    )
    unbounded = VersionFolder(folder / "all").path(every.version)
    labelled = GateQuestions(labelled=from_questions(begin))
    judged = compare_versions(unbounded, first, labelled).judge()
    asked = [line for line in town.test if line.reply_id == topic]
    before, at_most, after = (
        _answered_with(path, asked, reply)
        for path in (first, unbounded, versions.path(outcome.version or 1))
    )
    return AttackOutcome(
        topic=topic,
        reply=reply,
        votes=votes,
        learned=learned,
        questions=len(asked),
        taken_before=before,
        taken_unbounded=at_most,
        taken=after,
        gate="; ".join(judged.reasons),
        state=outcome.state,
    )


def vote(
    database: Database,
    attack: Attack,
    wordings: Sequence[str],
    *,
    topic: str,
    reply: str,
    start: datetime,
) -> int:
    """Write the votes: thumbs on the reply, forced by a button never shown, and buttons shown."""
    candidates = [{"reply_id": topic, "score": 3.0}, {"reply_id": reply, "score": 2.9}]
    offered = [{"reply_id": each["reply_id"], "title": each["reply_id"]} for each in candidates]
    by_model = {"served_by": "model", "model_version": 1, "confidence": 0.5}
    doors: tuple[dict[str, Any], ...] = (
        {**by_model, "kind": "answer", "reply_id": reply, "served_by": "policy"},
        {**by_model, "kind": "choices", "choices": offered, "candidates": candidates},
    )
    count = 0
    with database.transaction() as session:
        for address, number in product(range(attack.addresses), range(attack.thumbs)):
            text = wordings[(address * attack.thumbs + number) % len(wordings)]
            for day, shown in enumerate(doors):
                at = start + timedelta(days=day) + number * EVERY
                voter, origin = f"s-{day}-{address}-{number}", f"day {day} of address {address}"
                line = QuestionLine(text, topic, "en")
                impression_id = write_answered(session, voter, line, shown, at).impression_id
                count += 1
                session.add(
                    Rating(
                        impression_id=impression_id, voter=voter, value="up", origin=origin,
                        rated_at=at,
                    )
                    if day == 0
                    else Click(
                        click_id=f"c-{voter}", impression_id=impression_id, shopper_id=voter,
                        kind="choice", target=reply, origin=origin, clicked_at=at,
                    )
                )  # fmt: skip
    return count


def _aims(town: Population) -> tuple[str, str]:
    """The topic asked about most, and another reply."""
    asked = Counter(str(line.reply_id) for line in town.test)
    topic = max(sorted(asked), key=lambda name: asked[name])
    return topic, min(str(line.reply_id) for line in town.pool if line.reply_id != topic)


def _wordings(town: Population, begin: Sequence[QuestionLine], topic: str) -> Iterator[str]:
    """Ways of asking about the topic that nobody has labelled, real ones first."""
    known = {line.question for line in begin}
    asked = [line.question for line in town.pool if line.reply_id == topic]
    yield from (text for text in asked if text not in known)
    yield from (f"{text} {ending}" for ending, text in product(ENDINGS, asked))


def _answered_with(folder: Path, asked: Sequence[QuestionLine], reply: str) -> int:
    rankings = LoadedVersion(folder).rank([heard(line) for line in asked])
    return sum(ranking.candidates[0].reply_id == reply for ranking in rankings)
