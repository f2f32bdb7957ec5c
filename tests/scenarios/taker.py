"""A process that answers questions as fast as it can and says which are stored; to be killed.

Usage: python -m tests.scenarios.taker DATABASE_URL ROUND
"""

import sys
from uuid import uuid4

from feedback.database import Database
from tests.factories import answer, make_store, open_dialogue


def main(url: str, number: str) -> None:
    """Answer until killed."""
    store = make_store(Database(url))
    dialogue = open_dialogue(store, dialogue_id=uuid4().hex, shopper_id=uuid4().hex)
    count = 0
    while True:
        client_id = f"round-{number}-{count}"
        answer(store, dialogue, client_id=client_id, impression_id=uuid4().hex)
        sys.stdout.write(f"{client_id}\n")
        sys.stdout.flush()
        count += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
