"""Slack at its worst: 429, 5xx, stalls, repeats, another order, a bot that is killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bot.channels.slack.running import LoopThread, connected, edge_of, serving, settled
from tests.slack_peer import (
    ALICE,
    BOB,
    MIA,
    REVIEW,
    SUPPORT,
    SlackPeer,
    eventually,
    free_port,
    text_of,
)
from tests.slack_proxy import BadLine, Faults

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[4]


def storm(seed):
    """Everything that goes wrong, often."""
    return Faults(
        refused=0.15,
        failed_before=0.1,
        failed_after=0.1,
        stalled=0.05,
        doubled=0.4,
        reordered=0.3,
        seed=seed,
    )


@contextmanager
def bad_line(peer, faults, bot_url=""):
    """The proxy, running."""
    line, loop = BadLine(free_port(), faults), LoopThread()
    loop.run(line.start(peer, bot_url))
    try:
        yield line
    finally:
        loop.run(line.stop())
        loop.stop()


def questions(shop, count=8):
    for number in range(count):
        shop.ranker.says(f"question {number}", "return_how")
    return [f"question {number}" for number in range(count)]


def answers_in(peer, asked):
    """How many answers each question has, once all have one and nothing waits any more."""

    def counted():
        found = Counter(message.get("thread_ts") for message in peer.bot_messages(SUPPORT))
        return found if all(found[ts] for ts in asked) else None

    return eventually(counted, 90)


class TestStorm:
    def test_by_socket_nothing_is_lost_and_nothing_comes_twice(self, shop, tmp_path):
        """Questions and follow-ups, told twice and out of order, over calls that fail."""
        with (
            SlackPeer(tmp_path / "slack") as peer,
            bad_line(peer, storm(5)) as line,
            connected(edge_of(shop, peer, api_url=line.api_url), peer),
        ):
            self._ask_all(shop, peer, line)

    def test_by_http_too(self, shop, tmp_path):
        """Repeats carry Slack's headers and are taken once."""
        bot, line_port = free_port(), free_port()
        url = f"http://127.0.0.1:{line_port}/slack/events"
        with SlackPeer(tmp_path / "slack", mode="events", request_url=url) as peer:
            line, loop = BadLine(line_port, storm(7)), LoopThread()
            loop.run(line.start(peer, f"http://127.0.0.1:{bot}/slack/events"))
            edge = edge_of(shop, peer, socket_mode=False, api_url=line.api_url)
            with serving(edge, bot):
                self._ask_all(shop, peer, line)
            loop.run(line.stop())
            loop.stop()

    def _ask_all(self, shop, peer, line):
        asked = []
        for text in questions(shop):
            asked.append(peer.say(SUPPORT, ALICE, f"<@U0BOT> {text}"))
            # Before the question may even have come, its thread goes on.
            peer.say(SUPPORT, ALICE, "question 0", thread_ts=asked[-1])
        eventually(lambda: sum(answers_in(peer, asked).values()) >= 2 * len(asked), 90)
        eventually(lambda: line.telling == 0)
        settled(shop)

        assert {2} == set(answers_in(peer, asked).values())
        assert line.happened["doubled"]
        assert line.happened["reordered"]
        assert line.happened["429"]


