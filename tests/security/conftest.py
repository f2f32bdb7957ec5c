"""The web edge's fixtures, for what is tested through it."""

from tests.bot.web.conftest import demo_dir, session, shop, web

__all__ = ["demo_dir", "session", "shop", "web"]
