"""Wiring of Slack."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedback.db import Database
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from feedback.files import Files
from feedback.knowledge import ReplyBook
from serving.client import TFServingRanker
from shopclerk.settings import Settings
from shopclerk.wiring.base import (
    EXPERIMENT,
    answer_targets,
    derived_keys,
    new_id,
    shop_name,
    utc_now,
    virus_scan,
)
from shopclerk.wiring.shops import order_page

if TYPE_CHECKING:
    from bot.channels.slack import SlackEdge
    from bot.clerk import Clerk
    from bot.controls import Controls
    from bot.tokens import Tokens


def slack_shopper(settings: Settings, store: Store) -> Callable[[str, str], str]:
    """The shopper's id of a Slack workspace's person."""
    from bot.channels.channel import ShopperIds

    keys = derived_keys(settings, "slack")
    return ShopperIds("slack", keys, lambda known: store.arm_of(known) is not None)


def build_slack_edge(
    settings: Settings,
    database: Database,
    clerk: "Clerk",
    tokens: "Tokens",
    model: TFServingRanker,
    controls: "Controls",
    *,
    wake: Callable[[str], None],
) -> "SlackEdge | None":
    """Slack's edge; None where its tokens are not set. `wake` tells a shopper's open stream."""
    if settings.slack_bot_token is None:
        return None
    from bot.channels.slack import (
        SlackAccess,
        SlackLeases,
        SlackOptions,
        SlackServices,
        build_slack,
    )
    from bot.knowledge import own_words

    app_token, secret = settings.slack_app_token, settings.slack_signing_secret

    def click_link(impression_id: str, target: str, url: str) -> str:
        return f"{settings.public_url}/c/{tokens.click(impression_id, target, url)}"

    store = Store(database, EXPERIMENT, DeskHooks())
    return build_slack(
        SlackAccess(
            bot_token=settings.slack_bot_token.get_secret_value(),
            app_token=app_token.get_secret_value() if app_token else None,
            signing_secret=secret.get_secret_value() if secret else None,
            api_url=settings.slack_api_url,
        ),
        SlackOptions(
            shop=shop_name(settings, database)(),
            locale=settings.locale,
            zone=ZoneInfo(settings.time_zone),
            review_channel=settings.review_channel,
            staff=settings.staff,
            managers=settings.managers,
            order_page=partial(order_page, settings),
            desk_url=f"{settings.public_url}/desk",
            targets=answer_targets(settings),
            thumbs=settings.thumbs,
        ),
        SlackLeases(owner=new_id(), clock=utc_now),
        SlackServices(
            clerk=clerk,
            store=store,
            book=ReplyBook(database),
            controls=controls,
            files=Files(database, virus_scan(settings)),
            draft=partial(own_words, model),
        ),
        shopper_of=slack_shopper(settings, store),
        click_link=click_link,
        wake=wake,
    )
