"""What `shopclerk check` says of Slack: what is missing, by name, and how to mend it."""

import re
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from shopclerk.commands.checks.check_slack import SLACK_SCOPES, _channel, _scopes

MANIFEST = Path(__file__).parents[4] / "docs" / "slack-manifest.yml"


class Channels:
    """A workspace in which each channel answers as the test says."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers

    def conversations_history(self, *, channel: str, limit: int) -> dict[str, object]:
        """Refuse as told."""
        error = self.answers.get(channel, "")
        if error:
            raise SlackApiError("refused", {"ok": False, "error": error})
        return {"ok": True}

    def conversations_info(self, *, channel: str) -> dict[str, object]:
        """A channel the bot is in, or only sees."""
        return {"channel": {"name": "desk", "is_member": channel != "C_OUT"}}


class TestScopes:
    def test_the_manifest_asks_for_what_is_used(self):
        """No scope too many, none too few."""
        scopes = MANIFEST.read_text().partition("    bot:\n")[2].partition("settings:")[0]

        assert set(SLACK_SCOPES) == set(re.findall(r"- (\S+)", scopes))

    def test_a_missing_scope_is_named_with_its_use(self):
        """So that whoever installs it knows what would not work."""
        found = _scopes(set(SLACK_SCOPES) - {"reactions:write"})

        assert not found.well
        assert "reactions:write (tick what was sent to a shopper)" in found.text
        assert "chat:write" not in found.text
        assert _scopes(set(SLACK_SCOPES)).well


class TestChannels:
    @pytest.mark.parametrize(
        ("channel", "says"),
        [
            ("C_GONE", "copy the id from the channel's details"),
            ("C_NOT", "the bot is not in it: /invite it there"),
            ("C_OUT", "the bot is not in #desk; /invite it"),
        ],
    )
    def test_a_channel_without_the_bot_is_named(self, channel, says):
        """With its setting and the remedy."""
        client = Channels(C_GONE="channel_not_found", C_NOT="not_in_channel")
        found = _channel(client, "SHOPCLERK_REVIEW_CHANNEL", channel)

        assert not found.well
        assert "SHOPCLERK_REVIEW_CHANNEL" in found.text
        assert says in found.text

    def test_a_channel_with_the_bot_is_well(self):
        """By its name."""
        assert (
            "SHOPCLERK_REVIEW_CHANNEL is #desk"
            in _channel(Channels(), "SHOPCLERK_REVIEW_CHANNEL", "C_IN").text
        )
