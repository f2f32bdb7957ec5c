"""Pictures of a cancelled order: the chat, the colleague's card in Slack, the page at the desk.

    ./clerk python benchmarks/action_pictures.py docs/images

Chat and desk are the real pages in Chromium; the card is the real one, drawn as `slack_pictures`
draws every card.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.slack_blocks import page as slack_page
from bot.actions.carry_out import Carrier
from bot.actions.flow import ActionFlow
from bot.actions.flow_parts import FlowParts
from bot.actions.rules import ActionRules
from bot.actions.who import CustomerFinder
from bot.actions.worker import ActionWorker
from bot.channels.slack.action_card import action_post
from feedback.actions.decisions import ActionDecisions
from feedback.actions.runs import ActionRuns
from feedback.db.database import Database
from feedback.db.guesses import Guesses
from feedback.desk.action_cards import ActionCards
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.dialogues.repository import Store
from tests.bot.actions.acting_shop import names
from tests.bot.actions.back_office import SmallBackOffice
from tests.browser.shop import opened
from tests.browser.test_floor import log_in
from tests.browser.test_journey import open_chat
from tests.chromium import DESKTOP, launched

NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)  # of the demo shop in tests
CANCEL: Final = "Please cancel order A1001, I no longer need it. My e-mail is ann@example.com"


def take_pictures(browser: Any, parts: FlowParts, address: str, folder: Path) -> None:
    """From the wish to the end, with a colleague's yes between."""
    cards = ActionCards(parts.runs.db)
    decisions, runs = ActionDecisions(parts.runs.db), ActionRuns(parts.runs.db)
    shopper = browser.new_page(viewport={"width": 900, "height": 1080}, base_url=address)
    shopper.goto("/")
    open_chat(shopper)
    shopper.get_by_label("Your message").fill(CANCEL)
    shopper.keyboard.press("Enter")
    shopper.get_by_role("button", name="Yes, go ahead").click()
    shopper.get_by_text("A colleague looks at it").wait_for()

    waiting = decisions.waiting()[0]
    card = browser.new_page(viewport={"width": 800, "height": 900})
    card.set_content(slack_page(action_post(waiting, cards.history(waiting)).blocks))
    card.locator("main").screenshot(path=str(folder / "action-slack.png"))
    staff = browser.new_page(viewport=DESKTOP, base_url=address)
    log_in(staff)
    staff.goto("/desk/actions")
    staff.locator("main").screenshot(path=str(folder / "action-desk.png"))

    decisions.decide(waiting.run_id, "approve", "Mia Moreau", parts.clock())
    worker(parts).look()
    done = runs.get(waiting.run_id)
    assert done is not None
    assert done.state == "done", done.error
    shopper.reload()  # the worker of this script does not wake the chat's event stream
    shopper.get_by_text("is cancelled").wait_for()
    panel = shopper.locator("#panel")
    panel.evaluate("it => Object.assign(it.style, {height: '940px', maxHeight: 'none'})")
    panel.screenshot(path=str(folder / "action-chat.png"))


def parts_of(database: Database) -> FlowParts:
    """A back office, and an owner who approves every action."""
    client = SmallBackOffice(lambda: NOON).client()
    runs = ActionRuns(database)
    return FlowParts(
        client,
        runs,
        Carrier(runs, client, owner="pictures", clock=lambda: NOON),
        CustomerFinder(client, Guesses(database, b"key", "customer"), lambda: NOON),
        names=names,
        clock=lambda: NOON,
        rules=ActionRules(approve=("all",)),
    )


def worker(parts: FlowParts) -> ActionWorker:
    """What carries out what was approved."""
    store = Store(parts.runs.db, "web-tests", DeskHooks())
    return ActionWorker(parts, store, wake=lambda _: None)


def main(folder: Path) -> None:
    """Take the three pictures."""
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/store.db")
        database.migrate()
        parts = parts_of(database)
        with opened(database, actions=ActionFlow(parts)) as shop, launched() as browser:
            take_pictures(browser, parts, shop.address, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
