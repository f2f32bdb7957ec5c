"""Agents ask over MCP: the protocol's own messages, against the app."""

import asyncio
from typing import Any

import httpx
import httpx2
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from sqlmodel import select

from bot.channels.agents.mcp_edge import McpEdge
from bot.knowledge.product_search import ProductSearch
from feedback.db.database import Database
from feedback.db.tables.desk import DeskCard
from feedback.db.tables.dialogues import Dialogue
from feedback.db.tables.people import Uncounted
from tests.bot.web_fixtures import demo_dir, session, shop, web
from tests.bot.web_shop import PUBLIC_URL, Shop, open_shop

__all__ = ["demo_dir", "session", "shop", "web"]

ACCEPTED = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


def asked(shop: Shop, *calls: tuple[str, dict[str, Any]], url: str = PUBLIC_URL) -> list[Any]:
    """What the edge answers to calls of tools, one request each."""
    products = ProductSearch(shop.catalogue, public_url=PUBLIC_URL)

    async def talk() -> list[Any]:
        edge = McpEdge(shop.app.state.context, products)
        wire = httpx.ASGITransport(edge)
        async with edge.running(), httpx.AsyncClient(transport=wire, base_url=url) as agent:
            return [
                await agent.post(
                    "/mcp",
                    headers=ACCEPTED,
                    json={
                        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                        "params": {"name": name, "arguments": arguments},
                    },
                )
                for name, arguments in calls
            ]  # fmt: skip

    return asyncio.run(talk())


def said(answer: Any) -> Any:
    return answer.json()["result"]["structuredContent"]


class TestAgents:
    def test_are_answered_in_the_shops_words(self, shop: Shop):
        """Their channel is their own, and no experiment counts them."""
        (answer,) = asked(shop, ("ask_business", {"question": "can i return it"}))

        assert "You can return it within 30 days." == said(answer)["answer"]
        with shop.orders.db.reading() as session:
            dialogue = session.exec(select(Dialogue).where(Dialogue.channel == "mcp")).one()
            assert session.get(Uncounted, dialogue.shopper_id) is not None

    def test_are_told_where_nothing_answers(self, shop: Shop):
        """And nobody at the desk waits to answer a machine."""
        (answer,) = asked(shop, ("ask_business", {"question": "xyzzy plugh"}))

        assert None is said(answer)["answer"]
        with shop.orders.db.reading() as session:
            assert [] == session.exec(select(DeskCard)).all()

    def test_search_and_look_at_products(self, shop: Shop):
        """With prices and stock; an unknown id is said to be none."""
        found, nothing = asked(
            shop,
            ("search_catalog", {"query": "recommend me a backpack", "limit": 3}),
            ("get_product", {"product_id": "none"}),
        )
        cards = said(found)["products"]
        assert cards
        (one,) = asked(shop, ("get_product", {"product_id": cards[0]["product_id"]}))

        assert cards[0]["title"] == said(one)["product"]["title"]
        assert said(one)["product"]["variants"]
        assert None is said(nothing)["product"]

    def test_ask_at_most_so_often(self, one_database: Database):
        """As anybody of one address; three in a row are within any minute."""
        shop = open_shop(one_database, address_per_minute=2)
        call = ("get_product", {"product_id": "none"})

        assert [200, 200, 429] == [answer.status_code for answer in asked(shop, call, call, call)]

    def test_of_another_host_are_refused(self, shop: Shop):
        """A page in a browser can not make a name of its own lead here (DNS rebinding)."""
        (answer,) = asked(shop, ("get_product", {"product_id": "x"}), url="http://evil.example")

        assert 421 == answer.status_code


@pytest.mark.parametrize("path", ["/mcp"])
def test_is_off_by_default(web: Any, path: str):
    """Who does not switch it on has no such address."""
    assert 404 == web.post(path, json={}).status_code


class TestOfficialClient:
    def test_finds_the_tools_and_calls_each(self, shop: Shop):
        """The SDK's own client, as assistants use it: an answer, products, one of them."""
        calls = (
            ("ask_business", {"question": "can i return it", "context": "a backpack"}),
            ("search_catalog", {"query": "recommend me a backpack"}),
            ("get_product", {"product_id": "none"}),
        )

        names, (answer, found, nothing) = by_sdk(shop, *calls)

        assert ["ask_business", "search_catalog", "get_product"] == names
        assert "You can return it within 30 days." == answer["answer"]
        assert [] == answer["sources"]
        assert found["products"]
        assert None is nothing["product"]


def by_sdk(shop: Shop, *calls: tuple[str, dict[str, Any]]) -> tuple[list[str], list[Any]]:
    """The names of the tools, and what the calls give, by the official client."""
    products = ProductSearch(shop.catalogue, public_url=PUBLIC_URL)

    async def talk() -> tuple[list[str], list[Any]]:
        edge = McpEdge(shop.app.state.context, products)
        wire = httpx2.AsyncClient(transport=httpx2.ASGITransport(edge))
        async with (
            edge.running(),
            wire,
            streamable_http_client(f"{PUBLIC_URL}/mcp", http_client=wire) as (read, write),
            ClientSession(read, write) as agent,
        ):
            await agent.initialize()
            tools = [tool.name for tool in (await agent.list_tools()).tools]
            return tools, [(await agent.call_tool(*call)).structured_content for call in calls]

    return asyncio.run(talk())
