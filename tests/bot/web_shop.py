"""A whole web edge over a real SQLite store, with a ranker whose mind we can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from bot.actions.flow import ActionFlow
from bot.app import Edges, Process, Repositories, create_app
from bot.clerk import Clerk, ClerkChance, ClerkRecords
from bot.controls import Controls
from bot.conversation.policy import Policy
from bot.decider import Decider
from bot.desk.single_sign_on import SingleSignOn, build_sso
from bot.http.config import WebConfig
from bot.http.context import Readiness
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.source import KnowledgeSource
from bot.languages.phrases import ShopWords
from bot.shops.registry import shop_systems as all_systems
from bot.shops.shop_system import ShopSystem
from bot.tokens import Tokens
from feedback.db.database import Database
from feedback.db.jobs import Runs
from feedback.demo_shop import DemoShop
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.dialogues.repository import Store
from feedback.dialogues.visits import Visits
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.files import FactLine, ReplyLine
from feedback.knowledge.importers.records import Translation
from feedback.knowledge.reply_book import ReplyBook
from feedback.privacy.deletions import Deletions
from feedback.sales.orders import Orders
from serving.ranker import Candidate, Ranker, Ranking
from tests.bot.shop import reply_book_source
from tests.bot.visitor import Visitor
from tests.factories import make_product, signals_of

PUBLIC_URL = "http://shop.test"
ORDERS_SECRET = "orders-secret-for-tests"
SHOPIFY_SECRET = "shopify-secret-for-tests"
WOO_SECRET = "woocommerce-secret-for-tests"
STRIPE_SECRET = "whsec_for_tests"
SHOP_SETTINGS = {
    "orders_secret": ORDERS_SECRET,
    "shopify_secret": SHOPIFY_SECRET,
    "woocommerce_secret": WOO_SECRET,
    "stripe_secret": STRIPE_SECRET,
}
ALL_SYSTEMS = all_systems()
PASSWORD = "open sesame"

WELL = Readiness(True, {"store": "well"})

REPLIES = {
    "return_policy": "You can return it within {policy.return_days} days.",
    "order_status": "Order {order.number} is {order.status}.",
    "product_recommend": "Have a look at these:\n{products}",
    "talk_to_human": "I pass you on to a person.",
    "markup": "<b>bold</b> & <script>alert(1)</script>",
}


class WordRanker:
    """Sure of the reply whose word stands in the newest turn; knows nothing else."""

    words: Mapping[str, str] = {
        "return": "return_policy",
        "order": "order_status",
        "recommend": "product_recommend",
        "person": "talk_to_human",
        "markup": "markup",
    }

    def rank(self, dialogue: str, *, locale: str, label: str) -> Ranking:
        """Rank by the words above."""
        newest = dialogue.rsplit("\x11", 1)[-1]
        found = [Candidate(reply, 0.9) for word, reply in self.words.items() if word in newest]
        if "puzzle" in newest:
            both = (Candidate("return_policy", 0.2), Candidate("order_status", 0.1))
            return Ranking(both, 0.1, "model", 1)
        if "unsure" in newest:
            both = (Candidate("return_policy", 0.5), Candidate("order_status", 0.4))
            return Ranking(both, 0.5, "model", 1)
        return Ranking(tuple(found), 0.97 if found else 0.0, "model", 1)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@dataclass
class Shop:
    """The app and what lies behind it."""

    app: FastAPI
    store: Store
    book: ReplyBook
    catalogue: Catalogue
    orders: Orders
    runs: Runs
    tokens: Tokens
    clock: Clock
    config: WebConfig

    @property
    def deletions(self) -> Deletions:
        """What shop systems asked to delete."""
        return Deletions(self.orders.db)

    @property
    def demo(self) -> DemoShop:
        """Whether the store holds the demo shop."""
        return DemoShop(self.orders.db)

    def visitor(self, peer: str = "127.0.0.1") -> Visitor:
        """Somebody with a browser or a program, whose requests come from `peer`."""
        return Visitor(self.app, PUBLIC_URL, peer)


def open_shop(  # noqa: PLR0913 - what a test's shop differs in, by name
    database: Database,
    *,
    demo_dir: Path | None = None,
    ranker: Ranker | None = None,
    sources: Sequence[KnowledgeSource] = (),
    filled: bool = True,
    arm: str = "champion",
    ready: Readiness = WELL,
    sso: SingleSignOn | None = None,
    controls: Controls | None = None,
    shop_systems: Sequence[ShopSystem] = ALL_SYSTEMS,
    actions: ActionFlow | None = None,
    visits: Visits | None = None,
    **changes: Any,
) -> Shop:
    """A shop over `database`; `changes` go into its WebConfig."""
    clock, numbers = Clock(), count(1)
    store = Store(database, "web-tests", DeskHooks())
    book, catalogue = ReplyBook(database), Catalogue(database)
    orders, runs = Orders(database, b"key"), Runs(database)
    settings: dict[str, Any] = {
        "public_url": PUBLIC_URL,
        "shop_name": lambda: "Juniper Lane",
        "shop_settings": SHOP_SETTINGS,
        "check_password": lambda password: password == PASSWORD,
        "demo_dir": demo_dir,
        "poll_seconds": 0.05,
        "stream_seconds": 0.15,
        **changes,
    }
    config = WebConfig(**settings)
    tokens = Tokens("secret-of-the-tests", clock=clock)
    ranker = ranker or WordRanker()

    def new_id() -> str:
        return f"id-{next(numbers)}"

    products = ProductSearch(catalogue, public_url=config.public_url)
    decider = Decider(
        reply_book_source(
            book,
            orders,
            products,
            ranker,
            ranker,
            clock,
        ),
        sources,
        policy=Policy(),
        actions=actions,
    )
    clerk = Clerk(
        decider,
        ClerkRecords(store, signals_of(store), orders),
        ClerkChance(lambda shopper_id: arm, clock, new_id),
        ShopWords(config.shop_name, products.title_at),
    )
    if filled:
        fill(book, catalogue, clock())
    if demo_dir is not None:
        DemoShop(database).open(clock())
    app = create_app(
        config,
        Repositories(store, book, catalogue, orders, runs),
        Process(clock, new_id, ready=lambda: ready),
        Edges(
            shop_systems,
            sso=partial(build_sso, sso) if sso else None,
            controls=controls,
            visits=visits,
        ),
        clerk=clerk,
        tokens=tokens,
    )
    return Shop(app, store, book, catalogue, orders, runs, tokens, clock, config)


def fill(book: ReplyBook, catalogue: Catalogue, now: datetime) -> None:
    """A few replies, a fact and two products."""
    book.put_replies([ReplyLine(id_, text) for id_, text in REPLIES.items()], now)
    book.put_replies([ReplyLine("return_policy", "{policy.return_days}天内可以退货。", "zh")], now)
    book.put_facts([FactLine("return_days", "30")], now)
    catalogue.put_products(
        [
            make_product(),
            make_product(
                product_id="clay-mug",
                title="Clay Mug <3",
                translations=(Translation("zh", "陶杯"),),
            ),
        ],
        now,
    )
