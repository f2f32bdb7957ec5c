"""Shoppers' threads in Slack: answers a message or a button press. Knows no Bolt.

Answers are not returned: the transaction that records one puts it into the outbox. Returned are
words of the clerk's own that nobody needs to find again.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.channels.slack.files import FetchedFile, keep_files, names_of
from bot.channels.slack.messages import Edit, Message, Press
from bot.channels.slack.shopper_home import OwnDialogue
from bot.channels.slack.text import escape
from bot.clerk import MAX_TEXT, Clerk, EmptyText, TextTooLong
from bot.conversation import choice_of
from bot.languages import Phrases, phrases_in, reply_locale
from feedback.db import Dialogue, Impression, UnknownImpression
from feedback.desk import Corrections
from feedback.dialogues import DialogueThread, Store
from feedback.files import Files
from feedback.signals import Signals

log = structlog.get_logger()

SOURCE: Final = "slack"
TAKEN_BACK: Final = "The shopper took this message back."
SHOWN_AT_HOME: Final = 8  # of a shopper's dialogues


@dataclass(frozen=True)
class MessageOutcome:
    """Whether a message was for the clerk, and what to say without recording it."""

    words: str | None = None
    not_yet: bool = False  # a thread whose opening has not come yet, or one of others
    opened: bool = False  # it began a dialogue


class ShopperThreads:
    """The clerk's side of Slack, synchronous: run it in a thread."""

    def __init__(
        self,
        *,
        clerk: Clerk,
        store: Store,
        signals: Signals,
        files: Files,
        shopper_of: Callable[[str, str], str],
        clock: Callable[[], datetime],
        locale: str,
    ) -> None:
        """See `bot.channels.slack.edge.build_slack`."""
        self._clerk = clerk
        self._store = store
        self._signals = signals
        self._files = files
        self._corrections = Corrections(store.db)
        self._shopper_of = shopper_of
        self._clock = clock
        self.locale = locale

    def is_heard(self, message: Message) -> bool:
        """Whether a message is meant for the clerk: said to it, or in its shopper's thread."""
        thread = DialogueThread(message.team, message.channel, message.thread_ts)
        dialogue = self._store.dialogue_in(thread)
        shopper_id = self._shopper_of(message.team, message.user)
        return message.addressed or (dialogue is not None and dialogue.shopper_id == shopper_id)

    def hear(self, message: Message, files: Sequence[FetchedFile] = ()) -> MessageOutcome:
        """Answer a message that is meant for the clerk; the same again is answered once.

        `files` came with it: a person looks at them, and who sent one that can not be passed on is
        told.
        """
        thread = DialogueThread(message.team, message.channel, message.thread_ts)
        shopper_id = self._shopper_of(message.team, message.user)
        dialogue = self._store.dialogue_in(thread)
        # In a thread the clerk follows its shopper; others mention it when they want it to answer.
        follows = dialogue is not None and dialogue.shopper_id == shopper_id
        if not (message.addressed or follows):
            return MessageOutcome(not_yet=dialogue is None and message.thread_ts != message.ts)
        opened = dialogue is None
        dialogue = dialogue or self._clerk.open(
            shopper_id=shopper_id, channel=SOURCE, locale=self.locale, thread=thread
        )
        locale = reply_locale([message.text], session=dialogue.locale)
        message_id = f"{message.team}:{message.channel}:{message.ts}"
        refused = self._keep(files, dialogue, message_id)
        words = phrases_in(locale)
        told = [words.file_refused.format(name=names_of(refused))] if refused else []
        kept = [file for file in files if file.file_id not in {each.file_id for each in refused}]
        try:
            if kept:
                said = message.text or names_of(kept)
                self._clerk.hand_over(
                    dialogue.dialogue_id, "sent_files", client_id=message_id, said=said
                )
            elif message.text or not files:
                self._clerk.reply(dialogue.dialogue_id, message.text, client_id=message_id)
        except EmptyText:
            if dialogue.state != "staff":  # a person talks: the clerk does not greet in between
                told.append(self._clerk.greeting(locale))
        except TextTooLong:
            told.append(words.too_long.format(limit=MAX_TEXT))
        return MessageOutcome("\n".join(told) or None, opened=opened)

    def status_words(self, message: Message) -> str:
        """What Slack shows behind the clerk's name while this is worked on."""
        thread = DialogueThread(message.team, message.channel, message.thread_ts)
        dialogue = self._store.dialogue_in(thread)
        session = dialogue.locale if dialogue else self.locale
        words = phrases_in(reply_locale([message.text], session=session))
        with_staff = dialogue is not None and dialogue.state == "staff"
        return words.colleague_works if with_staff else words.works

    def _keep(
        self, files: Sequence[FetchedFile], dialogue: Dialogue, client_id: str
    ) -> list[FetchedFile]:
        return keep_files(
            self._files,
            files,
            dialogue_id=dialogue.dialogue_id,
            client_id=client_id,
            sender="shopper",
            now=self._clock(),
        )

    def correct(self, edit: Edit) -> bool:
        """A shopper changed what they wrote: a colleague is told, or the clerk answers it again.

        False: the thread is not known, or not yet.
        """
        dialogue = self._store.dialogue_in(DialogueThread(edit.team, edit.channel, edit.thread_ts))
        if dialogue is None:
            return False
        if dialogue.shopper_id != self._shopper_of(edit.team, edit.user):
            return True
        message_id = f"{edit.team}:{edit.channel}:{edit.ts}"
        if dialogue.state == "clerk" and not edit.deleted:
            with suppress(EmptyText, TextTooLong):
                again = f"{message_id}:changed:{edit.at}"
                self._clerk.reply(dialogue.dialogue_id, edit.text, client_id=again)
            return True
        text = TAKEN_BACK if edit.deleted else edit.text
        told = f"🗑 {TAKEN_BACK}" if edit.deleted else f"✏️ The shopper's message now reads: {text}"
        self._corrections.by_shopper(dialogue.dialogue_id, message_id, text, told, self._clock())
        return True

    def leave_out_staff(self, message: Message) -> None:
        """Keep who wrote this out of every figure: they are of the staff, and try the clerk."""
        shopper_id = self._shopper_of(message.team, message.user)
        self._store.leave_out_staff(shopper_id, self._clock())

    def dialogues_of(self, team: str, user: str) -> list[OwnDialogue]:
        """A shopper's own dialogues, the newest first."""
        found = self._store.dialogues_of(self._shopper_of(team, user), SHOWN_AT_HOME)
        return [OwnDialogue(each, self._first_words(each)) for each in found]

    def _first_words(self, dialogue: Dialogue) -> str:
        turns = self._store.turns(dialogue.dialogue_id)
        return next((turn.text for turn in turns if turn.speaker == "shopper"), "")

    def rate(self, press: Press, comment: str | None = None) -> Phrases | None:
        """Record a thumb on one's own dialogue; the words to thank in, None for no thumb."""
        if press.argument not in {"up", "down"} or self.not_theirs(press):
            return None
        try:
            self._signals.rate(
                impression_id=press.impression_id,
                voter=self._shopper_of(press.team, press.user),
                value=press.argument,
                comment=comment,
                now=self._clock(),
            )
        except UnknownImpression as unknown:
            log.warning("slack.unknown_impression", reason=str(unknown))
            return None
        return self.words_of(press)

    def words_of(self, press: Press) -> Phrases:
        """The words of the language in which the pressed message was written."""
        shown = self._store.impression(press.impression_id)
        return phrases_in(shown.locale if shown else self.locale)

    def choose(self, press: Press) -> str | None:
        """Answer with the reply whose button was pressed; words for who may not press it."""
        shown, dialogue = self._shown(press)
        place = int(press.argument) if press.argument.isdecimal() else -1
        if shown is None or dialogue is None or not 0 <= place < len(shown.choices):
            return None
        if words := self.not_theirs(press):
            return words
        choice = choice_of(shown.choices[place])
        client_id = f"choice:{press.impression_id}:{place}"
        if said := self._said_before(dialogue, client_id):
            return said
        self._clerk.reply(dialogue.dialogue_id, choice.title, client_id=client_id, choice=choice.id)
        return None

    def call_person(self, press: Press) -> str | None:
        """Hand the dialogue over to the staff; words for who may not."""
        shown, dialogue = self._shown(press)
        if shown is None or dialogue is None:
            return None
        if words := self.not_theirs(press):
            return words
        client_id = f"person:{press.impression_id}"
        if said := self._said_before(dialogue, client_id):
            return said
        self._clerk.hand_over(dialogue.dialogue_id, client_id=client_id)
        return None

    def _said_before(self, dialogue: Dialogue, client_id: str) -> str | None:
        """What the clerk said to this button when it was pressed before; None: it was not."""
        talk = self._store.talk_so_far(dialogue.dialogue_id, client_id, 1)
        return escape(talk.answered.turn.text) if talk and talk.answered else None

    def not_theirs(self, press: Press) -> str | None:
        """Words for who presses a button of another's dialogue; None for its shopper."""
        shown = self._store.impression(press.impression_id)
        if shown is None or self._shopper_of(press.team, press.user) == shown.shopper_id:
            return None
        return phrases_in(shown.locale).not_yours

    def trouble(self) -> str:
        """What to say when something of ours failed."""
        return phrases_in(self.locale).trouble

    def _shown(self, press: Press) -> tuple[Impression | None, Dialogue | None]:
        shown = self._store.impression(press.impression_id)
        return shown, self._store.dialogue(shown.dialogue_id) if shown else None
