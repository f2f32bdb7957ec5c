"""A process that answers questions as fast as it can and says which are stored; to be killed.

Four shoppers ask at once, so that answers are written in groups.

Usage: python -m tests.scenarios.taker DATABASE_URL ROUND
"""

import sys
import threading
from uuid import uuid4

from feedback.db.database import Database
from feedback.dialogues.repository import Store
from tests.factories import answer, make_store, open_dialogue

SHOPPERS = 4


def answer_one(store: Store, name: str, saying: threading.Lock) -> None:
    """One shopper's questions, until killed."""
    dialogue = open_dialogue(store, dialogue_id=uuid4().hex, shopper_id=uuid4().hex)
    count = 0
    while True:
        client_id = f"{name}-{count}"
        answer(store, dialogue, client_id=client_id, impression_id=uuid4().hex)
        with saying:
            sys.stdout.write(f"{client_id}\n")
            sys.stdout.flush()
        count += 1


def main(url: str, number: str) -> None:
    """Answer until killed."""
    store, saying = make_store(Database(url)), threading.Lock()
    for shopper in range(SHOPPERS):
        name = f"round-{number}-{shopper}"
        threading.Thread(target=answer_one, args=(store, name, saying)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
