"""What the clerk does about a message or a pressed button in Slack; knows no Bolt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clerk import MAX_TEXT, Answer, Clerk, EmptyText, TextTooLong
from bot.language import reply_locale
from bot.phrases import phrases
from bot.slack.messages import Message, Press
from feedback.errors import UnknownImpression
from feedback.models import Dialogue, Impression
from feedback.store import SlackThread, Store

log = structlog.get_logger()

SOURCE = "slack"  # of deliveries that are taken once


@dataclass(frozen=True)
class Spoken:
    """What to post in the thread: the clerk's answer, or words of its own that are not recorded."""

    locale: str
    answer: Answer | None = None
    text: str = ""
    chosen: str | None = None


class Talk:
    """The clerk's side of Slack, synchronous: run it in a thread."""

    def __init__(
        self,
        *,
        clerk: Clerk,
        store: Store,
        shopper_of: Callable[[str, str], str],
        first_time: Callable[[str, str], bool],
        clock: Callable[[], datetime],
        locale: str,
    ) -> None:
        """See `bot.slack.app.build_slack`."""
        self._clerk = clerk
        self._store = store
        self._shopper_of = shopper_of
        self._first_time = first_time
        self._clock = clock
        self._locale = locale

    def hear(self, message: Message) -> Spoken | None:
        """Answer a message that is meant for the clerk; None for all others, and for repeats."""
        thread = SlackThread(message.team, message.channel, message.thread_ts)
        shopper_id = self._shopper_of(message.team, message.user)
        dialogue = self._store.slack_dialogue(thread)
        # In a thread the clerk follows its shopper; others mention it when they want it to answer.
        follows = dialogue is not None and dialogue.shopper_id == shopper_id
        if not (message.addressed or follows):
            return None
        message_id = f"{message.team}:{message.channel}:{message.ts}"
        if not self._first_time(SOURCE, message_id):
            return None
        dialogue = dialogue or self._clerk.open(
            shopper_id=shopper_id, channel=SOURCE, locale=self._locale, slack=thread
        )
        locale = reply_locale([message.text], session=dialogue.locale)
        try:
            answer = self._clerk.reply(dialogue.dialogue_id, message.text, client_id=message_id)
        except EmptyText:
            return Spoken(locale, text=self._clerk.greeting(locale))
        except TextTooLong:
            return Spoken(locale, text=phrases(locale).too_long.format(limit=MAX_TEXT))
        return self._spoken(answer)

    def rate(self, press: Press) -> str | None:
        """Record a thumb, one a person and reply; the words to thank with."""
        if press.argument not in {"up", "down"}:
            return None
        try:
            self._store.rate(
                impression_id=press.impression_id,
                voter=self._shopper_of(press.team, press.user),
                value=press.argument,
                now=self._clock(),
            )
        except UnknownImpression as unknown:
            log.warning("slack.unknown_impression", reason=str(unknown))
            return None
        shown = self._store.impression(press.impression_id)
        words = phrases(shown.locale if shown else self._locale)
        return words.thanks if press.argument == "up" else words.sorry

    def choose(self, press: Press) -> Spoken | None:
        """Answer with the reply whose button was pressed."""
        shown, dialogue = self._shown(press)
        place = int(press.argument) if press.argument.isdecimal() else -1
        if shown is None or dialogue is None or not 0 <= place < len(shown.choices):
            return None
        if self._shopper_of(press.team, press.user) != dialogue.shopper_id:
            return Spoken(shown.locale, text=phrases(shown.locale).not_yours)
        client_id = f"choice:{press.impression_id}:{place}"
        if not self._first_time(SOURCE, client_id):
            return None
        choice = shown.choices[place]
        answer = self._clerk.reply(
            dialogue.dialogue_id, choice["title"], client_id=client_id, choice=choice["reply_id"]
        )
        return self._spoken(answer, chosen=choice["title"])

    def call_person(self, press: Press) -> Spoken | None:
        """Hand the dialogue over to the staff."""
        shown, dialogue = self._shown(press)
        if shown is None or dialogue is None:
            return None
        if self._shopper_of(press.team, press.user) != dialogue.shopper_id:
            return Spoken(shown.locale, text=phrases(shown.locale).not_yours)
        client_id = f"person:{press.impression_id}"
        if not self._first_time(SOURCE, client_id):
            return None
        return self._spoken(self._clerk.hand_over(dialogue.dialogue_id, client_id=client_id))

    def trouble(self) -> Spoken:
        """What to say when something of ours failed."""
        return Spoken(self._locale, text=phrases(self._locale).trouble)

    def _shown(self, press: Press) -> tuple[Impression | None, Dialogue | None]:
        shown = self._store.impression(press.impression_id)
        return shown, self._store.dialogue(shown.dialogue_id) if shown else None

    def _spoken(self, answer: Answer | None, chosen: str | None = None) -> Spoken | None:
        if answer is None:
            return None
        locale = reply_locale([answer.text], session=self._locale)
        return Spoken(locale, answer=answer, chosen=chosen)
