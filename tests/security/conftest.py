"""The web edge's fixtures, for what is tested through it."""

from tests.bot.web_fixtures import demo_dir, session, shop, web

__all__ = ["demo_dir", "session", "shop", "web"]
