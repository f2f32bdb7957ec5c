"""Questions about real help pages, which tell how sure answers from pages are.

They were written for this project, in shoppers' words, about sentences of two manuals (SOURCES.md).
`asked/MANUAL.LANGUAGE.txt` has one a line, behind the first digits of the SHA-256 of the sentence
that answers, or behind "-" where the manual says nothing of it. The manuals themselves do not ship.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree

from feedback.knowledge import Cut, read_document
from serving.passage_search import PassageText
from training.reader.lessons import InventedShop, LessonQuestion

ASKED: Final = Path(__file__).parent / "asked"
DIGITS: Final = 8
NOWHERE: Final = "-"
MALLARD: Final = "{http://projectmallard.org/1.0/}"
GUIDE: Final = "guide"  # a Mallard page of links alone
DEEPEST: Final = 6  # heading of HTML


class AskedManual(NamedTuple):
    """A manual's passages and what is asked of them."""

    locale: str
    pages: InventedShop


def asked_manuals(folder: Path) -> Iterator[AskedManual]:
    """Every manual that there are questions about, read from `folder`/MANUAL.LANGUAGE."""
    for path in sorted(ASKED.glob("*.txt")):
        pages = InventedShop(list(_passages(folder / path.stem)))
        places: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        for number, passage in enumerate(pages.passages):
            for place, sentence in enumerate(passage.sentences):
                places[digest(sentence)].add((number, place))
        for line in path.read_text(encoding="utf-8").splitlines():
            held, _, question = line.partition(" ")
            answers = frozenset() if held == NOWHERE else frozenset(places[held])
            if answers or held == NOWHERE:  # else the manual is of another edition
                pages.asked.append(LessonQuestion(question, answers))
        yield AskedManual(path.stem.rpartition(".")[2], pages)


def digest(sentence: str) -> str:
    """What a sentence is known by in a file of questions."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:DIGITS]


def mallard_as_html(text: str) -> str:
    """A Mallard page as HTML; "" for one that only leads to others.

    >>> body = "<title>Dim</title><p>It dims.</p>"
    >>> page = f'<page xmlns="http://projectmallard.org/1.0/">{body}</page>'
    >>> mallard_as_html(page)
    '<title>Dim</title><main><h1>Dim</h1><p>It dims.</p></main>'
    """
    root = ElementTree.fromstring(text)  # noqa: S314 -- the builder's own file, never a shop's
    if root.get("type") == GUIDE:
        return ""
    title = escape(_words(root.find(f"{MALLARD}title")))
    return f"<title>{title}</title><main>{''.join(_blocks(root, 1))}</main>"


def _passages(folder: Path) -> Iterator[PassageText]:
    for path in sorted([*folder.glob("*.html"), *folder.glob("*.page")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".page":
            text = mallard_as_html(text)
        if text:
            document = read_document(text.encode(), f"{path.stem}.html")
            yield from (_passage(document.title, cut) for cut in document.cuts)


def _passage(title: str, cut: Cut) -> PassageText:
    headings = tuple(part for part in (title, *cut.headings) if part)
    return PassageText(headings, cut.sentences, cut.leads)


def _blocks(parent: ElementTree.Element, depth: int) -> Iterator[str]:
    for child in parent:
        tag = str(child.tag).removeprefix(MALLARD)
        if tag == "title":
            yield f"<h{depth}>{escape(_words(child))}</h{depth}>"
        elif tag == "p":
            yield f"<p>{escape(_words(child))}</p>"
        elif tag in ("list", "steps"):
            items = "".join(f"<li>{escape(_words(item))}</li>" for item in _all(child, "item"))
            yield f"<ul>{items}</ul>"
        elif tag == "table":
            yield "<table>" + "".join(map(_row, child.iter(f"{MALLARD}tr"))) + "</table>"
        elif tag in ("section", "terms", "item"):
            yield from _blocks(child, min(depth + 1, DEEPEST))
        elif tag in ("note", "example", "listing"):
            yield from _blocks(child, depth)


def _row(row: ElementTree.Element) -> str:
    return (
        "<tr>" + "".join(f"<td>{escape(_words(cell))}</td>" for cell in _all(row, "td")) + "</tr>"
    )


def _all(parent: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return parent.findall(f"{MALLARD}{tag}")


def _words(element: ElementTree.Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
