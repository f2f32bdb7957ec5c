"""Mutation testing: which changes of a module its own tests notice.

    python benchmarks/mutation/run.py              every subject below
    python benchmarks/mutation/run.py gate policy  these

The tests are collected once; each mutant is a child process, forked from there, in which the
changed module takes the place of the real one wherever it was imported. It is killed by its first
failing test, or by ten times the processor time that the unchanged module takes. So it takes as
long as its tests: mutmut and cosmic-ray start Python, SQLAlchemy and pytest anew for each of about
600 mutants, 4 s of processor time where this needs 0.2 s. It needs nothing but the developers'
lock file. Survivors that change nothing anybody could see are explained in docs/testing.md.
"""

import argparse
import ast
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.mutation.mutants import mutants  # noqa: E402 - the path comes first

TIMES: Final = 10  # as much processor time as the unchanged module takes
LEAST_S: Final = 3  # of processor time
ENOUGH: Final = 0.9  # of the mutants killed, in each module
OUT: Final = os.dup(1)


class Subject(NamedTuple):
    """A module, and the tests that are to hold it."""

    module: str
    tests: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Its source."""
        return ROOT / (self.module.replace(".", "/") + ".py")


SUBJECTS: Final = {
    "policy": Subject("bot.conversation.policy", ("tests/bot/conversation/test_policy.py",)),
    "attribution": Subject(
        "feedback.sales.attribution", ("tests/feedback/sales/test_attribution.py",)
    ),
    "confidence_sequence": Subject(
        "feedback.experiments.confidence_sequence",
        ("tests/feedback/experiments/test_confidence_sequence.py",),
    ),
    "gate": Subject(
        "training.evaluation.gate",
        ("tests/training/evaluation/test_gate.py", "tests/training/evaluation/test_wishes.py"),
    ),
    "trust_rules": Subject(
        "feedback.signals.trust_rules", ("tests/feedback/signals/test_trust_rules.py",)
    ),
    "topic_caps": Subject(
        "feedback.signals.topic_caps", ("tests/feedback/signals/test_topic_caps.py",)
    ),
    "erasure": Subject(
        "feedback.privacy.erasure",
        (
            "tests/feedback/privacy/test_erasure.py",
            "tests/feedback/privacy/test_erasure_books.py",
            "tests/feedback/privacy/test_every_table.py",
        ),
    ),
}


class Examination:
    """A plugin of pytest: instead of running what was collected once, run it for each mutant."""

    def __init__(self, name: str) -> None:
        """Of a subject."""
        self.name, self.subject = name, SUBJECTS[name]
        self.killed, self.survived = 0, 0

    @property
    def enough(self) -> bool:
        """Whether enough mutants were killed."""
        return self.killed >= ENOUGH * (self.killed + self.survived) > 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Examine, and say what survived."""
        if session.testsfailed:
            return False
        took = processor_s()
        passes = all_pass(session)
        seconds = max(LEAST_S, int(TIMES * (processor_s() - took)))
        source = self.subject.path.read_text(encoding="utf-8")
        # Objects that a test file makes when it is imported are the real module's for ever.
        if not passes or noticed(session, self.subject, ast.parse(source), seconds):
            say(f"{self.name}: its tests fail without any change")
            return True
        for mutant in sorted(mutants(source), key=lambda each: each.line):
            if noticed(session, self.subject, mutant.tree, seconds):
                self.killed += 1
            else:
                self.survived += 1
                say(f"{self.name}:{mutant.line}: {mutant.was}  ->  {mutant.became}")
        share = self.killed / (self.killed + self.survived)
        say(f"{self.name}: {self.killed} of {self.killed + self.survived} killed ({share:.1%})")
        return True


def processor_s() -> float:
    """What this process took so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def all_pass(session: pytest.Session) -> bool:
    """Run every test until one fails; what is set up for the whole session stays so."""
    for place, item in enumerate(session.items):
        following = session.items[(place + 1) % len(session.items)]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def noticed(session: pytest.Session, subject: Subject, tree: ast.Module, seconds: int) -> bool:
    """Whether the tests tell the mutant from the module, in a child process."""
    child = os.fork()
    if child == 0:
        code = 1  # what can not even be loaded is noticed
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            put_in_place(subject, tree)
            code = not all_pass(session)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT:
        raise KeyboardInterrupt
    return status != 0


def put_in_place(subject: Subject, tree: ast.Module) -> None:
    """Run the mutant, and name it wherever the module's own names were imported to."""
    real = sys.modules[subject.module]
    mutant = ModuleType(subject.module)
    mutant.__file__ = real.__file__
    sys.modules[subject.module] = mutant
    exec(compile(tree, str(subject.path), "exec"), mutant.__dict__)
    places = [
        module.__dict__
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in ("tests", "bot", "feedback", "serving", "shopclerk", "training")
    ]
    for names in places:
        for name, value in list(names.items()):
            if name in real.__dict__ and value is real.__dict__[name] and name in mutant.__dict__:
                names[name] = mutant.__dict__[name]


def say(line: str) -> None:
    """To the terminal, past what pytest captures and says itself."""
    os.write(OUT, f"{line}\n".encode())


def examine(name: str) -> bool:
    """Examine a subject; whether enough of its mutants were killed."""
    examination, subject = Examination(name), SUBJECTS[name]
    pytest.main(
        ["-q", "-m", "not slow", "-p", "no:cacheprovider", "-W", "ignore", "--hypothesis-seed=0",
         *subject.tests],
        plugins=[examination],
    )  # fmt: skip
    return examination.enough


def main(arguments: Sequence[str]) -> int:
    """0 where each subject's tests kill enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject", nargs="*", help=f"of {', '.join(SUBJECTS)}")
    names = parser.parse_args(arguments).subject or list(SUBJECTS)
    os.chdir(ROOT)
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)
    enough = [examine(name) for name in names]  # all of them, whatever the first comes to
    return int(not all(enough))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
