"""`WebConfig`: the configuration of the web edge as plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from bot.reply_addresses import ReplyAddresses
from feedback.desk import USUAL_TARGETS, AnswerTargets

SSO_PATH = "/desk/sso"  # the desk's other door; known here, since its module is loaded by few
MCP_PATH = "/mcp"  # where agents ask
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class WebConfig:
    """Names, secrets and limits of one shop's web edge; every default suits one small machine."""

    public_url: str  # where shoppers reach this server, without a slash at the end
    shop_name: Callable[[], str]  # asked for anew: the demo shop may have ended
    allowed_origins: tuple[str, ...] = ()  # sites that may embed the widget; ours always may
    shop_hosts: tuple[str, ...] = ()  # further hosts a click may lead to: "shop.example"
    shop_settings: Mapping[str, str] = field(default_factory=dict)  # of shop systems, by name
    check_password: Callable[[str], bool] | None = None  # None: nobody can log in at the desk
    sso_name: str | None = None  # of a provider that logs in; None: names and passwords alone
    currency: str = "USD"  # of the catalogue
    demo_dir: Path | None = None  # pictures/*.svg of the demo shop; None: it never opens
    customer_secret: str | None = None  # signs who is signed in at the shop; None: nobody is known
    scan_file: Callable[[bytes], None] | None = None  # for viruses; raises `FileRefused`
    mail_replies: ReplyAddresses | None = None  # None: no mail is sent
    mail_secret: str | None = None  # signs mails that come in; None: none do
    is_open: Callable[[datetime], bool] | None = None  # whether the staff are there
    mails_per_minute: int = 3  # wished for by one address
    show_ratings: bool = True  # False hides the thumbs
    trusted_proxies: tuple[str, ...] = ()  # networks whose X-Forwarded-For is believed, or "unix"
    privacy_note: str | None = None  # under the chat; None: a sentence of ours
    privacy_url: str | None = None  # the shop's privacy page, linked from there

    shopper_per_minute: int = 20  # messages
    address_per_minute: int = 60  # and as many open streams; people who share an address have both
    logins_per_minute: int = 5  # by address
    locale: str = "en"  # the language of reports
    zone: tzinfo = UTC  # the shop's, for times that the staff read
    targets: AnswerTargets = USUAL_TARGETS  # how soon the staff want to answer
    threads: int = 16  # for the clerk and the store; SQLite writes one at a time anyway
    stream_threads: int = 4  # of their own, so that idle streams never make a question wait
    streams: int = 10_000  # open at once
    streams_per_dialogue: int = 8  # tabs
    ride_out_seconds: float = 3.0  # a request waits so long for a database server that is away
    poll_seconds: float = 2.0  # between looks for what another process wrote, for all streams
    heartbeat_seconds: float = 15.0  # proxies cut a silent connection after 30 to 60 s
    safety_seconds: float = 60.0  # a stream looks for itself, whatever it was told
    look_again_seconds: float = 2.0  # a stream, while the store is away
    stream_seconds: float = 900.0  # then the widget reconnects, with what it has seen
    desk_hours: int = 12

    @property
    def is_public(self) -> bool:
        """Whether others than this machine reach the server by its address."""
        return urlsplit(self.public_url).hostname not in LOOPBACK

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts a click may lead to: this server's, those that embed the widget, and named ones."""
        origins = (self.public_url, *self.allowed_origins)
        return frozenset(urlsplit(origin).netloc.lower() for origin in origins) | frozenset(
            host.lower() for host in self.shop_hosts
        )
