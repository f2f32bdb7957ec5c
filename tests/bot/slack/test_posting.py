"""A workspace that refuses blocks still gets the answer."""

import asyncio
from dataclasses import dataclass, field

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.blocks import Post
from bot.slack.posting import post_in_thread

RICH = Post("hi", [{"type": "context_actions"}])
PLAIN = Post("hi", [{"type": "actions"}])


@dataclass
class PickySlack:
    """Refuses messages with a block of these types, or all with the given error."""

    refuses: tuple[str, ...] = ()
    error: str = "invalid_blocks"
    posted: list[object] = field(default_factory=list)

    async def chat_postMessage(self, **message):
        """Take it or raise as the SDK does."""
        types = [block["type"] for block in message["blocks"] or []]
        if any(kind in self.refuses for kind in [*types, "everything"]):
            raise SlackApiError("refused", {"ok": False, "error": self.error})
        self.posted.append(types)


def post(slack):
    return asyncio.run(post_in_thread(slack, "C1", "1.1", [RICH, PLAIN]))


class TestPosting:
    @pytest.mark.parametrize(
        ("refuses", "place", "posted"),
        [
            ((), 0, ["context_actions"]),
            (("context_actions",), 1, ["actions"]),
            (("context_actions", "actions"), 2, []),
        ],
    )
    def test_the_richest_form_that_is_taken_is_posted_once(self, refuses, place, posted):
        """Feedback buttons, then plain ones, then the text alone."""
        slack = PickySlack(refuses)

        assert place == post(slack)
        assert [posted] == slack.posted

    def test_another_refusal_is_raised(self):
        """A channel without the bot takes no plainer form either."""
        slack = PickySlack(("everything",), error="not_in_channel")

        with pytest.raises(SlackApiError, match="not_in_channel"):
            post(slack)
