"""The desk's lists with thousands of open conversations: how long a page takes.

    python -m benchmarks.desk_queue [CONVERSATIONS]

A dialogue that waits for a person is held in the tests' small shop and copied, 5,000 times unless
told; then each list is asked for by a signed-in colleague, in this process. Prints one JSON object:
the median milliseconds of each list, and of a search that finds nothing.
"""

import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

LISTS = ("open", "unassigned", "mine", "overdue", "snoozed", "for_shopper", "done")
EACH = 15


def copied(db: Any, many: int) -> None:
    """Copy the one dialogue of the store, with its turns and its card, under new ids."""
    from sqlmodel import insert, select

    from feedback.db import DeskCard, Dialogue, DialogueTurn

    with db.transaction() as session:
        (dialogue,) = session.exec(select(Dialogue)).all()
        (card,) = session.exec(select(DeskCard)).all()
        turns = session.exec(select(DialogueTurn).order_by(DialogueTurn.turn_id)).all()
        for number in range(many):
            own = {"dialogue_id": f"copy-{number}"}
            session.execute(insert(Dialogue).values(dialogue.model_dump() | own))
            named = card.model_dump() | own | {"card_id": f"card-{number}"}
            session.execute(insert(DeskCard).values(named))
            for turn in turns:
                said = turn.model_dump(exclude={"turn_id", "answers_turn_id", "impression_id"})
                session.execute(insert(DialogueTurn).values(said | own))


def taken_ms(page: Any) -> float:
    """The median time of a page, after two that are not counted."""
    taken = []
    for _ in range(EACH):
        begun = perf_counter()
        page().raise_for_status()
        taken.append(1000 * (perf_counter() - begun))
    return round(median(taken[2:]), 1)


def main(many: int) -> None:
    """Fill a store, ask for its lists, print."""
    from feedback.db import Database
    from tests.bot.desk.test_pages import handed_over, log_in
    from tests.bot.web_shop import open_shop

    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'shop.db'}")
        db.migrate()
        shop = open_shop(db, logins_per_minute=100, address_per_minute=10_000)
        with shop.visitor() as desk:
            log_in(desk)
            handed_over(desk)
            copied(db, many - 1)
            asked = partial(desk.get, "/desk")
            taken = {name: taken_ms(partial(asked, params={"list": name})) for name in LISTS}
            search = taken_ms(partial(asked, params={"find": "gramophone"}))
        db.close()
    print(json.dumps({"conversations": many, "lists_ms": taken, "search_ms": search}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