class TestOutbox:
    def test_an_answer_that_arrived_unheard_is_found_again(self, shop, tmp_path):
        """A 503 after Slack had it, then a stall: our key in the metadata is looked up."""
        faults = Faults(script=deque(["after", "ok"]))
        with (
            SlackPeer(tmp_path / "slack") as peer,
            bad_line(peer, faults) as line,
            connected(edge_of(shop, peer, api_url=line.api_url), peer),
        ):
            (text,) = questions(shop, 1)
            asked = peer.say(SUPPORT, ALICE, f"<@U0BOT> {text}")
            settled_after = peer.answer(SUPPORT, asked)
            settled(shop)

            assert [settled_after["ts"]] == [m["ts"] for m in peer.bot_messages(SUPPORT, asked)]

    def test_slack_s_own_wait_is_kept(self, shop, tmp_path):
        """After a 429 the channel is left alone for as long as Slack asks."""
        faults = Faults(script=deque(["429", "429"]))
        with (
            SlackPeer(tmp_path / "slack") as peer,
            bad_line(peer, faults) as line,
            connected(edge_of(shop, peer, api_url=line.api_url), peer),
        ):
            (text,) = questions(shop, 1)
            began = time.monotonic()
            asked = peer.say(SUPPORT, ALICE, f"<@U0BOT> {text}")
            peer.answer(SUPPORT, asked)

            assert time.monotonic() - began > 2

    def test_one_message_a_second_and_channel_after_a_short_burst(self, shop, tmp_path):
        """Many questions at once in one channel are answered at Slack's pace."""
        pace = timedelta(seconds=1)
        with SlackPeer(tmp_path / "slack") as peer, connected(edge_of(shop, peer, pace=pace), peer):
            asked = [peer.say(SUPPORT, ALICE, f"<@U0BOT> {q}") for q in questions(shop, 8)]
            answers_in(peer, asked)
            sent = sorted(float(m["ts"]) for m in peer.bot_messages(SUPPORT))

        assert all(later - sooner > 0.8 for sooner, later in zip(sent, sent[4:], strict=False))

    @pytest.mark.parametrize("error", ["metadata_too_large", "a_new_error_of_slack_s"])
    def test_one_refused_message_does_not_silence_its_channel(self, shop, tmp_path, error):
        """It is given up, the desk is told, and the next question is answered."""
        faults = Faults(refuses={(SUPPORT, "drop the parcel"): error})
        with (
            SlackPeer(tmp_path / "slack") as peer,
            bad_line(peer, faults) as line,
            connected(edge_of(shop, peer, api_url=line.api_url), peer),
        ):
            shop.ranker.says("how do i send it back", "return_how")
            shop.ranker.says("what is delivery", "shipping_cost")
            peer.say(SUPPORT, ALICE, "<@U0BOT> how do i send it back")
            eventually(lambda: line.happened[error] or None)
            asked = peer.say(SUPPORT, BOB, "<@U0BOT> what is delivery")
            answer = peer.answer(SUPPORT, asked)
            card = eventually(lambda: next(iter(peer.bot_messages(REVIEW)), None))

        assert "Delivery costs $6." in text_of(answer)
        assert "A message could not be delivered" in text_of(card)
        assert f"`{error}`" in text_of(card)

    def test_a_locked_thread_waits_alone_and_goes_on_when_it_is_unlocked(self, shop, tmp_path):
        """Its channel goes on meanwhile; nothing is lost."""
        faults = Faults(refuses={(SUPPORT, "drop the parcel"): "restricted_action_thread_locked"})
        with (
            SlackPeer(tmp_path / "slack") as peer,
            bad_line(peer, faults) as line,
            connected(edge_of(shop, peer, api_url=line.api_url), peer),
        ):
            shop.ranker.says("how do i send it back", "return_how")
            shop.ranker.says("what is delivery", "shipping_cost")
            locked = peer.say(SUPPORT, ALICE, "<@U0BOT> how do i send it back")
            eventually(lambda: line.happened["restricted_action_thread_locked"] or None)
            other = peer.say(SUPPORT, BOB, "<@U0BOT> what is delivery")
            assert "Delivery costs $6." in text_of(peer.answer(SUPPORT, other))
            line.faults.refuses.clear()

            assert "Print the label" in text_of(peer.answer(SUPPORT, locked))


class TestKilled:
    def test_a_take_over_goes_on_where_it_was(self, shop, tmp_path):
        """Killed with a message of the shopper on its way, the next process brings it, once."""
        with (
            SlackPeer(tmp_path / "slack") as peer,
            bad_line(peer, Faults()) as line,
            Bot(shop, line) as first,
        ):
            eventually(lambda: connections(peer) == 1 or None, 180)
            asked = peer.say(SUPPORT, ALICE, "<@U0BOT> gift wrap?")
            card = eventually(lambda: next(iter(peer.bot_messages(REVIEW)), None), 30)
            peer.press(card, MIA, "desk_take_over")
            eventually(lambda: "Mia Moreau has" in text_of(peer.bot_messages(REVIEW)[0]) or None)
            peer.answer(SUPPORT, asked, 2)
            line.faults.script.extend(["stall"])  # its answer comes after the kill
            peer.say(SUPPORT, ALICE, "still there?", thread_ts=asked)
            eventually(lambda: line.happened["stall"], 30)
            first.kill()

            with Bot(shop, line):
                eventually(lambda: connections(peer) == 2 or None, 180)
                peer.say(SUPPORT, ALICE, "anybody?", thread_ts=asked)
                eventually(lambda: "Shopper: anybody?" in thread(peer, card) or None, 60)
                peer.say(REVIEW, BOB, "one moment", thread_ts=card["ts"])
                eventually(lambda: peer.whispers(REVIEW))
                settled(shop)

            # One repeat a crash is allowed; with the key in the metadata there is none.
            assert 1 == thread(peer, card).count("Shopper: still there?")
            assert 2 == len(peer.bot_messages(SUPPORT, asked))
            assert 1 == len([m for m in peer.bot_messages(REVIEW) if not m.get("thread_ts")])


def connections(peer):
    return sum("socket connected" in entry["summary"] for entry in peer.log())


def thread(peer, card):
    return [m["text"] for m in peer.bot_messages(REVIEW, card["ts"])]


class Bot:
    """The clerk in Slack as a process that can be killed."""

    def __init__(self, shop, line):
        """Start it on the shop's store."""
        url = str(shop.store.db.url)
        command = [
            sys.executable,
            "-m",
            "tests.bot.channels.slack.bot_process",
            url,
            line.api_url,
            "4",
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        """As the power fails."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
