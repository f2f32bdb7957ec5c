"""Acknowledgement latency of Slack's events: a thousand a minute over signed HTTP.

    python -m benchmarks.slack_acks [EVENTS] [SECONDS]

It needs the Slack peer (tests/slack_peer.py says how to install it). The bot runs in a process of
its own; each event opens a dialogue, is answered and posted while the next ones come.
"""

import asyncio
import hashlib
import hmac
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from feedback.db.database import Database
from tests.slack_peer import BOT_USER, SIGNING_SECRET, SUPPORT, TEAM, SlackPeer, free_port

ROOT = Path(__file__).parents[1]


async def tell(session: aiohttp.ClientSession, url: str, number: int) -> float:
    """One mention; how many milliseconds until it was acknowledged."""
    event = {
        "type": "app_mention", "user": f"U{number % 97:03}", "channel": SUPPORT,
        "ts": f"1700000000.{number:06}", "text": f"<@{BOT_USER}> question {number % 40}",
    }  # fmt: skip
    body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event}
    content = json.dumps(body).encode()
    stamp = str(int(time.time()))
    signed = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:".encode() + content, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signed.hexdigest()}",
    }
    began = time.perf_counter()
    async with session.post(url, data=content, headers=headers) as answer:
        assert answer.status == 200, answer.status
        await answer.read()
    return (time.perf_counter() - began) * 1_000


async def tell_all(url: str, events: int, seconds: float) -> list[float]:
    """Events at an even pace, whatever becomes of those before."""
    async with aiohttp.ClientSession() as session:
        await tell(session, url, events)  # the first request loads what the others use
        began, tasks = time.perf_counter(), []
        for number in range(events):
            await asyncio.sleep(max(0.0, began + number * seconds / events - time.perf_counter()))
            tasks.append(asyncio.create_task(tell(session, url, number)))
        return await asyncio.gather(*tasks)


def main(events: int = 1_000, seconds: float = 60.0) -> None:
    """Measure, and print one line of JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        url = f"sqlite:///{folder / 'shop.db'}"
        database = Database(url)
        database.migrate()
        with SlackPeer(folder / "slack", mode="events", request_url="http://127.0.0.1:1/") as peer:
            command = [sys.executable, "-m", "tests.bot.channels.slack.bot_process", url,
                       peer.api_url, "30", str(port)]  # fmt: skip
            bot = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
            try:
                address = f"http://127.0.0.1:{port}/slack/events"
                _await_port(port)
                took = asyncio.run(tell_all(address, events, seconds))
            finally:
                bot.terminate()
                bot.wait(10)
        database.close()
    cuts = statistics.quantiles(took, n=100)
    figures = {"events": events, "seconds": seconds, "median_ms": round(cuts[49], 1),
               "p99_ms": round(cuts[98], 1), "worst_ms": round(max(took), 1)}  # fmt: skip
    print(json.dumps(figures))


def _await_port(port: int) -> None:
    import socket

    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the bot did not start")


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((int, float), sys.argv[1:], strict=False)))
