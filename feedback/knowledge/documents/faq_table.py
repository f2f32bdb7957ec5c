"""Tables of questions and answers, as CSV or JSON."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from feedback.knowledge.documents.clean import visible
from feedback.knowledge.documents.cut import Block
from feedback.knowledge.documents.document import Unreadable
from feedback.knowledge.documents.plain import plain_blocks
from feedback.knowledge.importers.html_text import plain_text

PAIR_LEVEL: Final = 7
QUESTION: Final = ("question", "q", "title", "name", "问题", "問題", "标题")
ANSWER: Final = (
    "answer",
    "a",
    "body",
    "text",
    "content",
    "reply",
    "response",
    "答案",
    "回答",
    "内容",
)
SECTION: Final = ("section", "category", "topic", "group", "分类", "類別", "主题")
REMEDY: Final = 'Name the columns "question" and "answer" (and "section", where there are some).'
MOST_FIELD: Final = 1_000_000


def read_csv_faq(text: str) -> list[Block]:
    """The pairs of a CSV file with a line of column names.

    >>> [block.text for block in read_csv_faq("Question,Answer\\nCan I pay later?,Yes.")]
    ['Can I pay later?', 'Yes.']

    Raises:
        Unreadable: it has no columns of questions and answers.
    """
    csv.field_size_limit(MOST_FIELD)
    sample = text[:10_000]
    first = sample.partition("\n")[0]
    delimiter = max((";", "\t", ","), key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))
    except csv.Error as wrong:
        raise Unreadable(
            f"the table can not be read ({wrong}); save it as CSV in UTF-8."
        ) from wrong
    return _blocks(rows)


def read_json_faq(text: str) -> list[Block]:
    """The pairs of a JSON list, an object that holds one, an object of pairs, or a `FAQPage`.

    >>> [block.text for block in read_json_faq('[{"question": "Late?", "answer": "No."}]')]
    ['Late?', 'No.']

    Raises:
        Unreadable: it is no JSON, or has no pairs.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = _lines(text)
    return _blocks(list(_rows(data)))


def _lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(f"it is no JSON ({str(wrong)[:80]}). {REMEDY}") from wrong


def _rows(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        yield from (one for one in data if isinstance(one, dict))
    elif isinstance(data, dict):
        inner = [value for value in data.values() if isinstance(value, list) and value]
        if inner:
            yield from _rows(inner[0])
        elif all(isinstance(value, str) for value in data.values()):
            yield from ({"question": asked, "answer": said} for asked, said in data.items())


def _blocks(rows: list[dict[Any, Any]]) -> list[Block]:
    blocks: list[Block] = []
    section = ""
    for row in rows:
        named = {str(key).strip().casefold(): value for key, value in row.items() if key}
        asked, said = _field(named, QUESTION), _answer(named)
        if not asked or not said:
            continue
        if (group := _field(named, SECTION)) != section:
            section = group
            blocks.append(Block("heading", group, 2))
        blocks += [Block("heading", asked, PAIR_LEVEL), *plain_blocks(plain_text(said))]
    if not blocks:
        raise Unreadable(f"no questions with answers were found in it. {REMEDY}")
    return blocks


def _field(row: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((visible(str(row[name])) for name in names if row.get(name)), "")


def _answer(row: dict[str, Any]) -> str:
    accepted = row.get("acceptedanswer")
    if isinstance(accepted, list) and accepted:
        accepted = accepted[0]
    if isinstance(accepted, dict):
        return str(accepted.get("text") or "")
    return next((str(row[name]) for name in ANSWER if row.get(name)), "")
