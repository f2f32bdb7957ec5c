"""MCP server at `/mcp`: agents ask the clerk, search the catalogue, look at a product.

Without sessions: each request stands alone, so any replica may take it. An agent's question is a
dialogue of the channel `mcp`; whoever asks is left out of experiments, as robots are.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlsplit

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bot.http import MCP_PATH, TooMany, WebContext, address_of, problem_response
from bot.knowledge import ProductSearch
from bot.languages import normal_locale
from bot.messages import Answer
from feedback.dialogues import AGENTS

MOST_CARDS: Final = 10
MOST_BYTES: Final = 64 * 1024
MOST_CHARS: Final = 1_000  # of a question, and of what it is about

INSTRUCTIONS: Final = (
    "Ask what this shop has written itself: policies, help pages, products. Answers are the shop's"
    " own words with their sources. Orders and refunds need the shopper, in the shop's chat."
)


class McpEdge:
    """The endpoint, as an ASGI app; `running` has to be entered before the first request."""

    def __init__(self, context: WebContext, products: ProductSearch) -> None:
        """Answer with the clerk of `context`, and from `products`."""
        self._context, self._products = context, products
        server = MCPServer("shopclerk", instructions=INSTRUCTIONS)
        server.tool()(self.ask_business)
        server.tool()(self.search_catalog)
        server.tool()(self.get_product)
        host = urlsplit(context.config.public_url).netloc
        server.streamable_http_app(
            streamable_http_path=MCP_PATH,
            stateless_http=True,
            json_response=True,
            max_request_body_size=MOST_BYTES,
            transport_security=TransportSecuritySettings(
                allowed_hosts=[host], allowed_origins=[context.config.public_url]
            ),
        )
        self._sessions = server.session_manager

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Takes requests until it ends."""
        async with self._sessions.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request, unless its sender asks too often."""
        request = Request(scope, receive)
        try:
            self._context.limits.check("address", address_of(request))
        except TooMany as refused:
            self._context.metrics.limited.labels(refused.window).inc()
            answer = problem_response(request, refused.kind, refused.detail, refused.headers)
            await answer(scope, receive, send)
            return
        await self._sessions.handle_request(scope, receive, send)

    async def ask_business(self, question: str, context: str = "") -> dict[str, Any]:
        """Ask the shop a question; the answer is in its own words, with its sources.

        Args:
            question: What is to be known, in English or Chinese.
            context: What was said before, or what it is about.
        """
        answer = await self._context.call(self._ask, question[:MOST_CHARS], context[:MOST_CHARS])
        if answer is None or answer.kind == "handover":
            return {"answer": None, "sources": [], "note": "Nothing the shop has written answers."}
        sources = [{"title": c.title, "url": c.url, "text": c.text} for c in answer.citations]
        return {
            "answer": answer.text,
            "sources": sources,
            "choices": [choice.title for choice in answer.choices],
            "products": [asdict(card) for card in answer.products],
        }

    async def search_catalog(self, query: str, limit: int = 5) -> dict[str, Any]:
        """Search the shop's products that are in stock: by words, colour, size, price.

        Args:
            query: As a shopper would say it: "blue jacket under 100".
            limit: At most so many, up to 10.
        """
        cards = await self._context.call(
            self._products.search,
            [query[:MOST_CHARS]],
            locale=normal_locale(""),
            limit=min(max(limit, 1), MOST_CARDS),
        )
        return {"products": [asdict(card) for card in cards]}

    async def get_product(self, product_id: str) -> dict[str, Any]:
        """A product with its description, variants, prices and stock.

        Args:
            product_id: As `search_catalog` names it.
        """
        item = await self._context.call(self._context.catalogue.product, product_id[:200])
        if item is None or not item.product.active:
            return {"product": None, "note": "The shop sells nothing of this id."}
        product = item.product
        return {
            "product": {
                "product_id": product.product_id,
                "title": product.title,
                "description": product.body,
                "url": product.url,
                "variants": [
                    {
                        "variant_id": one.variant_id,
                        "options": one.options,
                        "price": str(one.price),
                        "currency": one.currency,
                        "in_stock": one.quantity is None or one.quantity > 0,
                    }
                    for one in item.variants
                ],
            }
        }

    def _ask(self, question: str, before: str) -> Answer | None:
        clerk, now = self._context.clerk, self._context.clock()
        dialogue = clerk.open(shopper_id=None, channel=AGENTS, locale="")
        self._context.store.leave_out_robot(dialogue.shopper_id, now)
        text = f"{before} {question}".strip() if before else question
        return clerk.reply(dialogue.dialogue_id, text, client_id=self._context.new_id())
