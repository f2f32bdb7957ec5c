"""`shopclerk simulate --loop`: does learning from what people accept lead to the truth?"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from feedback.db import Database
from feedback.knowledge import BadLine, QuestionLine, read_questions, read_replies
from shopclerk.commands.files import report_bad_lines
from shopclerk.commands.model import load_tensorflow
from shopclerk.demo_shop import DEMO_DIR, HELDOUT_FILES, HELDOUT_FOLLOW_UPS, QUESTION_FILES

if TYPE_CHECKING:
    from shopclerk.simulation.population import Population


class NothingToSimulate(Exception):
    """A simulation of other questions needs all three files."""

    def __init__(self) -> None:
        """Name them."""
        super().__init__(
            "other questions than the demo shop's need three files: --replies, --questions (what"
            " shoppers will ask, with their true replies) and --test (to measure by)."
        )


class LoopRequest(NamedTuple):
    """What is to be simulated; without files the demo shop's people."""

    replies: Sequence[Path] = ()
    questions: Sequence[Path] = ()
    test: Sequence[Path] = ()
    rounds: int = 10
    weekly: int | None = None
    topics: int | None = None
    poisoned: float = 0.0
    attack: tuple[int, int, int] | None = None  # addresses, thumbs and wordings
    plot: Path | None = None
    folder: Path | None = None  # where it is kept, to go on from; None: nowhere
    seed: int = 1


def simulated_loop(asked: LoopRequest) -> dict[str, Any]:
    """Run it in a folder of its own; nothing of it stays but the picture, unless one is named."""
    files = (asked.replies, asked.questions, asked.test)
    if any(files) and not all(files):
        raise NothingToSimulate
    bad: list[BadLine] = []
    told = read_replies(asked.replies or [DEMO_DIR / "replies.jsonl"], bad)
    pool = _answerable(read_questions(asked.questions or QUESTION_FILES, bad))
    held = _answerable(read_questions(asked.test or (*HELDOUT_FILES, *HELDOUT_FOLLOW_UPS), bad))
    book = list(told)
    report_bad_lines(bad)
    load_tensorflow()
    from shopclerk.simulation.population import Population, narrowed

    town = Population(book, pool, held)
    if asked.topics is not None:
        town = narrowed(town, asked.topics)
    return _attacked(town, asked, asked.attack) if asked.attack else _run(town, asked)


def _run(town: "Population", asked: LoopRequest) -> dict[str, Any]:
    from shopclerk.simulation.population import LoopOptions
    from shopclerk.simulation.rounds import RoundOutcome, run_loop, truth_model
    from shopclerk.simulation.shoppers import Habits

    poison = min(line.reply_id for line in town.pool if line.reply_id)
    course = LoopOptions(
        rounds=asked.rounds, weekly=asked.weekly, seed=asked.seed, habits=Habits(poison=poison)
    )
    with _folder(asked) as path:
        made = run_loop(
            town, course, folder=path / "loop", database=_store(path, "loop"), tell=_say
        )
        _say("told every true reply …")
        whole = truth_model(town, course, folder=path / "truth")
        outcome = RoundOutcome(made, whole)
        figures: dict[str, Any] = {
            "replies": len({line.reply_id for line in town.pool}),
            "questions": len(town.pool),
            "test": len(town.test),
            "dialogues_a_week": asked.weekly,
            "rounds": [each._asdict() for each in made],
            "never_retrained": made[0].right,
            "all_labels": whole.right,
            "all_labels_answered": [whole.answered_right, whole.answered_wrong],
            "gap_points": outcome.gap,
        }
        if asked.poisoned:
            _say(f"the same, {asked.poisoned:.0%} of the shoppers poisoning …".replace("%", " %"))
            habits = replace(course.habits, poisoned=asked.poisoned)
            bent = run_loop(
                town, replace(course, habits=habits),
                folder=path / "poisoned", database=_store(path, "poisoned"), tell=_say,
            )  # fmt: skip
            honest = made[-1].poison
            figures["poisoned"] = {
                "reply_id": poison,
                "share_of_shoppers": asked.poisoned,
                "honest_share": honest,
                "share": bent[-1].poison,
                "times": round(bent[-1].poison / honest, 3) if honest else None,
                "right": bent[-1].right,
            }
    if asked.plot is not None:
        from shopclerk.simulation.plot import loop_png

        title = f"{figures['replies']} replies, {len(town.pool):,} questions, 5 labelled a reply"
        asked.plot.write_bytes(loop_png(outcome, title))
    return figures


@contextmanager
def _folder(asked: LoopRequest) -> Iterator[Path]:
    if asked.folder is not None:
        asked.folder.mkdir(parents=True, exist_ok=True)
        yield asked.folder
        return
    with tempfile.TemporaryDirectory(prefix="shopclerk-loop-") as folder:
        yield Path(folder)


def _attacked(town: "Population", asked: LoopRequest, size: tuple[int, int, int]) -> dict[str, Any]:
    from shopclerk.simulation.attack import Attack, run_attack
    from shopclerk.simulation.population import LoopOptions

    with tempfile.TemporaryDirectory(prefix="shopclerk-attack-") as folder:
        path = Path(folder)
        found = run_attack(
            town, LoopOptions(seed=asked.seed), Attack(*size),
            folder=path / "models", database=_store(path, "attack"), tell=_say,
        )  # fmt: skip
    return {"attack": found._asdict()}


def told_loop(figures: dict[str, Any]) -> str:
    """The same for people."""
    if met := figures.get("attack"):
        return (
            f"{met['votes']} votes taught {met['topic']!r} the reply {met['reply']!r}: of"
            f" {met['questions']} test questions {met['taken']} are answered with it"
            f" ({met['taken_before']} before). {met['learned']} wordings were learned; had all"
            f" been, {met['taken_unbounded']} were, and the gate says of that: {met['gate']}."
        )
    first, last = figures["rounds"][0], figures["rounds"][-1]
    said = (
        f"After {last['retrainings']} retrainings {last['right']:.1%} of {figures['test']:,} test"
        f" questions are answered rightly; {first['right']:.1%} without any,"
        f" {figures['all_labels']:.1%} by a model told every true reply."
    )
    if bent := figures.get("poisoned"):
        said += (
            f"\nWith {bent['share_of_shoppers']:.0%} of the shoppers pushing"
            f" {bent['reply_id']!r} it is the first reply to {bent['share']:.1%} of the questions,"
            f" without them to {bent['honest_share']:.1%}."
        )
    return said.replace("%", " %")


def _store(folder: Path, name: str) -> Database:
    database = Database(f"sqlite:///{folder / name}.db")
    database.migrate()
    return database


def _answerable(lines: Any) -> list[QuestionLine]:
    return [line for line in lines if line.reply_id]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
