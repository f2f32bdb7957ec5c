"""Works off action runs next to the chat: retries, expiry, and telling shoppers how it ended."""

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.actions.back_office import BackOfficeAway, BackOfficeRefused
from bot.actions.ends import end_details, end_words, undo_buttons
from bot.actions.flow_parts import FlowParts
from bot.actions.languages import action_words
from bot.actions.offers import offer_buttons, offer_of, offer_text
from bot.conversation import choice_stored
from bot.messages import ActionShown, Choice, ReplyDetails, SummaryShown, details_stored
from feedback.db import ActionRun, ImpressionRow, StockNotice
from feedback.dialogues import Store

log = structlog.get_logger()


class ActionWorker:
    """Carries out what was approved or got no answer, and tells the shopper."""

    def __init__(self, parts: FlowParts, store: Store, *, wake: Callable[[str], None]) -> None:
        """`wake` tells open chats that something was written to their dialogue."""
        self._parts = parts
        self._store = store
        self._wake = wake

    def is_due(self) -> bool:
        """Whether somebody waits for something that can be done now."""
        return self._parts.under_way.is_due(self._parts.clock())

    def look(self) -> None:
        """Do all that is due now."""
        now = self._parts.clock()
        self._parts.decisions.expire(now)
        self._parts.decisions.remind(now)
        while self._parts.carrier.carry_due() is not None:
            pass
        for run in self._parts.decisions.untold_offers():
            self._offer(run)
        for run in self._parts.runs.untold(self._parts.clock()):
            ended = run.finished_at or now
            if self._store.told_an_end_since(run.dialogue_id, ended):
                self._parts.runs.told(run.run_id, now)  # in the very answer to the yes
            else:
                self._tell(run)
        self._tell_of_stock()

    def _tell_of_stock(self) -> None:
        """Tell who waits for a product that it is to be had again."""
        notices, now = self._parts.notices, self._parts.clock()
        wanted = notices.wanted()
        stock = self._parts.stock() if wanted else {}
        arrived = [key for key in wanted if key in stock and stock[key].in_stock]
        for notice in notices.due(arrived):
            words = action_words(notice.locale, self._parts.actions)
            title = stock[notice.product_id].title(notice.locale)
            text = words.back_in_stock.format(product=title)
            about = ReplyDetails(about={"product_id": notice.product_id})
            shown = self._impression(notice, f"stock-{notice.notice_id}", text)
            shown.details = details_stored(about)
            self._store.record_late_answer(notice.dialogue_id, shown, now)
            notices.told(notice.notice_id, now)
            self._wake(notice.dialogue_id)

    def _offer(self, run: ActionRun) -> None:
        """Ask the shopper about a colleague's change; one that is not possible goes back."""
        now = self._parts.clock()
        try:
            amounts, summary = offer_of(self._parts, run)
        except BackOfficeRefused as refused:
            self._parts.runs.hand(run, f"The change was refused: {refused}", now)
            return
        except BackOfficeAway as away:
            log.warning("action.offer_waits", error=str(away))
            return
        run.amounts, run.summary = amounts, summary
        call = ActionShown(run.name, run.arguments, amounts=amounts)
        about = ReplyDetails(
            asks=("confirmation",), summary=SummaryShown(run.run_id, (call,)), about=_about(run)
        )
        shown = self._impression(run, f"action-{run.run_id}-offer", offer_text(run, self._parts))
        shown.kind, shown.details = "confirm", details_stored(about)
        self._say(run, shown, offer_buttons(run, self._parts))
        self._parts.decisions.offer_told(run.run_id, amounts, summary, now)

    def _tell(self, run: ActionRun) -> None:
        """Say in the dialogue how a run ended; named by the run, so it is said once."""
        words = action_words(run.locale, self._parts.actions)
        kind, text = end_words([run], words)
        details = replace(end_details([run]), about=_about(run))
        shown = self._impression(run, f"action-{run.run_id}", text)
        shown.kind, shown.details = kind, details_stored(details)
        self._say(run, shown, undo_buttons([run], words))
        self._parts.runs.told(run.run_id, self._parts.clock())

    def _say(self, run: ActionRun, shown: ImpressionRow, buttons: tuple[Choice, ...]) -> None:
        shown.choices = [choice_stored(each) for each in buttons]
        self._store.record_late_answer(run.dialogue_id, shown, self._parts.clock())
        self._wake(run.dialogue_id)

    def _impression(
        self, run: ActionRun | StockNotice, impression_id: str, text: str
    ) -> ImpressionRow:
        return ImpressionRow(
            impression_id=impression_id,
            dialogue_id=run.dialogue_id,
            shopper_id=run.shopper_id,
            arm="",
            kind="answer",
            text=text,
            locale=run.locale,
            confidence=1.0,
            served_by="policy",
            shown_at=self._parts.clock(),
        )


def _about(run: ActionRun) -> dict[str, str]:
    order = run.arguments.get("order_id")
    return {"action": run.name, **({"order_id": str(order)} if order else {})}
