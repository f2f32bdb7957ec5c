"""CLINC150 as the population of a simulated loop."""

from pathlib import Path

from feedback.knowledge import BadLine, read_questions, read_replies
from shopclerk.simulation.population import Population


def clinc150_town(folder: Path) -> Population:
    """CLINC150's replies, the questions its people will ask, and those to measure by."""
    bad: list[BadLine] = []
    pool, test = (
        [
            line
            for line in read_questions([folder / f"clinc150_questions_{part}.jsonl.gz"], bad)
            if line.reply_id
        ]
        for part in ("train", "test")
    )
    return Population(list(read_replies([folder / "clinc150_replies.jsonl"], bad)), pool, test)
