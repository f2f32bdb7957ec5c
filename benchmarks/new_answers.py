"""Benchmark of a changed policy and of a new topic, on the demo shop's questions.

    PYTHONPATH=. python benchmarks/new_answers.py [--topics 10] [--seeds 1] [--data DIR]

With `--data` the questions are CLINC150's: thirty of each topic to measure by instead of four.
*Policy*: three topics get another reply; the staff correct five answers in each, and twice a
version is trained on what the store then holds. *Topic*: one reply is taken out of the book; its
questions are 3 % of 2,000 a week. What the model hands over, a colleague answers in own words,
greeted and signed as people do; each evening that is grouped as `shopclerk propose` does it.
After two days what was proposed is taken, and the version made again as the schedule does, without
training.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from clinc150_town import clinc150_town

from bot.conversation import Policy
from feedback.db import Database, DialogueTurn, Retraining, Review
from feedback.desk import read_own_words
from feedback.knowledge import (
    BadLine,
    Proposals,
    QuestionLine,
    ReplyBook,
    Supersessions,
    groups_of,
    read_questions,
    read_replies,
)
from feedback.signals import write_review
from shopclerk.commands.model import load_tensorflow
from shopclerk.demo_shop import DEMO_DIR
from shopclerk.simulation.answered import write_answered
from shopclerk.simulation.population import LoopOptions, Population, narrowed
from shopclerk.simulation.rounds import BEGIN, WEEK, heard, retrainer_of

CHANGED: Final = 3  # topics
CORRECTED: Final = 5  # answers of each
LABELLED: Final = 20  # questions of each reply that the shop begins with
A_DAY: Final = 9  # of 286 questions: 3 %
DAY: Final = timedelta(days=1)
SAID: Final = (
    "Hi {name},\n{text}\nBest regards,\nAna",
    "Hello {name}, {text}",
    "{text}",
    "Hi there! {text} Do ask if anything is unclear.",
)
SINCE: Final = "New since today:"  # the new reply begins so, and speaks of what the old one did
SHOWN_LOST: Final = 20
NAMES: Final = ("Ben", "Carla", "Dmitri", "Eve", "Farid")


def main() -> None:
    """Print both figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=10)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--only", choices=MEASURES, action="append")
    parser.add_argument("--data", type=Path, help="with CLINC150's files; else the demo shop's")
    asked = parser.parse_args()
    load_tensorflow()
    town = narrowed(clinc150_town(asked.data) if asked.data else _demo(), asked.topics)
    for seed in asked.seeds:
        course = LoopOptions(first=LABELLED, on_trial=False, seed=seed)
        for name in asked.only or MEASURES:
            with tempfile.TemporaryDirectory() as folder:
                database = Database(f"sqlite:///{folder}/shop.db")
                database.migrate()
                found = MEASURES[name](town, course, Path(folder) / "models", database)
                database.close()
            print(json.dumps({"seed": seed, name: found}), flush=True)


def policy(
    town: Population, course: LoopOptions, folder: Path, database: Database
) -> dict[str, Any]:
    """Three topics get another reply."""
    now = [BEGIN]
    versions, retrainer = retrainer_of(town, course, folder, database, now)
    retrainer.run("bench")
    old = sorted({str(line.reply_id) for line in town.pool})[:CHANGED]
    told = {"before": _right(versions.path(1), town.test, {})}
    now[0] += WEEK
    new = {name: f"{name}_anew" for name in old}
    ReplyBook(database).put_replies(
        [
            line._replace(reply_id=new[line.reply_id], text=f"{SINCE} {line.text}")
            for line in town.replies
            if line.reply_id in new
        ],
        now[0],
    )
    for name in old:
        lines = [line for line in town.pool if line.reply_id == name][-CORRECTED:]
        for number, line in enumerate(lines):
            _correct(database, line, new[name], f"s-{name}-{number}", now[0] + number * DAY / 9)
    moved = {row.reply_id: str(row.successor) for row in Supersessions(database).all()}
    truth = [
        line._replace(reply_id=new.get(str(line.reply_id), line.reply_id)) for line in town.test
    ]
    told["at once, as the clerk says it"] = _right(versions.path(1), truth, moved)
    for turn in (1, 2):
        now[0] += WEEK
        outcome = retrainer.run("bench")
        told[f"retraining {turn}, {outcome.state}"] = _right(
            versions.path(outcome.version or 1), truth, moved
        )
    return {"superseded": moved, **told}


