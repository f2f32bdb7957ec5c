"""Posts news of the model and proposed replies to a channel; synchronous, run by a job."""

from collections.abc import Sequence

from slack_sdk import WebClient

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import Post, actions, button, confirmation
from bot.channels.slack.messages import Posted
from bot.channels.slack.posting import lone, post_message
from bot.channels.slack.proposal_post import PROPOSALS_SHOWN, proposals_post
from feedback.db import Proposal


def post_retrained(sentence: str, channel: str, client: WebClient, *, promoted: bool) -> Posted:
    """Say what retraining changed, or that it changed nothing.

    Raises:
        NotPosted: Slack refused.
    """
    mark = "🆕" if promoted else "⏸️"
    return post_message(client, channel, Post(*lone(f"{mark} {sentence}")))


def post_trial(version: int, reason: str, channel: str, client: WebClient) -> Posted:
    """Ask the managers whether a challenger that did well on trial is to answer everybody.

    Raises:
        NotPosted: Slack refused.
    """
    text, blocks = lone(f"🧪 Version {version} waits for a yes: {reason}")
    yes = confirmation(f"Promote {version}?", f"Version {version} answers all shoppers.", "Promote")
    blocks.append(
        actions(
            button(
                f"{action_ids.PROMOTE}_{version}", f"Promote {version}", str(version),
                style="primary", confirm=yes,
            ),
            button(f"{action_ids.KEEP}_{version}", "Keep the champion", str(version)),
        )
    )  # fmt: skip
    return post_message(client, channel, Post(text, blocks))


def post_proposals(
    proposed: Sequence[Proposal], address: str, channel: str, client: WebClient
) -> Posted:
    """Show replies that the staff wrote again and again, to be made replies of the book.

    Args:
        proposed: What is proposed; of many the first five are shown.
        address: The desk's page where they are taken or left.
        channel: Where to post.
        client: The client.

    Raises:
        NotPosted: Slack refused.
    """
    shown = proposed[:PROPOSALS_SHOWN]
    post = proposals_post([each.proposal_id for each in shown], shown, address)
    return post_message(client, channel, post)
