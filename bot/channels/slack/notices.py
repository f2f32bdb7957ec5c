"""Posts news of the model and proposed replies to a channel; synchronous, run by a job."""

from collections.abc import Sequence
from typing import Final

from slack_sdk import WebClient

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import Post, actions, button, confirmation, section, within_limits
from bot.channels.slack.messages import Posted
from bot.channels.slack.posting import lone, post_message

PROPOSALS_SHOWN: Final = 5


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
    proposed: Sequence[tuple[int, str, str]], address: str, channel: str, client: WebClient
) -> Posted:
    """Show replies that the staff wrote again and again, to be made replies of the book.

    Args:
        proposed: Of each how many shoppers asked, a question of theirs, and what was answered.
        address: The desk's page where they are taken or left.
        channel: Where to post.
        client: The client.

    Raises:
        NotPosted: Slack refused.
    """
    parts = [
        f"{times} shoppers asked such as “{question}”, and your team wrote: “{text}”"
        for times, question, text in proposed[:PROPOSALS_SHOWN]
    ]
    more = len(proposed) - len(parts)
    told = "\n\n".join([*parts, *([f"… and {more} more"] if more else [])])
    text, blocks = lone(f"💡 Make it a reply?\n\n{told}")
    blocks.append(section(f"<{address}|Take or leave them at the desk>"))
    return post_message(client, channel, Post(text, within_limits(blocks)))
