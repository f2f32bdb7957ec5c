"""What Slack's errors mean, by families; an unknown one is the message's alone."""

from types import SimpleNamespace

import pytest
from hypothesis import given, strategies as st
from slack_sdk.errors import SlackApiError

from bot.channels.slack.refusals import HOPELESS, OF_CHANNEL, OF_TOKEN, TRIES, refusal_of
from bot.channels.slack.retrying_client import read_refusal
from bot.channels.slack.routes import POST, UPDATE


def refused(error, *, status=200, method=POST):
    response = SimpleNamespace(
        status_code=status, headers={"Retry-After": "7"}, get=lambda name: error
    )
    return read_refusal(SlackApiError("refused", response), method)


class TestRefusals:
    @pytest.mark.parametrize(
        ("error", "holds"),
        [
            ("restricted_action_thread_locked", "message"),
            ("not_in_channel", "channel"),
            ("is_archived", "channel"),
            ("restricted_action_read_only_channel", "channel"),
            ("missing_scope", "method"),
            ("token_revoked", "all"),
            ("account_inactive", "all"),
        ],
    )
    def test_what_people_mend_is_waited_for(self, error, holds):
        """The thread, the channel, the method or the token: no more waits than has to."""
        found = refused(error)

        assert (15.0, holds, None) == (found.retry_s, found.holds, found.tries)

    @pytest.mark.parametrize("error", ["metadata_too_large", "msg_too_long", "thread_not_found"])
    def test_what_nothing_mends_is_given_up_at_once(self, error):
        """The next message of the channel is another matter."""
        assert None is refused(error).retry_s

    @given(st.text("abcdefghijklmnopqrstuvwxyz_", min_size=3))
    def test_an_unknown_error_is_the_message_s_alone_after_a_few_tries(self, error):
        """Whatever Slack thinks of next, no channel falls silent by it."""
        found = refusal_of(f"x_{error}")

        assert ("message", TRIES) == (found.holds, found.tries)

    @pytest.mark.parametrize(
        "response",
        [
            SimpleNamespace(status_code=200, headers={}, get=lambda name: None),
            SimpleNamespace(status=200, headers={}),
            SimpleNamespace(status=503, headers={}),
        ],
    )
    def test_an_answer_that_is_not_slack_s_is_looked_up_before_the_next_attempt(self, response):
        """A proxy's page instead of JSON: the message may have arrived."""
        found = read_refusal(SlackApiError("not JSON", response), POST)

        assert (None, 1, None) == (found.arrived, found.retry_s, found.tries)

    def test_each_error_has_one_meaning(self):
        """No error is in two lists."""
        assert set() == HOPELESS & OF_CHANNEL | HOPELESS & OF_TOKEN | OF_CHANNEL & OF_TOKEN

    @pytest.mark.parametrize(("method", "holds"), [(POST, "channel"), (UPDATE, "method")])
    def test_a_429_holds_what_slack_counts_together(self, method, holds):
        """Posts by their channel, everything else by its method; for as long as Slack says."""
        found = refused("ratelimited", status=429, method=method)

        assert (7.0, holds) == (found.retry_s, found.holds)
