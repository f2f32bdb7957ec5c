"""`shopclerk check`: whether the back office answers, and whose facts rule order actions."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.actions import POLICY_FACTS, BackOffice, BackOfficeAway
from feedback.db import Database
from feedback.demo_shop import DemoShop
from feedback.knowledge import ReplyBook
from feedback.languages import LANGUAGES
from shopclerk.commands.checks.finding import Finding

NOBODY: Final = "nobody@check.invalid"  # no customer has this address


def look_at_actions(office: BackOffice | None, database: Database) -> list[Finding]:
    """Nothing where no back office is connected: then nothing is done to orders."""
    if office is None:
        return []
    return [_answers(office), _rules(database)]


def _answers(office: BackOffice) -> Finding:
    try:
        office.customer_by_email(NOBODY)
    except BackOfficeAway as away:
        return Finding("back office", False, f"{away}; see docs/actions.md")
    return Finding("back office", True, f"answers; it does {', '.join(office.can)}")


def _rules(database: Database) -> Finding:
    own, all_ = (
        _policy_facts(DemoShop(database).own_facts),
        _policy_facts(ReplyBook(database).facts),
    )
    told = ", ".join(f"{name} {value}" for name, value in own.items())
    text = f"your facts rule them: {told}" if told else "no fact of yours rules them"
    text += "; your shop's system checks for itself"
    if demos := [name for name in all_ if name not in own]:
        text += f". The demo shop's {', '.join(demos)} rule nothing; yours: shopclerk import facts"
    return Finding("order actions", True, text)


def _policy_facts(told_in: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """Those that a condition or a fee of order actions reads; one language's where several tell."""
    told = {name: value for locale in LANGUAGES for name, value in told_in(locale).items()}
    return {name: told[name] for name in POLICY_FACTS if name in told}
