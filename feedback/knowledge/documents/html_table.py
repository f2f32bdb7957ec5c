"""HTML tables read into rows, each with its table's header."""

from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from feedback.knowledge.documents.clean import visible
from feedback.knowledge.documents.cut import Block

BETWEEN: Final = " | "
MOST_ROWS: Final = 2_000
MOST_SPAN: Final = 50  # a cell that says it spans a million columns spans so many


def table_blocks(table: LexborNode) -> list[Block]:
    """A table's rows; none where it is a page's layout, whose cells hold text of their own."""
    if table.css_first("table table, td h1, td h2, td h3, td p + p, td ul") is not None:
        return []
    rows = list(islice(table.css("tr"), MOST_ROWS))
    grid = _grid(rows)
    if not grid or max(len(row) for row in grid) < 2:
        return []
    header = ""
    if _is_header(rows[0], grid) and len(grid) > 1:
        header = BETWEEN.join(grid[0])
        grid = grid[1:]
    return [Block("row", BETWEEN.join(row), lead=header) for row in grid if any(row)]


def _grid(rows: list[LexborNode]) -> list[list[str]]:
    """The cells' words; a cell that spans several rows stands in each of them."""
    grid: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells: list[str] = []
        for cell in row.css("td, th"):
            _carry(cells, carried)
            text = visible(cell.text(separator=" "))
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    carried[len(cells)] = (down - 1, text)
                cells.append(text)
        _carry(cells, carried)
        grid.append(_without_repeats(cells))
    return grid


def _carry(cells: list[str], carried: dict[int, tuple[int, str]]) -> None:
    while (left := carried.get(len(cells))) is not None:
        rows, text = left
        if rows > 1:
            carried[len(cells)] = (rows - 1, text)
        else:
            del carried[len(cells)]
        cells.append(text)


def _span(cell: LexborNode, name: str) -> int:
    said = cell.attributes.get(name) or "1"
    return min(max(int(said), 1), MOST_SPAN) if said.isascii() and said.isdigit() else 1


def _without_repeats(cells: list[str]) -> list[str]:
    """A cell over several columns is said once."""
    return [
        cell
        for place, cell in enumerate(cells)
        if cell and (place == 0 or cell != cells[place - 1])
    ]


def _is_header(row: LexborNode, grid: list[list[str]]) -> bool:
    heads, cells = row.css("th"), row.css("td")
    parent = row.parent
    if parent is not None and parent.tag == "thead":
        return True
    return bool(heads) and not cells and len(grid[0]) > 1
