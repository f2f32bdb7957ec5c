"""Builds the clerk, with keyword search as the fallback of the model."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from feedback.db import Database
from feedback.desk import DeskHooks, note_thumb
from feedback.dialogues import TERMINAL, Store
from feedback.knowledge import Catalogue, Passages, ReplyBook
from feedback.sales import best_sellers
from feedback.signals import Signals
from serving.keyword_search import BookEntry, KeywordRanker, KeywordsWithHeads, with_fallback
from serving.ranker import Ranker, Ranking, Recommender, SentenceReader
from shopclerk.settings import Settings
from shopclerk.wiring.actions import build_actions
from shopclerk.wiring.base import EXPERIMENT, build_orders, new_id, shop_name, utc_now

LOOK_SECONDS: Final = 0.5  # between two looks whether the book has changed
LATELY: Final = timedelta(days=90)  # counts for what is bought most
chance = random.SystemRandom()

if TYPE_CHECKING:
    from bot.clerk import Clerk


class ClerkModel(NamedTuple):
    """What of the model answers a clerk: products and pages are read only where it can."""

    ranker: Ranker
    recommender: Recommender | None = None
    reader: SentenceReader | None = None  # finds and reads what the shop's pages say


def keyword_ranker(book: ReplyBook) -> KeywordRanker:
    """Keyword search over the store's reply book and its questions."""

    def entries() -> list[BookEntry]:
        questions: dict[tuple[str | None, str], list[str]] = {}
        for row in book.questions():
            if row.history:  # by itself "how long does that take" asks for anything
                continue
            questions.setdefault((row.reply_id, row.locale), []).append(row.question)
        return [
            BookEntry(
                reply.reply_id,
                reply.locale,
                reply.text,
                tuple(questions.get((reply.reply_id, reply.locale), ())),
            )
            for reply in book.replies()
        ]

    return KeywordRanker(entries, book.stamp)


def explored_share(settings: Settings) -> float:
    """How many near-ties are explored; in an A/A test none, since both arms have to be alike."""
    return 0.0 if settings.same_answers else settings.explore_share


def clerks_acts(settings: Settings) -> Callable[[Ranking], Mapping[str, float]]:
    """What the clerk would do with a ranking, each act with its probability."""
    from bot.conversation import Explorer, Policy, acts

    return partial(acts, Policy(), Explorer(explored_share(settings)))


def build_clerk(
    settings: Settings,
    database: Database,
    model: ClerkModel,
    *,
    assign_arm: Callable[[str], str],
    is_preview: bool = False,
) -> "Clerk":
    """The clerk, with keyword search for the holdout and while the model is away.

    A preview, at the desk or in a terminal, shows what would be said: it is of no experiment and
    changes no order.
    """
    from bot.clerk import Clerk, ClerkChance, ClerkRecords
    from bot.conversation import Explorer, Policy
    from bot.decider import Decider
    from bot.knowledge import (
        CatalogueSource,
        HelpPages,
        PageIndex,
        ProductSearch,
        ProductTexts,
        ReplyBookCache,
        ReplyBookSource,
        SlotFiller,
    )
    from bot.languages import ShopWords

    book, orders = ReplyBook(database, look_every=LOOK_SECONDS), build_orders(settings, database)
    keywords = keyword_ranker(book)
    if not is_preview:  # its few answers need no second index of the book
        keywords.prepare()
    with_keywords = with_fallback(model.ranker, keywords)
    cache = ReplyBookCache(book)
    products = ProductSearch(
        Catalogue(database, look_every=LOOK_SECONDS),
        public_url=settings.shop_url or settings.public_url,
        recommender=model.recommender,
    )
    slots = SlotFiller(facts=cache.facts, orders=orders, products=products, clock=utc_now)
    pages = PageIndex(Passages(database, look_every=LOOK_SECONDS))
    reader = model.reader
    texts = None if reader is None else ProductTexts(products, reader)
    decider = Decider(
        ReplyBookSource(
            cache,
            slots,
            ranker=with_keywords,
            # A/A: everybody has the model's answers, and the report has to find no difference.
            holdout_ranker=(
                with_keywords
                if settings.same_answers
                else KeywordsWithHeads(keywords, with_keywords)
            ),
        ),
        [
            CatalogueSource(products, lambda: best_sellers(database, utc_now() - LATELY), texts),
            *([] if reader is None else [HelpPages(pages, reader)]),
            *([] if texts is None else [texts]),
        ],
        policy=Policy(),
        explorer=Explorer(explored_share(settings), chance.random),
        actions=None if is_preview else build_actions(settings, database, reader),
    )
    return Clerk(
        decider,
        ClerkRecords(
            Store(database, TERMINAL if is_preview else EXPERIMENT, DeskHooks()),
            Signals(database, note_thumb),
            orders,
        ),
        ClerkChance(assign_arm, utc_now, new_id),
        ShopWords(shop_name(settings, database), products.title_at),
    )
