"""A shop whose clerk can change orders, through the real client of the signed back office."""

from typing import Any

from bot.actions.back_in_stock import StockedProduct
from bot.actions.back_office import OrderItem
from bot.actions.carry_out import Carrier
from bot.actions.flow import ActionFlow
from bot.actions.flow_parts import FlowParts
from bot.actions.order_actions import ORDER_ACTIONS
from bot.actions.pointing import Pointer, points_nowhere
from bot.actions.rules import ActionRules
from bot.actions.signed_back_office import ADDRESSES, SignedBackOffice
from bot.actions.who import CustomerFinder
from bot.actions.worker import ActionWorker
from bot.clerk import Answer, Clerk, ClerkChance, ClerkRecords
from bot.conversation.policy import Policy
from bot.decider import Decider
from bot.knowledge.product_search import ProductSearch
from bot.languages.phrases import ShopWords
from bot.messages import Place
from feedback.actions.decisions import ActionDecisions
from feedback.actions.runs import ActionRuns
from feedback.actions.under_way import RunsUnderWay
from feedback.db.database import Database
from feedback.db.guesses import Guesses
from tests.bot.actions.back_office import SmallBackOffice
from tests.bot.shop import Shop, reply_book_source
from tests.factories import signals_of

NAMES = {"lamp": "台灯", "mug": "石杯", "rug": "地毯", "hat": "毡帽"}


def names(item: OrderItem) -> tuple[str, ...]:
    return item.title, NAMES.get(item.product_id, "")


class ActingShop:
    """What a test says to the clerk, and what the back office was told."""

    def __init__(
        self,
        database: Database,
        rules: ActionRules = ActionRules(),  # noqa: B008 - frozen
        *,
        actions: Any = ORDER_ACTIONS,
        addresses: Any = ADDRESSES,
        client: SignedBackOffice | None = None,
        owner: str = "this",
        pointer: Pointer = points_nowhere,
    ) -> None:
        self.shop = Shop(database)
        self.office = SmallBackOffice(self.shop.clock)
        self.runs = ActionRuns(database)
        if client is None:
            client = self.office.client()
            client._addresses = addresses
        self.carrier = Carrier(self.runs, client, owner=owner, clock=self.shop.clock)
        self.woken: list[str] = []
        self.facts: dict[str, str] = {}
        self.stock: dict[str, StockedProduct] = {}
        parts = FlowParts(
            client,
            self.runs,
            self.carrier,
            CustomerFinder(client, Guesses(database, b"key", "customer"), self.shop.clock),
            names=names,
            clock=self.shop.clock,
            rules=rules,
            actions=actions,
            facts=lambda _: self.facts,
            stock=lambda: self.stock,
            pointer=pointer,
        )
        self.flow = ActionFlow(parts)
        self.decisions = ActionDecisions(database)
        self.under_way = RunsUnderWay(database)
        self.worker = ActionWorker(parts, self.shop.store, wake=self.woken.append)
        shop = self.shop
        products = ProductSearch(shop.catalogue, public_url="https://shop.example")
        decider = Decider(
            reply_book_source(
                shop.book, shop.orders, products, shop.ranker, shop.keywords, shop.clock
            ),
            policy=Policy(),
            actions=self.flow,
        )
        self.clerk = Clerk(
            decider,
            ClerkRecords(shop.store, signals_of(shop.store), shop.orders),
            ClerkChance(lambda _: "champion", shop.clock, shop.new_id),
            ShopWords(lambda: "Juniper Lane"),
        )
        self.dialogue_id = self.clerk.open(shopper_id=None, channel="web", locale="en").dialogue_id
        self._said = 0

    def say(
        self,
        text: str,
        *,
        choice: str | None = None,
        client_id: str = "",
        place: Place | None = None,
    ) -> Answer:
        """One message of the shopper; the clerk's answer."""
        self._said += 1
        answer = self.clerk.reply(
            self.dialogue_id,
            text,
            client_id=client_id or f"m{self._said}",
            choice=choice,
            place=place,
        )
        assert answer is not None
        return answer

    def talk(self, *texts: str) -> Answer:
        """Several messages; the answer to the last."""
        for text in texts:
            answer = self.say(text)
        return answer

    @property
    def written(self) -> list[tuple[str, dict[str, Any]]]:
        """Every write the back office has done."""
        return self.office.log
