"""Own scripted shoppers against the flow of order actions, in this process.

    python -m benchmarks.actions.run [--approve] [--talk FILE]

Each has a shop of its own with a small back office; right is who leaves it with exactly the writes
of the script. `--approve`: every action waits for a colleague, who approves it at once.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import structlog

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.actions.shopper import Reply, ScriptedShopper, call_of
from bot.actions.rules import ActionRules
from feedback.db.database import Database
from tests.bot.actions.acting_shop import ActingShop
from tests.bot.actions.back_office import LAMP, MUG, order

SCRIPTS: Final = Path(__file__).with_name("shoppers.jsonl")
LOOSE: Final = ActionRules(a_day=1_000_000, a_shopper=1_000_000)


def scripts() -> list[dict[str, Any]]:
    """The shoppers, in their order."""
    return [json.loads(line) for line in SCRIPTS.read_text(encoding="utf-8").splitlines()]


class ScriptedTalk:
    """One shopper with one clerk; what was said, and what came of it."""

    def __init__(self, database: Database, *, approve: bool) -> None:
        rules = ActionRules(approve=("all",)) if approve else LOOSE
        self._shop = ActingShop(database, rules)
        self._shop.office.orders["A1004"] = order("A1004", "delivered", LAMP, MUG)
        self._approve = approve
        self.lines: list[str] = []

    def play(self, script: Mapping[str, Any]) -> str:
        """Play a script: "right", "wrong write" or "missed"."""
        shop = self._shop
        opened = shop.clerk.open(shopper_id=None, channel="web", locale=script["locale"])
        shop.dialogue_id = opened.dialogue_id
        ScriptedShopper(script).play(self._say)
        wanted = Counter(call_of(*write) for write in script["writes"])
        done = Counter(
            call_of(run.name, run.arguments) for run in shop.runs.newest() if run.state == "done"
        )
        if done - wanted:
            return "wrong write"
        return "right" if done == wanted else "missed"

    def _say(self, text: str) -> Reply | None:
        answer = self._shop.say(text)
        self.lines += [f"shopper: {text}", f"clerk ({answer.kind}): {answer.text}"]
        if answer.kind == "submitted" and self._approve:
            self._colleague()
        summary = answer.details.summary
        actions = summary.actions if summary else ()
        return {
            "kind": answer.kind,
            "asks": answer.details.asks,
            "summary": {"actions": [vars(one) for one in actions]},
        }

    def _colleague(self) -> None:
        for run in self._shop.decisions.waiting():
            self._shop.decisions.decide(run.run_id, "approve", "Mei", self._shop.shop.clock())
        self._shop.worker.look()


def play_all(*, approve: bool = False, talk: Path | None = None) -> dict[str, Any]:
    """Play every script; how many came out right, by kind, and what went wrong."""
    ends: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    told: list[str] = []
    for number, script in enumerate(scripts()):
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{folder}/store.db")
            database.migrate()
            played = ScriptedTalk(database, approve=approve)
            end = played.play(script)
            database.close()
        ends[end] += 1
        kinds.setdefault(script["kind"], Counter())[end] += 1
        if end != "right":
            told += [f"== {number} {script['kind']}: {end}, {script['writes']}", *played.lines]
    if talk is not None:
        talk.write_text("\n".join(told), encoding="utf-8")
    by_kind = {kind: f"{found['right']}/{found.total()}" for kind, found in kinds.items()}
    return {"scripts": ends.total(), **ends, "by_kind": by_kind}


def main() -> int:
    """Play them, and print what came of it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--approve", action="store_true")
    parser.add_argument("--talk", type=Path)
    asked = parser.parse_args()
    told = play_all(approve=asked.approve, talk=asked.talk)
    sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return 1 if told.get("wrong write") else 0


if __name__ == "__main__":
    sys.exit(main())
