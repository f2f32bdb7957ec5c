"""Brings rows that belong together side by side, however far apart they stand in a file.

Exports list a product's variants together, feeds and shops of long standing do not. The rows wait
in SQLite's own temporary database, which stays in memory while it is small and goes to the disk
when it is not, so that memory stays flat however long the file.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby

Row = dict[str, str]
Numbered = tuple[int, Row]  # the line's number in the file, and its cells by heading


def grouped(
    rows: Iterable[tuple[str, int, Row]], headings: Sequence[str]
) -> Iterator[tuple[str, list[Numbered]]]:
    """Each key with its rows in their order; keys in the order of their first rows.

    >>> rows = [("a", 1, {"x": "1"}), ("b", 2, {}), ("a", 3, {"x": "2"})]
    >>> list(grouped(rows, ["x"]))
    [('a', [(1, {'x': '1'}), (3, {'x': '2'})]), ('b', [(2, {'x': ''})])]
    """
    with closing(sqlite3.connect("", isolation_level=None)) as waiting:
        waiting.execute("PRAGMA journal_mode=OFF")
        waiting.execute("PRAGMA cache_size=-20000")  # kB, then the disk
        waiting.execute("CREATE TABLE row (key TEXT, number INTEGER, cells TEXT)")
        waiting.execute("BEGIN")
        waiting.executemany(
            "INSERT INTO row VALUES (?, ?, ?)",
            (
                (key, number, json.dumps([row.get(name, "") for name in headings]))
                for key, number, row in rows
            ),
        )
        waiting.execute("CREATE INDEX row_key ON row (key, number)")
        waiting.execute(
            "CREATE TABLE first AS SELECT key, MIN(number) AS number FROM row GROUP BY key"
        )
        found = waiting.execute(
            "SELECT first.key, row.number, row.cells FROM first JOIN row USING (key)"
            " ORDER BY first.number, row.number"
        )
        for key, part in groupby(found, key=lambda one: one[0]):
            yield (
                str(key),
                [
                    (number, dict(zip(headings, json.loads(cells), strict=True)))
                    for _, number, cells in part
                ],
            )
