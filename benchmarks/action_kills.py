"""Kills the clerk in the middle of an order action, loses answers and stalls, at every step.

    python benchmarks/action_kills.py --rounds 200

One round is one cancelled order. The shopper's yes is worked off by a process of its own, which is
killed with SIGKILL before or after the back office has done what it was asked, or at any moment;
or an answer is lost, or comes too late. The browser sends the yes once more or gives up; an hour
later another process looks at what is due. Then the order was cancelled once or not at all, and
what the shopper read last says which.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import structlog

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.actions.rules import ActionRules
from bot.actions.signed_back_office import SignedBackOffice
from feedback.db.database import Database
from tests.bot.actions.acting_shop import ActingShop
from tests.bot.actions.back_office import SECRET, SmallBackOffice
from tests.bot.shop import NOON

CANCEL: Final = "please cancel order A1001, i no longer need it. ann@example.com"
FAULTS: Final = ("kill before", "kill after", "kill", "lose before", "lose after", "stall")
STEPS: Final = 5  # requests that a yes makes: two reads, a dry run, the write, the order read back
TIMEOUT_S: Final = 0.5
RULES: Final = ActionRules(a_day=1_000_000, a_shopper=1_000_000)


class Fault(NamedTuple):
    """What goes wrong, at which request of the yes."""

    kind: str
    step: int


class FaultyOffice:
    """The small back office behind a real port; it does what a round's fault says."""

    def __init__(self, office: SmallBackOffice) -> None:
        self.office = office
        self.fault = Fault("", 0)
        self.child = 0
        self._step = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                outer.answer(self)

            def do_POST(self) -> None:
                outer.answer(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # closing waits for who is being answered
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def begin(self, fault: Fault, child: int) -> None:
        """The next requests are a yes's."""
        self.fault, self.child, self._step = fault, child, 0

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        """Answer one request, unless it is the one that goes wrong."""
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        self._step += 1
        kind = self.fault.kind if self._step == self.fault.step else ""
        if kind == "lose before":
            asked.close_connection = True
            return
        if kind == "kill before":
            self._kill()
            return
        request = httpx.Request(
            asked.command, f"{self.url}{asked.path}", headers=dict(asked.headers), content=body
        )
        answer = self.office.answer(request)
        if kind == "kill after":
            self._kill()
            return
        if kind == "lose after":
            asked.close_connection = True
            return
        if kind == "stall":
            time.sleep(2 * TIMEOUT_S)
        with suppress(OSError):
            asked.send_response(answer.status_code)
            asked.send_header("Content-Length", str(len(answer.content)))
            asked.end_headers()
            asked.wfile.write(answer.content)

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.child, signal.SIGKILL)


class KillRounds:
    """Rounds on one store and one back office."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._url = f"sqlite:///{folder / 'store.db'}"
        self._chance = random.Random(seed)
        Database(self._url).migrate()
        self._office = FaultyOffice(SmallBackOffice(lambda: NOON))
        self._shop = self._new_shop()

    def _new_shop(self) -> ActingShop:
        """A clerk of this very process, on the store and the back office of all."""
        url, secret = self._office.url, SECRET
        self._client = SignedBackOffice(url, secret, clock=lambda: NOON, timeout_s=TIMEOUT_S)
        database, owner = Database(self._url), f"process {os.getpid()}"
        return ActingShop(database, RULES, client=self._client, owner=owner)

    def __enter__(self) -> "KillRounds":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._office.close()

    def play(self, fault: Fault) -> str:
        """One round; "" where all is well."""
        shop, office = self._shop, self._office.office
        office.orders["A1001"]["status"] = "pending"
        before = len(office.log)
        self._office.begin(Fault("", 0), 0)
        shop.dialogue_id = shop.clerk.open(shopper_id=None, channel="web", locale="en").dialogue_id
        if shop.say(CANCEL).kind != "confirm":
            return "no summary"
        self._say_yes_elsewhere(shop.dialogue_id, fault)
        self._office.begin(Fault("", 0), 0)
        if self._chance.random() < 0.5:  # the browser heard nothing, and sends it once more
            shop.say("yes", client_id="yes")
        shop.shop.now += timedelta(hours=1)
        shop.worker.look()
        written = len(office.log) - before
        said = " ".join(turn.text for turn in shop.shop.store.turns(shop.dialogue_id))
        told = "is cancelled" in said
        if written > 1 or told != (written == 1):
            return f"{fault.kind} at step {fault.step}: {written} writes, told {told}"
        return ""

    def _say_yes_elsewhere(self, dialogue_id: str, fault: Fault) -> None:
        """The yes in a process of its own, which may die of it."""
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                time.sleep(0.02)  # until the parent knows whom to kill
                shop = self._new_shop()
                shop.dialogue_id = dialogue_id
                shop.say("yes", client_id="yes")
            os._exit(0)
        self._office.begin(fault, child)
        if fault.kind == "kill":
            time.sleep(self._chance.uniform(0.0, 1.0))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def play_rounds(rounds: int, seed: int) -> dict[str, Any]:
    """So many rounds, each fault at each step in turn; what went wrong."""
    faults = [Fault(kind, step) for step in range(1, STEPS + 1) for kind in FAULTS]
    with tempfile.TemporaryDirectory() as folder:
        chosen = [faults[number % len(faults)] for number in range(rounds)]
        with KillRounds(Path(folder), seed) as played:
            wrong = [said for fault in chosen if (said := played.play(fault))]
    counted = Counter(fault.kind for fault in chosen)
    return {"rounds": rounds, "wrong": len(wrong), "first": wrong[:5], "faults": dict(counted)}


def main() -> int:
    """Play the rounds named on the command line."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.perf_counter()
    told = play_rounds(asked.rounds, asked.seed)
    told["seconds"] = round(time.perf_counter() - started, 1)
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 1 if told["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
