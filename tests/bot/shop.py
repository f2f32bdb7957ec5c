"""A small shop on a real SQLite store, with a ranker that says what the test tells it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

from sqlmodel import select

from bot.clerk import Clerk, ClerkChance, ClerkRecords
from bot.conversation.exploration import Explorer
from bot.conversation.policy import Policy
from bot.decider import Decider
from bot.knowledge.catalogue_source import CatalogueSource
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.reply_book import ReplyBookSource
from bot.knowledge.reply_book_cache import ReplyBookCache
from bot.knowledge.slots import SlotFiller
from bot.knowledge.source import KnowledgeSource
from bot.languages.phrases import ShopWords
from feedback.db.database import Database
from feedback.db.tables.dialogues import Dialogue, Impression
from feedback.db.tables.signals import Click
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.dialogues.repository import Store
from feedback.dialogues.state import DialogueMemory, memory_read
from feedback.entities import FindsProducts, masked
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import (
    BoughtLine,
    FactLine,
    ProductLine,
    QuestionLine,
    ReplyLine,
    Translation,
    VariantLine,
)
from feedback.knowledge.reply_book import ReplyBook
from feedback.sales.orders import Orders, Purchase, Recorded
from serving.ranker import Candidate, Ranker, RankerUnavailable, Ranking
from tests.bot.recommending import ScriptedRecommender
from tests.factories import signals_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

REPLIES = [
    ("return_policy", "en", "You can return anything within {policy.return_days} days."),
    ("return_policy", "zh", "{policy.return_days}天内都可以退货。"),
    ("return_how", "en", "Print the label and drop the parcel off."),
    ("shipping_cost", "en", "Delivery costs $6."),
    ("order_status", "en", "Order {order.number}: {order.status}. Tracking: {order.tracking}."),
    ("order_status", "zh", "订单{order.number}：{order.status}。"),
    ("order_total", "en", "{order.items}, placed on {order.placed_on}: {order.total}."),
    ("refund_status", "en", "Refunded so far: {order.refunded}."),
    ("product_recommend", "en", "You might like these.\n{products}"),
    ("product_recommend", "zh", "看看这几款。\n{products}"),
    ("warranty", "en", "We repair it within {policy.warranty_months} months."),
    ("talk_to_human", "en", "Of course. A colleague is here {policy.office_hours}."),
    ("talk_to_human", "zh", "好的，人工时间是{policy.office_hours}。"),
]
QUESTIONS = [
    ("can i return this", "return_policy", "en"),
    ("how do i send it back", "return_how", "en"),
    ("怎么退货", "return_policy", "zh"),
    ("what is delivery", "shipping_cost", "en"),
]
FACTS = [
    ("return_days", "30", None),
    ("office_hours", "Monday to Friday, 9 to 6", "en"),
    ("office_hours", "周一至周五9点到18点", "zh"),
]


def product(
    product_id: str,
    title: str,
    title_zh: str,
    *variants: tuple[dict[str, str], str, int | None],
    category: str = "Bags",
    tags: tuple[str, ...] = (),
    active: bool = True,
) -> ProductLine:
    """A product with (options, price, quantity) for each variant."""
    return ProductLine(
        product_id=product_id,
        title=title,
        body="",
        vendor="",
        category=category,
        tags=list(tags),
        image=f"/pictures/{product_id}.png",
        url="",
        active=active,
        variants=tuple(
            VariantLine(
                variant_id=f"{product_id}-{number}",
                options=options,
                sku="",
                price=Decimal(price),
                compare_at=None,
                quantity=quantity,
            )
            for number, (options, price, quantity) in enumerate(variants)
        ),
        translations=(Translation("zh", title_zh),),
    )


PRODUCTS = [
    product(
        "ridge-backpack",
        "Ridge Backpack",
        "山脊双肩包",
        ({"Color": "Clay Red"}, "98.00", 5),
        ({"Color": "Ink Blue"}, "98.00", 0),
        tags=("waterproof", "防水"),
    ),
    product("day-backpack", "Day Backpack", "日用双肩包", ({"Color": "Moss Green"}, "49.00", 3)),
    product("gone-backpack", "Gone Backpack", "断货双肩包", ({}, "30.00", 0)),
    product("old-backpack", "Old Backpack", "旧款双肩包", ({}, "20.00", 9), active=False),
    product(
        "wool-sweater",
        "Wool Sweater",
        "羊毛毛衣",
        ({"Size": "M"}, "80.00", None),
        ({"Size": "L"}, "90.00", 2),
        category="Clothes",
    ),
    product(
        "trail-shoes",
        "Trail Shoes",
        "越野鞋",
        ({"Size": "EU 41-43", "Color": "White"}, "129.00", 1),
        category="Shoes",
    ),
]


@dataclass
class ScriptedRanker:
    """Answers each question as the test wrote down; remembers what it was asked."""

    answers: dict[str, Ranking] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # dialogue, locale, label
    away: bool = False
    products: FindsProducts | None = None  # whose names are hidden from it
    meanwhile: Callable[[], None] = lambda: None  # what happens while it thinks

    def says(self, question: str, *reply_ids: str, confidence: float = 0.95) -> None:
        """Rank `reply_ids` for whatever dialogue ends in `question`, which a model reads masked."""
        ranked = tuple(Candidate(id_, 1 / (n + 1)) for n, id_ in enumerate(reply_ids))
        self.answers[masked(question, products=self.products)] = Ranking(
            ranked, confidence, "model", 3
        )

    def rank(self, dialogue: str, *, locale: str, label: str) -> Ranking:
        """The scripted ranking; nothing fits what was not scripted."""
        self.asked.append((dialogue, locale, label))
        self.meanwhile()
        if self.away:
            raise RankerUnavailable("clerk:8500 did not answer in 0.2 s")
        last = dialogue.rpartition("\x11")[2]
        return self.answers.get(last, Ranking((Candidate("return_how", 0.1),), 0.05, "model", 3))


@dataclass
class KeywordHits:
    """A keyword search that finds the same for every question."""

    scores: dict[str, float] = field(default_factory=lambda: {"return_how": 2.0})

    def rank(self, dialogue: str, *, locale: str, label: str) -> Ranking:
        """The hits, best first."""
        return Ranking(tuple(Candidate(*hit) for hit in self.scores.items()), 0.0, "keywords")


def reply_book_source(
    book: ReplyBook,
    orders: Orders,
    products: ProductSearch,
    ranker: Ranker,
    holdout_ranker: Ranker,
    clock: Callable[[], datetime],
) -> ReplyBookSource:
    """The reply book as the clerk reads it."""
    cache = ReplyBookCache(book)
    slots = SlotFiller(facts=cache.facts, orders=orders, products=products, clock=clock)
    return ReplyBookSource(cache, slots, ranker=ranker, holdout_ranker=holdout_ranker)


class Shop:
    """A shop with its clerk: what a test talks to."""

    def __init__(
        self,
        database: Database,
        *,
        arm: str = "champion",
        starts_anew: bool = True,
        sources: Sequence[KnowledgeSource] | None = None,
        look_every: float = 0.0,
    ) -> None:
        """Fill the book, record one order, open no dialogue.

        `starts_anew` False: another process works on the same store, so the ids are no numbers.
        `look_every` so many seconds the book and the catalogue look whether they have changed.
        """
        self._database = database
        self.now = NOON
        self.arm = arm
        self.ranker = ScriptedRanker()
        self.keywords = KeywordHits()
        self.recommender = ScriptedRecommender()
        self.store = Store(database, "test", DeskHooks())
        self.book = ReplyBook(database, look_every=look_every)
        self.catalogue = Catalogue(database, look_every=look_every)
        self.orders = Orders(database, b"email-key")
        self._ids = count(1)
        self._numbered = starts_anew
        self.real_time = False
        self.book.put_replies([ReplyLine(id_, text, locale) for id_, locale, text in REPLIES], NOON)
        self.book.put_questions([QuestionLine(*line) for line in QUESTIONS], NOON)
        self.book.put_facts([FactLine(*fact) for fact in FACTS], NOON)
        self.catalogue.put_products(PRODUCTS, NOON)
        self.orders.record(
            Purchase(
                order_id="o-1",
                number="1001",
                source="test",
                placed_at=NOON,
                currency="USD",
                total=Decimal("59.90"),
                lines=(BoughtLine("day-backpack", 1, Decimal("59.90"), "Day Backpack"),),
                email="ann@example.com",
                status="shipped",
                tracking="TRACK9",
            ),
            NOON,
        )
        self.point = 0.0  # what chance gives
        self.best_sellers: list[str] = []
        products = ProductSearch(
            self.catalogue, public_url="https://shop.example", recommender=self.recommender
        )
        decider = Decider(
            reply_book_source(
                self.book,
                self.orders,
                products,
                self.ranker,
                self.keywords,
                self.clock,
            ),
            (CatalogueSource(products, lambda: self.best_sellers),) if sources is None else sources,
            policy=Policy(),
            explorer=Explorer(0.1, lambda: self.point),
        )
        self.ranker.products = decider.reader.products
        self.clerk = Clerk(
            decider,
            ClerkRecords(self.store, signals_of(self.store), self.orders),
            ClerkChance(lambda _: self.arm, self.clock, self.new_id),
            ShopWords(lambda: "Juniper Lane"),
        )

    def clock(self) -> datetime:
        """A moment later each time; the real time beside real parts."""
        if self.real_time:
            return datetime.now(UTC)
        self.now += timedelta(seconds=1)
        return self.now

    def new_id(self) -> str:
        """id-1, id-2, …"""
        return f"id-{next(self._ids)}" if self._numbered else uuid4().hex

    def open(self, locale: str = "en") -> str:
        """A new shopper's dialogue."""
        return self.clerk.open(shopper_id=None, channel="web", locale=locale).dialogue_id

    def dialogue(self, dialogue_id: str) -> Dialogue:
        """The dialogue as it stands."""
        found = self.store.dialogue(dialogue_id)
        assert found is not None
        return found

    def memory(self, dialogue_id: str) -> DialogueMemory:
        """What the clerk remembers of it."""
        return memory_read(self.dialogue(dialogue_id).memory)

    def impression(self, impression_id: str) -> Impression:
        """What was recorded of an answer."""
        found = self.store.impression(impression_id)
        assert found is not None
        return found

    def clicks(self) -> int:
        """How many clicks were recorded."""
        with self._database.reading() as session:
            return len(session.exec(select(Click)).all())

    def buys(self, order_id: str, *, email: str) -> Recorded:
        """An order arrives that knows its buyer by e-mail only."""
        purchase = Purchase(order_id, order_id, "test", NOON, "USD", Decimal(10), email=email)
        return self.orders.record(purchase, NOON)
