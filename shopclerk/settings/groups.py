"""Every setting, in groups: its name, type, default and what docs/settings.md says of it.

Those of the loop and of the staff's places stand in `loop_groups` and `staff_groups`.
"""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr, create_model
from pydantic_settings import BaseSettings

from bot.shops import SHOP_SETTINGS, ShopSetting
from shopclerk.settings.fields import (
    Addresses,
    DeskPassword,
    Names,
    Networks,
    Origins,
    ReportLanguage,
    SigningKey,
    TimeZone,
    WebAddress,
    setting,
)
from shopclerk.settings.loop_groups import ExperimentGroup, PrivacyGroup, ScheduleGroup
from shopclerk.settings.staff_groups import DeskGroup, MailGroup, SlackGroup


class ShopGroup(BaseSettings):
    """The shop"""

    shop_name: str | None = setting(
        None,
        "the shop's name",
        unset="the host in its address; of the demo shop Juniper Lane",
    )
    shop_url: WebAddress | None = setting(
        None,
        "where the shop's own product pages are, when it is not the demo shop",
        unset="the public address",
    )
    time_zone: TimeZone = setting("UTC", "the shop's time zone, for crons, days and weeks")
    locale: ReportLanguage = setting("en", "language of reports: `en`, `zh`")
    currency: str = setting("USD", "of imported products that name none, as Shopify's export")


class MachineGroup(BaseSettings):
    """Where things are"""

    database_url: str = setting(
        "sqlite:///data/shopclerk.db",
        "the store; `postgresql://user:password@host/name` for PostgreSQL",
    )
    models_dir: Path = setting(Path("data/models"), "where the model's versions lie")
    keep_versions: int = setting(
        5,
        "versions kept on disk, besides the labelled ones and the one a rollback returns to",
        ge=2,
    )
    serving_address: str | None = setting(
        None,
        "TensorFlow Serving's gRPC address, `host:8500`; several numeric ones, separated by commas",
        unset="the embedded server",
    )
    one_core: bool = setting(
        True,
        "the bot keeps to one core, whichever is calm: half as many answers again as spread over"
        " several; `false` leaves it to the system",
    )
    log_level: Literal["debug", "info", "warning"] = setting(
        "info", "what is logged; `debug` has a line for every request that went well, too"
    )
    otlp_endpoint: str | None = setting(
        None,
        "an OpenTelemetry collector's HTTP address, with the extra `otel`",
        unset="no traces",
    )


class EdgeGroup(BaseSettings):
    """Addresses and limits"""

    public_url: WebAddress = setting(
        "http://127.0.0.1:8000", "the address shoppers reach the clerk at"
    )
    allowed_origins: Origins = setting(
        (), "comma-separated sites that may embed the widget", unset="its own"
    )
    trusted_proxies: Networks = setting(
        (),
        "comma-separated addresses and networks of the proxies in front, whose `X-Forwarded-For`"
        " is believed; `unix` for a Unix socket: [running](running.md#behind-a-proxy)",
        unset="nobody",
    )
    messages_a_minute: int = setting(
        60, "messages a minute from one address; raise it where many shoppers share one", ge=1
    )
    show_ratings: bool = setting(True, "`false` hides the thumbs in the chat")
    mcp: bool = setting(
        False, "`true` lets agents ask over MCP at `/mcp`: questions, catalogue, products"
    )


class ActionsGroup(BaseSettings):
    """Order actions

    With a back office the clerk cancels, changes, returns and exchanges:
    [order actions](actions.md).
    """

    backoffice: Literal["signed", "shopify", "woocommerce"] | None = setting(
        None,
        "where orders are changed: `shopify` and `woocommerce` through the shop's own API,"
        " `signed` at `BACKOFFICE_URL`",
        unset="`signed` where that is set, else the clerk changes no order",
    )
    backoffice_url: WebAddress | None = setting(None, "the shop's signed back office", unset="none")
    backoffice_secret: SecretStr | None = setting(None, "the secret shared with it")
    identify_by: Names = setting(
        ("email", "name+zip", "signed-in"),
        "what a shopper has to tell, any of these, before an order of theirs is changed; of"
        " `email`, `number`, `name`, `zip`, and `signed-in` at the shop",
    )
    identify_address_by: Names = setting(
        ("email+number", "email+zip", "name+zip", "signed-in"),
        "the same where goods would go to another address",
    )
    customer_secret: SecretStr | None = setting(
        None,
        "signs who is signed in at the shop, in the chat's `data-customer`:"
        " [signed-in shoppers](shop.md#signed-in-shoppers)",
        unset="nobody is known by signing in",
    )
    approve_actions: Names = setting(
        (),
        "comma-separated actions that wait for a colleague's approval, such as `return_items`;"
        " `all`: every one",
        unset="none",
    )
    approve_over: Decimal | None = setting(
        None, "actions that move more money than this wait for it, too", unset="no limit", ge=0
    )
    alone_a_day: int | None = setting(
        None,
        "so many actions a day are done without approval; more wait for it",
        unset="no limit",
        ge=0,
    )
    staff_actions: Names = setting(
        (),
        "actions that a colleague carries out by hand, with a checklist",
        unset="none",
    )
    actions_a_day: int = setting(1_000, "so many actions a day; more go to the staff", ge=0)
    actions_a_shopper: int = setting(20, "the same for one shopper", ge=0)


class SecretsGroup(BaseSettings):
    """Keys and the desk's login"""

    secret_key: SigningKey | None = setting(
        None,
        "signs tokens and the model's versions, keys the hashes of e-mails; several rotate,"
        " `new,old`: [security](security.md#keys-that-rotate)",
        unset="made once",
    )
    desk_password: DeskPassword | None = setting(
        None,
        "opens `/desk` until the first owner has an account (`shopclerk staff put`, or"
        " `/desk/staff`); may be an argon2 hash",
        unset="made once, shown by `up`",
    )
    oidc_issuer: WebAddress | None = setting(
        None,
        "an OpenID Connect provider: log in at `/desk` with the company's own account,"
        " [security](security.md#the-desk)",
        unset="none",
    )
    oidc_client_id: str = setting("shopclerk", "the clerk's name at the provider")
    oidc_client_secret: SecretStr | None = setting(None, "its secret there")
    oidc_name: str = setting("your company's account", "what the button says")
    oidc_owners: Addresses = setting((), "comma-separated addresses, or @domain, of owners")
    oidc_staff: Addresses = setting((), "the same of staff")


# Of each kind of a shop system's setting how it is checked.
_KINDS: dict[str, Any] = {
    "secret": SecretStr,
    "made once": SigningKey,
    "address": WebAddress,
    "text": str,
}


def shop_systems_group(declared: Iterable[ShopSetting]) -> type[BaseSettings]:
    """The settings that the shop systems declare for themselves; read by `Settings.shop_values`."""
    fields: dict[str, Any] = {
        one.name: (
            _KINDS[one.kind] | None,
            setting(None, one.text, unset=one.kind if one.kind == "made once" else ""),
        )
        for one in declared
    }
    return create_model("ShopSystemsGroup", __base__=BaseSettings, __doc__="Shop systems", **fields)


ShopSystemsGroup = shop_systems_group(SHOP_SETTINGS)


GROUPS: tuple[type[BaseSettings], ...] = (
    ShopGroup,
    MachineGroup,
    EdgeGroup,
    ActionsGroup,
    SecretsGroup,
    ExperimentGroup,
    PrivacyGroup,
    DeskGroup,
    MailGroup,
    ScheduleGroup,
    ShopSystemsGroup,
    SlackGroup,
)
