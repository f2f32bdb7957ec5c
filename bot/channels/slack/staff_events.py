"""Staff events: handles what the staff do in Slack, by cards, reviews, modals and buttons."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.channels.slack import action_ids
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.files import SlackFiles
from bot.channels.slack.home import NOT_ALLOWED
from bot.channels.slack.live_calls import LiveCalls
from bot.channels.slack.messages import Edit, Message, Press, Reaction
from bot.channels.slack.outbox_writer import OutboxWriter
from bot.channels.slack.reply_form import ReplyForm
from bot.channels.slack.slash_command import SlashCommand
from bot.channels.slack.thread_notes import ThreadNotes, note_in
from bot.channels.slack.users import SlackUsers
from bot.controls import Controls, ModelNotChanged
from feedback.db import DeskCard, InboxEvent
from feedback.desk import Sheets, Staff

log = structlog.get_logger()

TAKEN: Final = (
    "has this dialogue now. What the shopper writes comes into this thread; what is written here"
    " stays inside until it is sent."
)
CLOSED: Final = (
    "This dialogue is closed: nothing of this goes to the shopper. Their next question opens a new"
    " card."
)
INSIDE: Final = (
    "Only the team reads this message. One that begins with `note:` stands at the desk, too."
)
REACTIONS: Final = {"eyes": action_ids.TAKE_OVER, "white_check_mark": action_ids.DONE}


@dataclass(frozen=True)
class StaffEvents:
    """Handles events of people who are known to be staff: the caller has looked."""

    staff_desk: StaffDesk
    notes: ThreadNotes
    sheets: Sheets
    command: SlashCommand
    controls: Controls
    users: SlackUsers
    files: SlackFiles
    live_calls: LiveCalls
    writer: OutboxWriter
    clock: Callable[[], datetime]

    async def on_thread_message(self, event: InboxEvent, message: Message) -> bool:
        """A message in a card's thread: inside, unless the thread is live. False: no card's."""
        desk = self.staff_desk.desk
        card = await asyncio.to_thread(desk.in_thread, message.channel, message.thread_ts)
        if card is None:
            return False
        if note_in(message.text) is not None:
            await self._keep_note(event, card, message)
            return True
        if card.state == "closed":
            await self.writer.tell_once(f"closed:{card.card_id}:{message.user}", message, CLOSED)
            return True
        staff = await self.users.staff(message.user)
        now = self.clock()
        if self.staff_desk.thread.is_live_for(card, staff, now):
            files = await self.files.fetch(message)
            relayed = await asyncio.to_thread(
                self.staff_desk.thread.hear, card, message, staff, files
            )
            if relayed.sent:
                await self.writer.mark(message.channel, message.thread_ts, message.ts)
            where = (message.channel, message.thread_ts)
            if relayed.told:
                await self.writer.whisper(event, *where, message.user, relayed.told)
            if relayed.sent or relayed.told:
                return True
        value = f"{card.card_id} {message.ts}"
        buttons = [(action_ids.SEND_INTERNAL, "Send to shopper", value)]
        if card.state == "taken" and card.staff == staff.id:
            buttons.append((action_ids.LIVE, "Switch the thread live", card.card_id))
        text = INSIDE
        await self.writer.whisper(
            event, message.channel, message.thread_ts, message.user, text, buttons
        )
        return True

    async def on_edit(self, event: InboxEvent, edit: Edit) -> bool:
        """A changed message in a card's thread; the shopper is told where they had read it."""
        desk = self.staff_desk.desk
        card = await asyncio.to_thread(desk.in_thread, edit.channel, edit.thread_ts)
        if card is None:
            return False
        if await asyncio.to_thread(self.notes.change, edit):
            return True
        await asyncio.to_thread(self.staff_desk.thread.correct, card, edit)
        if not edit.deleted and note_in(edit.text) is not None:
            place = (edit.team, edit.channel, edit.thread_ts, edit.ts)
            await self._keep_note(event, card, Message(*place, edit.user, edit.text, False))
        return True

    async def _keep_note(self, event: InboxEvent, card: DeskCard, message: Message) -> None:
        staff = await self.users.staff(message.user)
        told = await asyncio.to_thread(self.notes.keep, card, message, staff.name)
        if told:
            where = (message.channel, message.thread_ts)
            await self.writer.whisper(event, *where, message.user, told)
        else:
            await self.writer.mark_kept(message.channel, message.thread_ts, message.ts)

    async def on_reaction(self, event: InboxEvent, reaction: Reaction) -> None:
        """👀 at a card takes it, ✅ closes it, as its buttons do."""
        card = await asyncio.to_thread(
            self.staff_desk.desk.in_thread, reaction.channel, reaction.ts
        )
        if card is None:
            return
        press = Press(
            team="",
            channel=reaction.channel,
            thread_ts=reaction.ts,
            user=reaction.user,
            impression_id=card.card_id,
            argument="",
            action_id=REACTIONS[reaction.name],
            message_ts=reaction.ts,
        )
        await self.on_press(event, press)

    async def on_press(self, event: InboxEvent, press: Press) -> None:
        """A button of a card, of a review or of the home page."""
        name = press.action_id
        if name.startswith((action_ids.APPROVE, action_ids.WRONG)):
            await self._judge(event, press)
        elif name == action_ids.SEND_INTERNAL:
            await self._send_internal(event, press)
        elif name.startswith("desk_"):
            staff = await self.users.staff(press.user, press.user_name)
            told = await asyncio.to_thread(self.staff_desk.press, press, staff)
            await self.writer.tell(event, press, told)
            if told is None and name == action_ids.TAKE_OVER:
                # Whom Slack finds mentioned in a thread is told of what comes there.
                words = f"<@{staff.id}> {TAKEN}"
                await self.writer.note(event, press.channel, press.thread_ts, words)
        elif name.startswith("proposal_"):
            staff = await self.users.staff(press.user, press.user_name)
            told = await asyncio.to_thread(self.staff_desk.proposals.press, press, staff)
            await self.writer.tell(event, press, told)
            await self.writer.proposals(event, press.channel, press.message_ts, press.argument)
        elif name.startswith("home_"):
            await self.writer.tell(event, press, await self._managed(press))

    async def on_submission(self, event: InboxEvent) -> str | None:
        """A modal of the staff's; what to tell who submitted it."""
        body = event.body
        staff = await self.users.staff(body["user"], body.get("user_name", ""))
        callback, key, desk = body["callback_id"], event.event_key, self.staff_desk
        if callback == action_ids.EDIT_MODAL:
            return await asyncio.to_thread(
                desk.send_edited, body["card_id"], key, body["text"], body.get("reply_id"), staff
            )
        if callback == action_ids.REPLY_MODAL:
            form = ReplyForm(*body["form"])
            if body.get("proposal_id"):
                take = desk.proposals.take
                told = await asyncio.to_thread(take, body["proposal_id"], form, staff)
                await self.writer.proposals(event, body["channel"], body["ts"], body["ids"])
                return told
            return await asyncio.to_thread(desk.add_reply, form, body.get("card_id"), key, staff)
        if callback == action_ids.ASSIGN_MODAL:
            return await self._assign(event, staff)
        if callback == action_ids.SNOOZE_MODAL:
            return await asyncio.to_thread(desk.snooze, body["card_id"], body["until"], staff)
        if callback == action_ids.DECLINE_MODAL:
            decide = desk.actions.decide
            return await asyncio.to_thread(decide, body["run_id"], "decline", staff, body["text"])
        if callback == action_ids.CHANGE_MODAL:
            keep = [int(one) for one in body["keep"]]
            return await asyncio.to_thread(
                desk.actions.change, body["run_id"], keep, staff, body["text"]
            )
        first = await asyncio.to_thread(
            lambda: self.sheets.judge(
                body["day"],
                int(body["position"]),
                "corrected",
                staff.name,
                self.clock(),
                reply_id=body["reply_id"],
            )
        )
        return f"{first} has judged this already." if first else None

    async def _assign(self, event: InboxEvent, by: Staff) -> str | None:
        """Give a card to who was chosen, by a mention in its thread; or put it back."""
        body = event.body
        to = await self.users.staff(body["who"]) if body.get("who") else None
        told = await asyncio.to_thread(self.staff_desk.assign, body["card_id"], to, by)
        if told is None and to is not None:
            given = "took this on." if to.id == by.id else f"has this dialogue now, from {by.name}."
            words = f"<@{to.id}> {given}"
            await self.writer.note(event, body["channel"], body["thread_ts"], words)
        return told

    async def _judge(self, event: InboxEvent, press: Press) -> None:
        staff = await self.users.staff(press.user, press.user_name)
        verdict = "approved" if press.action_id.startswith(action_ids.APPROVE) else "rejected"
        first = await asyncio.to_thread(
            self.sheets.judge,
            press.impression_id,
            int(press.argument or 0),
            verdict,
            staff.name,
            self.clock(),
        )
        if first is not None and first != staff.name:
            await self.writer.tell(event, press, f"{first} has judged this already.")

    async def _send_internal(self, event: InboxEvent, press: Press) -> None:
        """The text is read from Slack: the button that was pressed does not carry it."""
        staff = await self.users.staff(press.user, press.user_name)
        desk, card_id, ts = self.staff_desk, press.impression_id, press.argument
        view = await asyncio.to_thread(desk.desk.view, card_id)
        if view is None or view.card.channel is None or view.card.ts is None:
            return
        channel, thread_ts = view.card.channel, view.card.ts
        message = await self.live_calls.message(channel, thread_ts, ts)
        if message is None:
            await self.writer.tell(event, press, "That message is gone; nothing was sent.")
            return
        files = await self.files.fetch(message)
        relayed = await asyncio.to_thread(desk.thread.send_message, view, message, staff, files)
        if relayed.sent:
            await self.writer.mark(channel, thread_ts, ts)
        await self.writer.tell(event, press, relayed.told)

    async def _managed(self, press: Press) -> str | None:
        """Retrain, promote, roll back; what to tell."""
        if press.action_id == action_ids.REFRESH:
            return None
        if not await self.users.may_manage(press.user):
            return NOT_ALLOWED
        staff = await self.users.staff(press.user, press.user_name)
        try:
            if press.action_id == action_ids.RETRAIN:
                return await asyncio.to_thread(self.controls.retrain, staff.name)
            if press.action_id == action_ids.ROLL_BACK:
                return await asyncio.to_thread(self.controls.roll_back, staff.name)
            version = int(press.impression_id)
            ends = press.action_id.startswith(action_ids.KEEP)
            act = self.controls.keep if ends else self.controls.promote
            return await asyncio.to_thread(act, version, staff.name)
        except ModelNotChanged as refused:
            log.warning("slack.not_managed", action=press.action_id, reason=str(refused))
            return f"That did not work: {refused}"
