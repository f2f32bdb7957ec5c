"""Configuration of the Slack edge: access, options, leases and the services it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from bot.clerk import Clerk
from bot.controls import Controls
from feedback.desk import USUAL_TARGETS, AnswerTargets
from feedback.dialogues import Store
from feedback.files import Files
from feedback.knowledge import ReplyBook

SLACK_API: Final = "https://slack.com/api/"
PACE: Final = timedelta(seconds=1)  # Slack takes about one message a second and channel
LEASE: Final = timedelta(seconds=25)  # longer than two calls take; a killed bot's is waited out

Drafts = Callable[[str], str]  # the dialogue as the model reads it → its own words


def no_order_page(source: str, order_id: str) -> str:
    """Where no shop system tells the address of its orders."""
    return ""


@dataclass(frozen=True)
class SlackAccess:
    """How Slack lets us in."""

    bot_token: str  # xoxb-…, from "OAuth & Permissions"
    app_token: str | None = None  # xapp-…, from "Basic Information"; None: events over HTTP
    signing_secret: str | None = None  # from "Basic Information"; needed for events over HTTP
    api_url: str | None = None  # where Slack's Web API is; None: Slack's own


@dataclass
class StaffPlace:
    """Where the staff are; known once Slack has told who we are."""

    review_channel: str | None
    team: str = ""
    url: str = ""  # of the workspace, for links


@dataclass(frozen=True)
class SlackOptions:
    """What the shop has decided."""

    shop: str = "our shop"  # its name
    locale: str = "en"  # the language where the shopper's text does not tell
    zone: tzinfo = UTC  # for times on cards
    review_channel: str | None = None  # the channel's id where the staff are; None: at /desk
    staff: tuple[str, ...] = ()  # people and user groups that are staff, besides the channel's
    managers: tuple[str, ...] = ()  # people and user groups that may retrain, promote, roll back
    # An order's source and id → its page in the shop's admin, "" where there is none.
    order_page: Callable[[str, str], str] = no_order_page
    desk_url: str = ""  # the page at /desk; "": cards do not lead there
    targets: AnswerTargets = USUAL_TARGETS  # how soon the staff want to answer
    thumbs: str = "native"  # or "plain", "off": see `bot.channels.slack.render`


@dataclass(frozen=True)
class SlackLeases:
    """How one process shares the inbox and the outbox with others."""

    owner: str  # names this process; another name in every process
    clock: Callable[[], datetime]
    pace: timedelta = PACE  # between two messages in a channel
    lease: timedelta = LEASE  # how long an event or a message is held by who works on it


@dataclass(frozen=True)
class SlackServices:
    """What answers and keeps; the store's database holds the inbox, the outbox and the desk."""

    clerk: Clerk
    store: Store
    book: ReplyBook
    controls: Controls
    files: Files
    draft: Drafts | None = None  # the model's own words after a dialogue, for the staff
