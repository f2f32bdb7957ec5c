"""`/clerk`: ask for everybody; status, report, retrain, versions for the staff. Knows no Bolt."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from bot.channels.slack.blocks import MAX_SECTION, message_address
from bot.channels.slack.config import StaffPlace
from bot.channels.slack.home import NOT_ALLOWED, figures_words
from bot.channels.slack.text import escape_within
from bot.clerk import EmptyText, TextTooLong
from bot.controls import Controls, ModelNotChanged, model_words
from bot.handover_reasons import reason_words
from bot.languages import ago
from bot.turn_words import turn_words
from feedback.actions import ActionDecisions
from feedback.db import Database, DeskCard
from feedback.desk import CardList, CardLists, FoundTurn, Staff, find_words, standing
from feedback.report import week_figures

FOUND: Final = 5  # of dialogues, and of replies
LISTED: Final = 10  # dialogues of a list
NOTHING_LISTED: Final = {
    "mine": "You have no dialogue. 👀 at a card takes it over.",
    "unassigned": "Every dialogue that waits is somebody's.",
    "overdue": "Nobody waits too long.",
}
FOR_SHOPPERS: Final = ("", "ask", "help")  # the words that anybody may say
SHOPPERS_HELP: Final = "*/clerk ask* QUESTION · the clerk's answer, seen by you alone"
HELP: Final = (
    "*/clerk ask* QUESTION · what the clerk would answer, seen by you alone\n"
    "*/clerk status* · who waits, the last seven days, the model\n"
    "*/clerk mine* · *unassigned* · *overdue* · your dialogues, nobody's, the late ones\n"
    "*/clerk find* WORDS · dialogues and replies with these words\n"
    "*/clerk report* · the newest weekly report\n"
    "*/clerk versions* · the model's versions\n"
    "*/clerk retrain* · learn from everything accepted so far\n"
    "*/clerk stop*, */clerk resume* · the emergency stop of order actions\n"
    "*/clerk help* · this"
)


class SlashCommand:
    """Answers the slash command; only who wrote it sees the answer."""

    def __init__(
        self,
        *,
        db: Database,
        lists: CardLists,
        controls: Controls,
        where: StaffPlace,
        zone: tzinfo,
        clock: Callable[[], datetime],
    ) -> None:
        """See `bot.channels.slack.edge.build_slack`."""
        self._where = where
        self._zone = zone
        self._db = db
        self._lists = lists
        self._decisions = ActionDecisions(db)
        self._controls = controls
        self._clock = clock

    def answer(self, text: str, staff: Staff, *, may_manage: bool, is_staff: bool) -> str:
        """What to say to `/clerk text`, in Slack's markup; who is no staff says `FOR_SHOPPERS`."""
        word, _, rest = text.strip().partition(" ")
        match word.lower():
            case "ask":
                return self._ask(rest.strip(), with_figures=is_staff)
            case "" | "help":
                return HELP if is_staff else SHOPPERS_HELP
            case "status":
                return self._status()
            case "mine" | "unassigned" | "overdue" as wanted:
                return self._listed(wanted, staff)
            case "find":
                return self._find(rest)
            case "report":
                report = self._controls.report()
                return (
                    f"```\n{escape_within(report, MAX_SECTION - 100)}\n```"
                    if report
                    else ("There is no weekly report yet; it comes with the first full week.")
                )
            case "stop":
                return self._stop(staff)
            case "resume":
                self._decisions.resume()
                return "Order actions go on; what was said yes to is carried out now."
            case "versions":
                return self._versions()
            case "retrain":
                if not may_manage:
                    return NOT_ALLOWED
                return self._retrain(staff)
            case _:
                return f"`{escape_within(word, 40)}` is not known.\n{HELP}"

    def _stop(self, staff: Staff) -> str:
        self._decisions.stop(staff.name, self._clock())
        return "Every change of an order is halted, in all channels. */clerk resume* ends it."

    def _retrain(self, staff: Staff) -> str:
        try:
            return self._controls.retrain(staff.name)
        except ModelNotChanged as refused:
            return str(refused)

    def _ask(self, question: str, *, with_figures: bool) -> str:
        if not question:
            return "Write the question behind it: */clerk ask how do I return this*"
        try:
            answer = self._controls.preview(question)
        except (EmptyText, TextTooLong) as refused:
            return str(refused)
        if answer is None:
            return "The clerk keeps silent."
        lines = [escape_within(answer.text, 2_000)]
        lines += [f"• {escape_within(choice.title, 100)}" for choice in answer.choices]
        lines += [f"• {escape_within(c.title, 100)}, {escape_within(c.price, 40)}" for c in
                  answer.products]  # fmt: skip
        if with_figures:
            lines.append(f"_({answer.kind}, {answer.confidence:.0%} sure)_")
        return "\n".join(lines)

    def _status(self) -> str:
        now = self._clock()
        waiting = self._lists.open_cards()
        taken = sum(card.state == "taken" for card in waiting)
        return (
            f"*Waiting:* {len(waiting)} ({taken} with a person)\n"
            f"*Last seven days:* {figures_words(week_figures(self._db, now))}\n"
            f"*Model:* {model_words(self._controls.model(), now)}"
        )

    def _listed(self, wanted: CardList, staff: Staff) -> str:
        """The dialogues of a list, the most urgent first."""
        found = self._lists.listed(wanted, self._clock(), me=staff.id)
        lines = [self._card_line(card) for card in found[:LISTED]]
        if len(found) > LISTED:
            lines.append(f"… and {len(found) - LISTED} more in the review channel.")
        return "\n".join(lines) or NOTHING_LISTED[wanted]

    def _find(self, typed: str) -> str:
        """Dialogues and replies with these words."""
        words = typed.split()
        if not words:
            return "Write the words behind it: */clerk find gift wrapping*"
        found = find_words(self._db, words, FOUND)
        talks = [self._found_line(one) for one in found.turns]
        replies = [
            f"• `{escape_within(one.reply_id, 80)}` {escape_within(one.text, 200)}"
            for one in found.replies
        ]
        parts = [("Dialogues", talks), ("Replies", replies)]
        told = [f"*{title}*\n" + "\n".join(lines) for title, lines in parts if lines]
        return "\n\n".join(told) or f"Nothing holds “{escape_within(' '.join(words), 100)}”."

    def _found_line(self, found: FoundTurn) -> str:
        """What was said, by whom and when, and where it is: its card, else its thread."""
        link = message_address(self._where.url, *found.place)
        opened = f" · <{link}|Open>" if link else ""
        said = escape_within(" ".join(found.text.split()), 200)
        day = f"{found.at.astimezone(self._zone):%Y-%m-%d}"
        return f"• *{found.speaker.capitalize()}:* {said} _({day})_{opened}"

    def _card_line(self, card: DeskCard) -> str:
        link = message_address(self._where.url, card.channel, card.ts)
        opened = f" · <{link}|Open>" if link else ""
        now = self._clock()
        turn = turn_words(standing(card, now, self._lists.targets), now, self._zone)
        return f"• {reason_words(card.reason)} · {ago(card.opened_at, now)} · {turn}{opened}"

    def _versions(self) -> str:
        model = self._controls.model()
        labels = {model.canary: "on trial", model.stable: "answers"}
        lines = [
            f"• version {version}" + (f" · *{labels[version]}*" if version in labels else "")
            for version in reversed(model.versions[-20:])
        ]
        return "\n".join(lines) or "There is no version yet: */clerk retrain* makes the first."
