"""From a shopper's message to the colleague's thread in Slack, with eight live dialogues.

    python -m benchmarks.slack_lanes [DIALOGUES] [ROUNDS]

It needs the Slack peer (tests/slack_peer.py says how to install it). In each round every shopper
writes at the same moment, and every colleague answers live; the pace is Slack's own, one message a
second and channel. The channel rests before the first round as between two. Times and calls are the
peer's own record, in milliseconds; the edge is woken as the bot's own chat wakes it.
"""

import json
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bot.channels.slack.edge import SlackEdge
from feedback.db.database import Database
from feedback.desk import CardLists, Desk, Staff
from tests.bot.channels.slack.running import connected, edge_of
from tests.bot.shop import Shop
from tests.slack_peer import MIA, REVIEW, SlackPeer, eventually

BETWEEN_S = 12.0  # before each round: people read before they answer


def opened(shop: Shop, peer: SlackPeer, count: int) -> dict[str, str]:
    """Dialogues that MIA has live, each with its card's ts."""
    dialogues = [shop.open() for _ in range(count)]
    for dialogue_id in dialogues:
        shop.clerk.hand_over(dialogue_id)
    desk, lists = Desk(shop.store.db), CardLists(shop.store.db)
    eventually(lambda: all(card.ts for card in lists.open_cards()) or None, 120)
    for card in lists.open_cards():
        desk.take_over(card.card_id, Staff(MIA, "Mia"), "Hello", shop.clock())
        desk.go_live(card.card_id, Staff(MIA, "Mia"), shop.clock())
    return {card.dialogue_id: str(card.ts) for card in lists.open_cards()}


def measure(
    shop: Shop, peer: SlackPeer, edge: SlackEdge, cards: dict[str, str], rounds: int
) -> list[float]:
    """Seconds from each message to its post."""
    asked: dict[str, float] = {}
    for number in range(rounds):
        time.sleep(BETWEEN_S)
        for place, (dialogue_id, ts) in enumerate(cards.items()):
            text = f"message {number} of {place}"
            asked[text] = time.time()
            shop.clerk.reply(dialogue_id, text, client_id=f"m{number}")
            edge.wake(dialogue_id)
            peer.say(REVIEW, MIA, f"answer {number}", thread_ts=ts)
    eventually(lambda: asked.keys() <= dict(posts(peer)).keys() or None)
    posted = dict(posts(peer))
    return [posted[text] - at for text, at in asked.items()]


def posts(peer: SlackPeer) -> list[tuple[str, float]]:
    """What the bot posted to the staff's channel, each with when."""
    return [
        (entry["detail"]["text"].removeprefix("Shopper: "), entry["time"] / 1000)
        for entry in peer.log()
        if entry["summary"] == "chat.postMessage" and entry["detail"].get("channel") == REVIEW
    ]


def most_in(times: list[float], seconds: float) -> int:
    """The most posts in any stretch of so many seconds."""
    return max(sum(at <= other < at + seconds for other in times) for at in times)


def main(count: int, rounds: int) -> None:
    """Print the median, the worst, and what the peer counted."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/shop.db")
        database.migrate()
        shop = Shop(database, starts_anew=False)
        pace = timedelta(seconds=1)
        with SlackPeer(Path(folder) / "slack") as peer:
            edge = edge_of(shop, peer, pace=pace)
            with connected(edge, peer):
                took = measure(shop, peer, edge, opened(shop, peer, count), rounds)
            times = sorted(at for _, at in posts(peer))
            figures = {
                "dialogues": count,
                "messages": len(took),
                "median_s": round(statistics.median(took), 2),
                "worst_s": round(max(took), 2),
                "most_posts_in_1_s": most_in(times, 1),
                "most_posts_in_10_s": most_in(times, 10),
                "most_posts_in_60_s": most_in(times, 60),
            }
        database.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*(given + [8, 3][len(given) :]))
