"""Own scripted shoppers against the flow of order actions, in this process.

    python -m benchmarks.actions.run [--by nobody|desk|slack] [--talk FILE]

Right is who leaves the small back office with exactly the writes of the script. `--by desk` and
`--by slack`: every action waits for a colleague, who approves it at the desk or by the button of
its card in Slack (that needs the Slack peer; tests/slack_peer.py says how to install it); the
shopper waits until they are told.
"""

import argparse
import copy
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.actions.colleagues import Approver, By, colleague
from benchmarks.actions.shopper import Reply, ScriptedShopper, call_of
from bot.actions.rules import ActionRules
from feedback.db.database import Database
from tests.bot.actions.acting_shop import ActingShop
from tests.bot.actions.back_office import LAMP, MUG, order
from tests.slack_peer import eventually

SCRIPTS: Final = Path(__file__).with_name("shoppers.jsonl")
MANY: Final = 1_000_000


def scripts() -> list[dict[str, Any]]:
    """The shoppers, in their order."""
    return [json.loads(line) for line in SCRIPTS.read_text(encoding="utf-8").splitlines()]


class ScriptedTalks:
    """Scripts played one after the other in one shop, each with the back office as it was."""

    def __init__(self, shop: ActingShop, by: By, staff: Approver) -> None:
        self._shop, self._by, self._staff = shop, by, staff
        shop.office.orders["A1004"] = order("A1004", "delivered", LAMP, MUG)
        self._before = copy.deepcopy((shop.office.orders, shop.office.customers))
        self.lines: list[str] = []

    def play(self, script: Mapping[str, Any]) -> str:
        """Play a script: "right", "wrong write" or "missed"."""
        shop = self._shop
        shop.office.orders, shop.office.customers = copy.deepcopy(self._before)
        opened = shop.clerk.open(shopper_id=None, channel="web", locale=script["locale"])
        shop.dialogue_id, self.lines = opened.dialogue_id, []
        ScriptedShopper(script).play(self._say)
        wanted = Counter(call_of(*write) for write in script["writes"])
        runs = [run for run in shop.runs.newest(MANY) if run.dialogue_id == shop.dialogue_id]
        done = Counter(call_of(run.name, run.arguments) for run in runs if run.state == "done")
        if done - wanted:
            return "wrong write"
        return "right" if done == wanted else "missed"

    def _say(self, text: str) -> Reply | None:
        answer = self._shop.say(text)
        self.lines += [f"shopper: {text}", f"clerk ({answer.kind}): {answer.text}"]
        if self._by != "nobody":
            self._let_approve()
        summary = answer.details.summary
        actions = summary.actions if summary else ()
        return {
            "kind": answer.kind,
            "asks": answer.details.asks,
            "summary": {"actions": [vars(one) for one in actions]},
        }

    def _let_approve(self) -> None:
        """Have a colleague decide what waits, and the shopper told of it."""
        for run in self._shop.decisions.waiting():
            self._staff.approve(run)
            eventually(partial(self._is_told, run.run_id))

    def _is_told(self, run_id: str) -> bool:
        self._shop.worker.look()
        run = self._shop.runs.get(run_id)
        return run is not None and run.told_at is not None


def play_all(by: By, *, talk: Path | None = None) -> dict[str, Any]:
    """Play every script; how many came out right, by kind, and what went wrong."""
    ends: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    told: list[str] = []
    rules = ActionRules(approve=() if by == "nobody" else ("all",), a_day=MANY, a_shopper=MANY)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.db")
        database.migrate()
        shop = ActingShop(database, rules)
        with colleague(by, shop.shop, Path(folder)) as staff:
            talks = ScriptedTalks(shop, by, staff)
            for number, script in enumerate(scripts()):
                end = talks.play(script)
                ends[end] += 1
                kinds.setdefault(script["kind"], Counter())[end] += 1
                if end != "right":
                    told += [f"== {number} {script['kind']}: {end}", *talks.lines]
        database.close()
    if talk is not None:
        talk.write_text("\n".join(told), encoding="utf-8")
    by_kind = {kind: f"{found['right']}/{found.total()}" for kind, found in kinds.items()}
    return {"approved": by, "scripts": ends.total(), **ends, "by_kind": by_kind}


def main() -> int:
    """Play them, and print what came of it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--by", choices=("nobody", "desk", "slack"), default="nobody")
    parser.add_argument("--talk", type=Path)
    asked = parser.parse_args()
    told = play_all(asked.by, talk=asked.talk)
    sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return 1 if told.get("wrong write") else 0


if __name__ == "__main__":
    sys.exit(main())
