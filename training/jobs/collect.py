"""Collect: reads all there is to learn from, once, for a retraining's folder."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from feedback.signals import Example, Gathered, PageLessons, ProductExample
from training.data import (
    Library,
    TrainingSources,
    from_examples,
    read_library,
    said_by_shoppers,
    take_snapshot,
)
from training.fitting import from_product_examples
from training.jobs.run_folder import RunData
from training.starter import SpokenText, as_taught

QUESTION: Final = "question"  # the signal of what the staff labelled, not what shoppers accepted
OLDEST: Final = datetime.min.replace(tzinfo=UTC)
SHOWN_TOPICS: Final = 5  # of those with examples over the cap


class Collected(NamedTuple):
    """The data, whose words are in it, and the time it is of."""

    data: RunData
    shoppers: list[str]
    since: datetime | None
    until: datetime


def collect(sources: TrainingSources, now: datetime, *, teaches: bool) -> Collected:
    """Everything, now; the shop's unlabelled texts only where somebody `teaches` them."""
    library = read_library(sources.book.db)
    gathered = sources.gather()
    examples = sorted(gathered.examples, key=lambda example: example.at or OLDEST)
    chosen = list(sources.gather_products())
    wishes = list(sources.gather_wishes())
    pages = sources.read_page_lessons()
    messages = list(sources.read_messages()) if teaches else []
    questions = [example for example in examples if example.signal == QUESTION]
    accepted = [example for example in examples if example.signal != QUESTION]
    data = take_snapshot(library.replies, from_examples(questions), from_examples(accepted))
    texts = [SpokenText("shopper", each.text) for each in messages]
    if teaches:
        texts += [SpokenText("shopper", example.turns[-1][1]) for example in examples]
        texts += [SpokenText("clerk", line.text) for line in library.replies if line.text]
        texts += [SpokenText("clerk", line.title) for line in library.products if line.active]
        texts += [SpokenText("clerk", sentence) for sentence in sources.read_pages()]
    kept = RunData(
        replies=data.replies,
        products=list(library.products),
        chosen=from_product_examples(chosen),
        learn=data.learn,
        frozen=data.frozen,
        newest=data.newest,
        said=said_by_shoppers(examples),
        texts=as_taught(texts),
        about={
            "digest": data.digest,
            "library": library.digests(),
            "counts": {**_counts(examples, chosen, library), **_left_out(gathered)},
            "judged": list(sources.count_unfit()),
            "wishes": [(wish.action, wish.words) for wish in wishes],
            "asked": list(sources.read_asked()),
            "pages": _on_pages(pages),
        },
    )
    return Collected(
        kept,
        shoppers=[
            *(one for example in examples for one in example.shoppers),
            *(one.shopper_id for one in chosen),
            *(one.shopper_id for one in wishes),
            *(one.shopper_id for one in pages.lessons),
            *(one.shopper_id for one in messages),
        ],
        since=min((one.at for one in examples if one.at), default=None),
        until=now,
    )


def _on_pages(taught: PageLessons) -> dict[str, Any]:
    """What was said of quotations, and the passages it was said on.

    Without the questions that the staff led there: above a passage these would say it themselves.
    """
    return {
        "lessons": [each._asdict() for each in taught.lessons],
        "ids": [one.passage_id for one in taught.passages],
        "passages": [
            [[part for part in (one.title, *one.headings) if part], one.sentences, one.leads]
            for one in taught.passages
        ],
    }


def _counts(
    examples: Sequence[Example], chosen: Sequence[ProductExample], library: Library
) -> dict[str, Any]:
    """What the data is made of."""
    return {
        "signals": dict(Counter(example.signal for example in examples)),
        "locales": dict(Counter(example.locale for example in examples)),
        "shoppers": len({one for example in examples for one in example.shoppers}),
        "products_chosen": len(chosen),
        "replies": len({line.reply_id for line in library.replies}),
        "products": len(library.products),
    }


def _left_out(gathered: Gathered) -> dict[str, Any]:
    """How much was not learned, and why; the topics in which most found no place."""
    capped = Counter(gathered.over_cap)
    counted = {
        "in bursts": gathered.burst_votes,
        "contradicting": len(gathered.torn),
        "over a topic's cap": capped.total(),
    }
    found = {"left_out": {why: count for why, count in counted.items() if count}}
    return {**found, "capped_topics": dict(capped.most_common(SHOWN_TOPICS))}
