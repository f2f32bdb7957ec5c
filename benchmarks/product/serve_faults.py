"""Availability of the ranker while its model server is killed, stalls, resets, garbles."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.product.faulty import Fault, FaultyProxy
from benchmarks.product.figures import machine, tell
from benchmarks.product.serve import LOADING, publish_some
from benchmarks.product.serve_load import Load
from benchmarks.product.shop import make_dialogues, make_questions, make_replies
from serving.client import CircuitBreaker, TFServingRanker
from serving.contract import STABLE
from serving.keyword_search import BookEntry, KeywordRanker, with_fallback
from serving.ranker import RankerUnavailable
from serving.server import start_embedded
from shopclerk.settings import child_environment

KILLED: Final = "killed"
STALLED: Final = "stalled"
KINDS_OF_PROXY: Final[dict[str, Fault]] = {
    KILLED: "gone",
    STALLED: "stalled",
    "resetting": "resetting",
    "garbage": "garbage",
}
KINDS: Final = tuple(KINDS_OF_PROXY)
CALLERS: Final = 8
PER_SECOND: Final = 20.0  # a busy shop's questions
FAULT_SECONDS: Final = 10.0
STALL_SECONDS: Final = 5.0
GIVE_UP: Final = 120.0  # a breaker that has not closed by then never will
LOOK_SECONDS: Final = 0.02


class BreakerWatch:
    """Notes when the breaker opens and closes."""

    def __init__(self, breaker: CircuitBreaker) -> None:
        """Look at it from now on."""
        self._breaker = breaker
        self.changes: list[tuple[float, bool]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no longer."""
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        was = False
        while not self._stop.wait(LOOK_SECONDS):
            if self._breaker.is_open != was:
                was = not was
                self.changes.append((time.monotonic(), was))

    def first(self, *, opened: bool, after: float) -> float | None:
        """Seconds from `after` to the first change of that kind."""
        return next(
            (at - after for at, is_open in self.changes if is_open == opened and at >= after), None
        )


def bench_faults(models_dir: Path | None, *, seconds: float) -> dict[str, Any]:
    """Each fault in turn, for `seconds` in all, with pauses in which the server is well."""
    busy = machine()
    with tempfile.TemporaryDirectory(prefix="bench-faults-") as folder, ExitStack() as running:
        publish_some(models_dir, Path(folder))
        child = start_embedded(Path(folder), environment=child_environment(), wait_seconds=LOADING)
        running.callback(child.stop)
        found = measure_faults(
            child.address, seconds=seconds, kill=lambda: os.kill(child.pid, signal.SIGKILL)
        )
    return {**busy, **found}


def measure_faults(
    address: str,
    *,
    seconds: float,
    kill: Callable[[], object] | None = None,
    fault_seconds: float = FAULT_SECONDS,
) -> dict[str, Any]:
    """The same for a server that runs at `address`; without `kill` it is never killed."""
    with ExitStack() as running:
        proxy = running.enter_context(FaultyProxy(address))
        model = TFServingRanker(proxy.address)
        running.callback(model.close)
        breaker = CircuitBreaker()
        keywords = KeywordRanker(_book)
        keywords.prepare()
        ranker = with_fallback(model, keywords, breaker=breaker)
        dialogues = [dialogue for dialogue, _ in make_dialogues(500, seed=1)]
        for dialogue in dialogues[:50]:
            ranker.rank(dialogue, locale="en")
        watch = BreakerWatch(breaker)
        running.callback(watch.stop)
        plan = FaultPlan(proxy, model, watch, kill, fault_seconds)
        with Load(
            lambda dialogue: ranker.rank(dialogue, locale="en"), dialogues, CALLERS, PER_SECOND
        ) as load:
            rounds = list(plan.rounds(seconds))
        by = [seen.ranking.served_by for seen in load.seen if seen.ranking is not None]
        return {
            **load.figures(),
            "by_model": by.count("model"),
            "by_keywords": by.count("keywords"),
            "rounds": len(rounds),
            "opens_after_s": _worst(rounds, "opens"),
            "closes_after_s": _worst(rounds, "closes"),
        }


@dataclass
class FaultPlan:
    """Which fault comes when, and what the breaker did."""

    proxy: FaultyProxy
    model: TFServingRanker
    watch: BreakerWatch
    kill: Callable[[], object] | None
    fault_seconds: float

    def rounds(self, seconds: float) -> Iterator[dict[str, Any]]:
        """A fault at a time: when the breaker opened after it began, and closed after it ended."""
        kinds = KINDS if self.kill is not None else KINDS[1:]
        until, number = time.monotonic() + seconds, 0
        while time.monotonic() < until or number < len(kinds):
            kind = kinds[number % len(kinds)]
            number += 1
            tell(f"{kind} …")
            yield {"kind": kind, **self._round(kind)}
            time.sleep(self.fault_seconds / 2)

    def _round(self, kind: str) -> dict[str, float | None]:
        began = time.monotonic()
        with self._fault(kind):
            time.sleep(
                min(STALL_SECONDS, self.fault_seconds) if kind == STALLED else self.fault_seconds
            )
        ended = _well_again(self.model)
        opens = self.watch.first(opened=True, after=began)
        if opens is None:
            return {"opens": None, "closes": None}
        while True:
            closes = self.watch.first(opened=False, after=began + opens)
            if closes is not None:
                return {"opens": opens, "closes": began + opens + closes - ended}
            if time.monotonic() - ended > GIVE_UP:
                return {"opens": opens, "closes": None}
            time.sleep(LOOK_SECONDS)

    @contextmanager
    def _fault(self, kind: str) -> Iterator[None]:
        """A killed server stays away for the fault's time, however quickly it starts again."""
        if kind == KILLED and self.kill is not None:
            self.kill()
        self.proxy.do(KINDS_OF_PROXY[kind])
        try:
            yield
        finally:
            self.proxy.do("none")


def _well_again(model: TFServingRanker) -> float:
    """When the server answers again: asked directly, past the breaker."""
    deadline = time.monotonic() + LOADING
    while time.monotonic() < deadline:
        try:
            if model.rank("hello", locale="en", label=STABLE):
                break
        except RankerUnavailable:
            time.sleep(LOOK_SECONDS)
    return time.monotonic()


def _worst(rounds: list[dict[str, Any]], what: str) -> dict[str, float | None]:
    """The longest of each kind of fault; None: it did not happen, once at least."""
    found: dict[str, float | None] = {}
    for one in rounds:
        kind, value = one["kind"], one[what]
        before = found.get(kind, 0.0)
        found[kind] = None if value is None or before is None else round(max(before, value, 0.0), 2)
    return found


def _book() -> list[BookEntry]:
    asked: dict[str, list[str]] = {}
    for line in make_questions(2_000, seed=2):
        asked.setdefault(str(line.reply_id), []).append(line.question)
    return [
        BookEntry(reply.reply_id, reply.locale, reply.text or "", tuple(asked[reply.reply_id]))
        for reply in make_replies()
    ]
