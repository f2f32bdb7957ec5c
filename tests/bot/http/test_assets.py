"""What the widget weighs on its way to a page."""

import pytest

from bot.http.assets import SHARED, chat_mark, chat_scripts, widget
from tests.bot.visitor import Visitor

LAUNCHER_MOST = 5_000  # bytes, gzipped
BOTH_MOST = 18_000


class TestSizes:
    def test_a_page_loads_little_before_anybody_opens_the_chat(self):
        """
        The launcher that every page of the shop loads; docs/shop.md says what it weighs.
        """
        assert len(widget().packed) < LAUNCHER_MOST

    @pytest.mark.parametrize("locale", ["en", "zh"])
    def test_launcher_and_chat_are_small(self, locale):
        """
        Everything that a shopper who opens it has loaded.
        """
        assert len(widget().packed) + len(chat_scripts()[locale].packed) < BOTH_MOST

    @pytest.mark.parametrize("locale", ["en", "zh"])
    def test_each_word_stands_where_it_is_said(self, locale):
        """
        Those that are looked up by a name are in a table.
        """
        script = chat_scripts()[locale].content.decode()

        assert "SAY." not in script
        assert all(f'"{name}":' in script for name in ("up", "down", "file-kind"))


class TestChatScript:
    def test_any_page_may_load_it_for_long(self, web: Visitor):
        """
        Its address changes with its content; another's content is kept for minutes alone.
        """
        kept = web.get("/widget/chat-zh.js", params={"v": chat_mark()})
        old = web.get("/widget/chat-zh.js", params={"v": "of yesterday"})

        assert ("*", True) == (
            kept.headers["access-control-allow-origin"],
            "immutable" in kept.headers["cache-control"],
        )
        assert "max-age=300" in old.headers["cache-control"]
        assert 404 == web.get("/widget/chat-xx.js").status_code

    def test_they_share_what_is_named(self):
        """
        The launcher gives by name what the chat takes by name.
        """
        given, taken = widget().content.decode(), chat_scripts()["en"].content.decode()

        assert all(name in given and name in taken for name in SHARED)
