"""`shopclerk init`: an interview that connects a shop, each step skippable, `check` as its end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from bot.shops import ShopSystem, shop_systems
from feedback.db import FeedbackError
from shopclerk.commands.checks.check import check
from shopclerk.commands.checks.finding import Finding
from shopclerk.commands.files import import_files
from shopclerk.commands.knowledge import import_knowledge
from shopclerk.settings import BadSettings, EnvFile, read_settings
from shopclerk.starter_book import put_starter_book
from shopclerk.wiring import open_database, utc_now

SLACK: Final = (
    ("slack_bot_token", "Slack's bot token, xoxb-… (docs/slack.md has every step)", True),
    ("slack_app_token", "Slack's app token, xapp-…", True),
    ("review_channel", "The channel in which the staff work, C…", False),
    ("report_channel", "The channel of the weekly report, C…", False),
)


YES: Final = ("y", "yes")


class Ask(Protocol):
    """Asks a person for a line; nothing is a step that is left out."""

    def __call__(self, question: str, *, default: str = "", hidden: bool = False) -> str:
        """What they wrote."""
        ...


@dataclass(frozen=True)
class Interview:
    """Asks, tells, and writes what was said into `.env` and the store."""

    ask: Ask
    tell: Callable[[str], None]
    env: EnvFile

    def setting(self, name: str, question: str, *, hidden: bool = False) -> str:
        """Ask for a setting until it can be one, or is left out; returns what holds then."""
        known = self.env.value(name) or ""
        if self.env.is_overruled(name):
            self.tell(f"  (the environment sets {name} and wins over .env)")
        while said := self.ask(question, default="" if hidden else known, hidden=hidden).strip():
            if said == known:
                break
            try:
                self.env.put(name, said)
            except BadSettings as bad:
                self.tell(f"  {bad}")
            else:
                return said
        return known

    def files(self, kind: str, question: str) -> None:
        """Ask for a file or folder and read it; asks again where it cannot be read."""
        while said := self.ask(question).strip():
            try:
                import_files(kind, [Path(said).expanduser()])
            except FeedbackError as failed:
                self.tell(f"  {failed}")
            else:
                return


def init(ask: Ask, tell: Callable[[str], None], env: EnvFile | None = None) -> list[Finding]:
    """Go through every step; returns what `check` finds then."""
    interview = Interview(ask, tell, env or EnvFile())
    tell("Enter leaves a step out; run this again at any time. Answers go into .env and the store.")
    for title, step in STEPS:
        tell(f"\n{title}")
        step(interview)
    tell("")
    return check()


def _shop(interview: Interview) -> None:
    interview.setting("shop_name", "What is your shop called")
    url = interview.setting("shop_url", "Where is it, https://…")
    if url:
        shop = urlsplit(url)
        interview.env.put("allowed_origins", _with(interview, f"{shop.scheme}://{shop.netloc}"))
    interview.setting("public_url", "At which address will its pages reach the clerk, https://…")
    interview.setting("time_zone", "Its time zone, such as Europe/Berlin")
    interview.setting("currency", "Its currency, such as EUR")
    interview.setting("locale", "The report's language, en or zh")


def _with(interview: Interview, origin: str) -> str:
    known = (interview.env.value("allowed_origins") or "").split(",")
    return ",".join(dict.fromkeys([*filter(None, known), origin]))


def _products(interview: Interview) -> None:
    interview.files("products", "A file of your products (Shopify, WooCommerce, Google feed)")


def _pages(interview: Interview) -> None:
    url = interview.env.value("shop_url") or ""
    question = "Your help pages: an address, or a folder of files (HTML, Markdown, PDF, Word)"
    while said := interview.ask(question, default=url).strip():
        try:
            read = import_knowledge([said], pages=None, depth=None, local=False, waiting=False)
        except FeedbackError as failed:
            interview.tell(f"  {failed}")
            url = ""
            continue
        for problem in read["problems"]:
            interview.tell(f"  {problem}")
        interview.tell(f"  {read['sentence']}")
        return


def _replies(interview: Interview) -> None:
    interview.files("dialogues", "Past tickets (Zendesk, Gorgias, Intercom, …): replies to propose")
    interview.files("replies", "A file of replies (JSON Lines or CSV)")
    interview.files("questions", "A file of questions with the reply that answers each")
    question = "Begin with small talk of ours (greetings, thanks, a person) where yours has none"
    if interview.ask(question, default="yes").strip().lower() in YES:
        _small_talk(interview)


def _small_talk(interview: Interview) -> None:
    database = open_database(read_settings())
    try:
        put = put_starter_book(database, now=utc_now())
    finally:
        database.close()
    said = f"Put in: {', '.join(put)}." if put else "Your own replies answer all of it."
    interview.tell(f"  {said}")


def _orders(interview: Interview) -> None:
    systems = {system.name: system for system in shop_systems()}
    names = ", ".join(systems)
    while said := interview.ask(f"Which system has your orders: {names}").strip().lower():
        system = systems.get(said)
        if system is None:
            interview.tell(f"  {said} is none of them; one of {names}, or Enter.")
            continue
        _connect(interview, system)
        return


def _connect(interview: Interview, system: ShopSystem) -> None:
    interview.setting(system.secret.name, "The secret it signs its webhooks with", hidden=True)
    interview.tell(f"  Have it send its webhooks to {read_settings().public_url}{system.path}")


def _slack(interview: Interview) -> None:
    for name, question, hidden in SLACK:
        if not interview.setting(name, question, hidden=hidden) and name == "slack_bot_token":
            return


def _widget(interview: Interview) -> None:
    url = read_settings().public_url
    interview.tell(f'  <script src="{url}/widget.js" defer></script>')
    interview.tell(f"  Then ./clerk up; {url}/desk/start ticks each step off when it works.")


STEPS: Final[Sequence[tuple[str, Callable[[Interview], None]]]] = (
    ("Your shop", _shop),
    ("What you sell", _products),
    ("What you have written", _pages),
    ("What your staff answer", _replies),
    ("Your orders", _orders),
    ("Slack", _slack),
    ("The chat on your pages: one line on every page", _widget),
)
