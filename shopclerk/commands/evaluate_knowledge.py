"""`shopclerk evaluate --knowledge`: questions over folders of documents or products."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from feedback.knowledge import (
    BadLine,
    BadShape,
    Cut,
    KnownPassage,
    Unreadable,
    parse_object,
    read_document,
)
from serving.contract import STABLE, Turn, render_dialogue
from serving.ranker import FoundSentence, ReadAnswers
from shopclerk.commands.evaluate_products import is_catalogue, opened_catalogue

if TYPE_CHECKING:
    from bot.knowledge import IndexedPages, KnowledgeQuery
    from training.evaluation import LoadedVersion

ANSWERS: Final = 5
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class KnowledgeQuestion(NamedTuple):
    """A question about a collection; `answerable` where the file tells."""

    id: str
    collection: str
    question: str
    previous: str
    answerable: bool


# The answers to a question, best first, each with its source; and how sure the first is.
Answering = Callable[[KnowledgeQuestion], tuple[list[dict[str, str]], float]]


class _Reading:
    """A loaded version as a model server's client."""

    def __init__(self, version: "LoadedVersion") -> None:
        self._version = version

    def embed(self, texts: Sequence[str], *, label: str = STABLE) -> Any:
        return self._version.embed(texts)

    def read(
        self, dialogue: str, sentences: Sequence[FoundSentence], *, label: str = STABLE
    ) -> ReadAnswers:
        return self._version.read(dialogue, sentences)


def evaluate_knowledge(
    paths: Sequence[Path], sources: Path, version_folder: Path, out: Path | None
) -> tuple[dict[str, Any], list[BadLine]]:
    """Answer every question from its own collection, a folder of `sources`.

    Returns:
        The figures, and what could not be read.
    """
    from training.evaluation import LoadedVersion

    bad: list[BadLine] = []
    asked = list(_questions(paths, bad))
    reader = _Reading(LoadedVersion(version_folder))
    lines: list[dict[str, Any]] = []
    taken: list[float] = []
    for collection in dict.fromkeys(each.collection for each in asked):
        with _opened(sources, collection, reader, bad) as answer:
            for each in asked:
                if each.collection == collection:
                    started = perf_counter()
                    lines.append(_line(each, *answer(each)))
                    taken.append(1_000 * (perf_counter() - started))
    if out is not None:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        out.write_text(text, encoding="utf-8")
    said = [line for line in lines if not line["abstained"]]
    return {
        "n": len(lines),
        "answered": len(said),
        "median_ms": round(float(np.median(taken)), 3) if taken else 0.0,
    }, bad


@contextmanager
def _opened(
    sources: Path, collection: str, reader: _Reading, bad: list[BadLine]
) -> Iterator[Answering]:
    """What answers questions about a collection: its catalogue, or its documents."""
    if is_catalogue(collection):
        with opened_catalogue(sources / collection, reader, bad) as catalogue:
            yield lambda asked: catalogue.answer(_query(asked))
    else:
        pages = _indexed(list(_passages(sources, collection, bad)), reader)
        yield partial(_quote, pages=pages, reader=reader)


def _query(asked: KnowledgeQuestion) -> "KnowledgeQuery":
    from bot.knowledge import KnowledgeQuery

    texts = [text for text in (asked.question, asked.previous) if text]
    dialogue = render_dialogue(Turn("shopper", text) for text in reversed(texts))
    return KnowledgeQuery(texts, dialogue, "en")


def _quote(
    asked: KnowledgeQuestion, pages: "IndexedPages", reader: _Reading
) -> tuple[list[dict[str, str]], float]:
    from bot.knowledge import find_quotations

    quotations = find_quotations(pages, _query(asked), reader, label=STABLE)
    answers = []
    for each in quotations:
        passage = pages.passages[each.passage]
        text = each.text(passage.sentences, passage.leads)
        answers.append({"source": passage.url, "text": text})
    return answers, quotations[0].probability if quotations else 0.0


def _line(asked: KnowledgeQuestion, answers: list[dict[str, str]], score: float) -> dict[str, Any]:
    from bot.conversation import Policy

    return {
        "id": asked.id,
        "answers": answers[:ANSWERS],
        "abstained": bool(score < Policy().answer_at),
        "score": float(score),
        "passages": list(dict.fromkeys(each["source"] for each in answers)),
    }


def _questions(paths: Sequence[Path], bad: list[BadLine]) -> Iterator[KnowledgeQuestion]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = parse_object(line.encode())
                yield KnowledgeQuestion(
                    str(row["id"]),
                    str(row["collection"]),
                    str(row["question"]),
                    str(row.get("previous") or ""),
                    bool(row.get("evidence")),
                )
            except (BadShape, KeyError) as error:
                bad.append(BadLine(path, number, f"no question of a collection: {error}"))


def _passages(sources: Path, collection: str, bad: list[BadLine]) -> Iterator[KnownPassage]:
    folder = sources / collection
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        bad.append(BadLine(folder, 0, "no such folder of documents"))
    for path in files:
        name = f"{collection}/{path.relative_to(folder).as_posix()}"
        try:
            document = read_document(path.read_bytes(), path.name)
        except Unreadable as error:
            bad.append(BadLine(path, 0, str(error)))
            continue
        for number, cut in enumerate(document.cuts):
            yield _passage(f"{name}#{number}", name, document.title, cut)


def _passage(id_: str, name: str, title: str, cut: Cut) -> KnownPassage:
    return KnownPassage(
        passage_id=id_,
        page_id=name,
        source_id=name,
        title=title,
        url=name,
        headings=list(cut.headings),
        question=cut.question,
        text=cut.text,
        sentences=list(cut.sentences),
        leads=list(cut.leads),
        language=cut.language,
        dated_at=None,
        version=1,
        active=True,
        vector=None,
        vector_version=None,
        updated_at=EPOCH,
    )


def _indexed(passages: Sequence[KnownPassage], reader: _Reading) -> "IndexedPages":
    from bot.knowledge import indexed, text_of

    texts = [text_of(passage) for passage in passages]
    vectors = reader.embed([text for each in texts for text in each.embedded()]).astype(np.float16)
    ends = np.cumsum([len(each.sentences) for each in texts], dtype=np.int64)
    parts = np.split(vectors, ends[:-1]) if len(texts) else []
    return indexed(
        [
            passage._replace(vector=part.tobytes())
            for passage, part in zip(passages, parts, strict=True)
        ]
    )