def topic(
    town: Population, course: LoopOptions, folder: Path, database: Database
) -> dict[str, Any]:
    """A topic that no reply answers."""
    from training.evaluation import LoadedVersion

    new = sorted({str(line.reply_id) for line in town.pool})[-1]
    rest = replace(
        town,
        replies=[line for line in town.replies if line.reply_id != new],
        pool=[line for line in town.pool if line.reply_id != new],
    )
    text = next(line.text for line in town.replies if line.reply_id == new and line.locale == "en")
    now = [BEGIN]
    versions, retrainer = retrainer_of(rest, course, folder, database, now)
    retrainer.run("bench")
    model, chance = LoadedVersion(versions.path(1)), random.Random(course.seed)
    asked = [line for line in town.pool if line.reply_id == new and line.locale == "en"]
    chance.shuffle(asked)
    told: dict[str, Any] = {"handed over": 0, "proposed on day": None}
    for day in range(2):
        for number in range(A_DAY):
            line = asked[day * A_DAY + number]
            if Policy().decide(model.rank([heard(line)])[0]).kind == "handover":
                told["handed over"] += 1
                words = chance.choice(SAID).format(name=chance.choice(NAMES), text=text)
                _hand_over(database, line, words, f"t-{day}-{number}", now[0])
        now[0] += DAY
        groups = groups_of(read_own_words(database, BEGIN), model.embed, least=2)
        if groups and told["proposed on day"] is None:
            told["proposed on day"] = day + 1
    told["proposals"] = [(one.uses, len(one.questions), one.text[:60]) for one in groups]
    known = Proposals(database)
    known.renew(groups, {}, now[0])
    first = known.open()[0]
    known.take(first.proposal_id, reply_id=new, text=str(text), staff="Ana", now=now[0])
    _refresh(retrainer, database, now[0] + DAY)
    test = [line for line in town.test if line.locale == "en"]
    for version, name in ((1, "before"), (2, "after")):
        theirs = [line for line in test if (line.reply_id == new) == (name == "after")]
        told[f"right {name}"] = _right(versions.path(version), theirs, {})
    others = [line for line in test if line.reply_id != new]
    told["other topics after"] = _right(versions.path(2), others, {})
    return told


def _demo() -> Population:
    bad: list[BadLine] = []
    files = {
        kind: list(read_questions([DEMO_DIR / f"{kind}.en.jsonl"], bad))
        for kind in ("questions", "heldout")
    }
    pool, test = ([line for line in lines if line.reply_id] for lines in files.values())
    return Population(list(read_replies([DEMO_DIR / "replies.jsonl"], bad)), pool, test)


def _right(folder: Path, test: Sequence[QuestionLine], moved: dict[str, str]) -> dict[str, Any]:
    """Shares of the questions whose first reply is right, and is one that was superseded."""
    from training.evaluation import LoadedVersion

    rankings = LoadedVersion(folder).rank([heard(line) for line in test])
    said = [str(one.candidates[0].reply_id) for one in rankings]
    served = [moved.get(each, each) for each in said]
    right = sum(each == line.reply_id for each, line in zip(served, test, strict=True))
    n = max(len(test), 1)
    lost = [
        f"{line.question} ({line.reply_id}): {each}"
        for each, line in zip(served, test, strict=True)
        if each != line.reply_id
    ]
    old = round(sum(x in moved for x in said) / n, 4)
    return {"asked": n, "right": round(right / n, 4), "old": old, "lost": lost[:SHOWN_LOST]}


def _correct(
    database: Database, line: QuestionLine, right: str, shopper: str, at: datetime
) -> None:
    shown = {
        "kind": "answer", "reply_id": line.reply_id, "confidence": 0.9, "served_by": "model",
        "model_version": 1, "candidates": [{"reply_id": line.reply_id, "score": 9.0}],
    }  # fmt: skip
    with database.transaction() as session:
        impression_id = write_answered(session, shopper, line, shown, at).impression_id
        session.flush()
        write_review(
            session,
            Review(
                review_id=f"r-{shopper}", impression_id=impression_id, staff="Ana",
                verdict="corrected", reply_id=right, reviewed_at=at,
            ),
        )  # fmt: skip


def _hand_over(
    database: Database, line: QuestionLine, words: str, shopper: str, at: datetime
) -> None:
    shown = {"kind": "handover", "confidence": 0.1, "served_by": "model", "model_version": 1}
    with database.transaction() as session:
        impression = write_answered(session, shopper, line, shown, at)
        session.add(
            DialogueTurn(
                dialogue_id=impression.dialogue_id, speaker="staff", text=words, author="Ana",
                at=at + timedelta(minutes=9),
            )
        )  # fmt: skip


def _refresh(retrainer: Any, database: Database, now: datetime) -> None:
    from training.jobs import Refresher

    stages = retrainer.stages
    Refresher(stages.sources, Retraining(database), stages.rollout, clock=lambda: now).run()


MEASURES: Final = {"policy": policy, "topic": topic}

if __name__ == "__main__":
    main()
