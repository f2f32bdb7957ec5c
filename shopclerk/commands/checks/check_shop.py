"""`shopclerk check`: what the shop still lacks before it can go live."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from bot.http import LOOPBACK
from bot.knowledge import ReplyBookCache
from bot.shops import ShopSystem
from feedback.db import Database
from feedback.demo_shop import DemoShop
from feedback.knowledge import SLOT, Catalogue, Proposals, ReplyBook
from feedback.languages import LANGUAGES, language_in
from feedback.sales import ODD_SHOWN, ConnectionState, ShopConnections
from shopclerk.commands.checks.finding import Finding
from shopclerk.settings import Settings

DUE: Final = timedelta(days=30)  # in which a customer has to be sent their data
NAMED: Final = 5  # of what is missing


def look_at_shop(
    settings: Settings,
    database: Database,
    now: datetime,
    systems: Sequence[ShopSystem],
) -> list[Finding]:
    """The book, the addresses, the webhooks and what waits for a person."""
    return [
        *_book(ReplyBook(database), Catalogue(database)),
        *_demo_shop(DemoShop(database)),
        _addresses(settings),
        *_connections(settings, ShopConnections(database), now, systems),
        *_waiting(database, now),
    ]


def _book(book: ReplyBook, catalogue: Catalogue) -> list[Finding]:
    replies = book.replies()
    facts = {lang: book.facts(lang) for lang in LANGUAGES}
    wanted = {
        slot.removeprefix("policy.")
        for reply in replies
        for slot in SLOT.findall(reply.text)
        if slot.startswith("policy.")
        and slot.removeprefix("policy.") not in facts[language_in(reply.locale).locale]
    }
    asked = {question.reply_id for question in book.questions()}
    silent = {reply.reply_id for reply in replies} - asked
    count, _ = catalogue.stamp()
    found = []
    if wanted:
        text = f"replies need {_some(wanted)}; until then a person answers: shopclerk import facts"
        found.append(Finding("facts", False, text))
    else:
        found.append(Finding("facts", True, "every fact the replies need is there"))
    if silent:
        text = f"{len(silent)} replies without a question ({_some(silent)}); they are seldom found"
        found.append(Finding("questions", True, text))
    found += _problems(book)
    if replies and (lacking := _lacking(book, {reply.text for reply in replies})):
        text = f"no reply to {', '.join(lacking)}; small talk of ours: shopclerk init"
        found.append(Finding("small talk", True, text))
    if not count:
        text = "none; the clerk cannot recommend: shopclerk import products FILE"
        found.append(Finding("products", False, text))
    return found


def _problems(book: ReplyBook) -> list[Finding]:
    """What nothing fills or holds is bad; what seems to be said twice is to be looked at."""
    odd = [one for one in book.problems() if "{policy." not in one.says]  # told among the facts
    twice = [one.says for one in odd if one.kind in ("duplicate", "conflict")]
    broken = [one.says for one in odd if one.kind not in ("duplicate", "conflict")]
    return [
        Finding("reply book", well, f"{_first(says)}; see /desk/replies/problems")
        for well, says in ((False, broken), (True, twice))
        if says
    ]


def _first(says: Sequence[str]) -> str:
    more = f" … and {len(says) - NAMED} more" if len(says) > NAMED else ""
    return "; ".join(says[:NAMED]) + more


def _lacking(book: ReplyBook, texts: set[str]) -> list[str]:
    """What shoppers of every shop say and ask for, and this book has no reply to."""
    cache = ReplyBookCache(book)
    plain = {
        act: any(cache.small_talk(act, locale) for locale in LANGUAGES)
        for act in ("greet", "thank", "goodbye")
    }
    has = {
        "a greeting": plain["greet"],
        "thanks": plain["thank"],
        "goodbye": plain["goodbye"],
        "who wants a person": any(cache.person_reply_id(locale) for locale in LANGUAGES),
        "when you are there": any("{policy.office_hours}" in text for text in texts),
        "what to buy": any("{products}" in text for text in texts),
    }
    return [what for what, there in has.items() if not there]


def _demo_shop(demo: DemoShop) -> list[Finding]:
    if not (replies := demo.left_over()):
        return []
    text = f"{replies} of its replies tell your shoppers of its rules: shopclerk import replies"
    return [Finding("demo shop", False, text)]


def _addresses(settings: Settings) -> Finding:
    if settings.shop_url is None:
        return Finding("shop", True, "the demo shop's; set SHOPCLERK_SHOP_URL for your own")
    shop = urlsplit(settings.shop_url)
    origin = f"{shop.scheme}://{shop.netloc}"
    if origin not in settings.allowed_origins:
        text = f"{origin} may not embed the chat; add it to SHOPCLERK_ALLOWED_ORIGINS"
        return Finding("shop", False, text)
    if urlsplit(settings.public_url).hostname in LOOPBACK:
        text = "shoppers cannot reach SHOPCLERK_PUBLIC_URL; set it to an address of the internet"
        return Finding("shop", False, text)
    return Finding("shop", True, f"{origin} embeds the chat")


def _connections(
    settings: Settings, known: ShopConnections, now: datetime, systems: Sequence[ShopSystem]
) -> list[Finding]:
    values = settings.shop_values(one for system in systems for one in system.settings)
    found = []
    for system in (one for one in systems if one.secret.name in values):
        address = f"{settings.public_url}{system.path}"
        found.append(_connection(system, known.state(system.name), address, now))
        lacking = [one.variable for one in system.settings if one.name not in values]
        if lacking:
            text = f"what a webhook loses stays lost; set {' and '.join(lacking)}"
            found.append(Finding(system.name, True, text))
    for odd in known.oddities(now - ODD_SHOWN):
        text = f"the order {odd.odd_order} was kept, but: {odd.odd_fields} (docs/shop.md)"
        found.append(Finding(odd.source, True, text))
    if not found:
        text = "none signed but the demo's; set the secret of your shop (docs/shop.md)"
        found.append(Finding("webhooks", True, text))
    return found


def _connection(system: ShopSystem, state: ConnectionState, address: str, now: datetime) -> Finding:
    if state.removed_at is not None:
        text = f"the shop has taken the app away on {state.removed_at:%Y-%m-%d}"
        return Finding(system.name, False, text)
    if state.heard_at is None:
        return Finding(system.name, False, f"no webhook has come yet; point it to {address}")
    return Finding(system.name, True, f"last webhook {_ago(state.heard_at, now)}")


def _waiting(database: Database, now: datetime) -> list[Finding]:
    found = []
    if proposed := len(Proposals(database).open()):
        found.append(Finding("proposals", True, f"{proposed} wait at /desk/proposals"))
    for wish in ShopConnections(database).data_requests():
        due = wish.asked_at + DUE
        text = f"a customer's data is due on {due:%Y-%m-%d}; see /desk/proposals"
        found.append(Finding("privacy", now < due, text))
    return found


def _ago(moment: datetime, now: datetime) -> str:
    hours = (now - moment) / timedelta(hours=1)
    return f"{hours:.0f} hours ago" if hours >= 1 else "within the hour"


def _some(names: set[str]) -> str:
    shown = sorted(names)[:NAMED]
    return ", ".join(shown) + (" …" if len(names) > NAMED else "")
