"""A shop for each test, and a shopper who has begun to chat in it."""

from tests.bot.web_fixtures import demo_dir, session, shop, web

__all__ = ["demo_dir", "session", "shop", "web"]
