"""Bolt's listeners: opens modals and checks their forms, which has to happen at once."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import action_ids
from bot.channels.slack.block_rules import BrokenView, checked_view
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.messages import Press, read_press
from bot.channels.slack.modal_choice import ModalChoice
from bot.channels.slack.modal_parts import read_about, read_field, read_ticks
from bot.channels.slack.modals import found_replies
from bot.channels.slack.receive import Body, Receiver, digest, submission, told
from bot.channels.slack.reply_form import (
    read_reply_form,
    reply_errors,
    reply_modal,
    text_block,
    written_on,
)
from bot.channels.slack.shopper_thread import ShopperThreads
from bot.channels.slack.turn_modals import read_when, read_who
from bot.channels.slack.users import SlackUsers
from bot.languages import phrases_in
from feedback.desk import Incoming, Sheets

log = structlog.get_logger()

NOT_OPENED = "Slack did not open the form in time. Press the button again."
GONE = "What this button belongs to is no longer there."


class Listeners:
    """Opens modals, checks what is submitted, and hands it to the inbox."""

    def __init__(
        self,
        *,
        door: Receiver,
        talk: ShopperThreads,
        staff_desk: StaffDesk,
        sheets: Sheets,
        users: SlackUsers,
        shop: str,
    ) -> None:
        """Whatever is submitted goes through `door`."""
        self._door = door
        self._talk = talk
        self._users = users
        self._staff_desk = staff_desk
        self._choice = ModalChoice(talk, staff_desk, sheets, shop)

    def register(self, app: AsyncApp) -> None:
        """Put the door first, then listen to what it lets through."""
        door = self._door

        async def through_the_door(req: Any, next_: Callable[[], Awaitable[Any]]) -> Any:
            return await door(req, next_)

        app.use(through_the_door)
        opens = re.compile(
            "^(" + "|".join(map(re.escape, (*action_ids.OPENS_MODAL, action_ids.MORE))) + ")"
        )
        app.action(opens)(self.on_open)
        for callback in (
            action_ids.EDIT_MODAL,
            action_ids.REPLY_MODAL,
            action_ids.CORRECT_MODAL,
            action_ids.DECLINE_MODAL,
            action_ids.CHANGE_MODAL,
            action_ids.COMMENT_MODAL,
            action_ids.ASK_MODAL,
            action_ids.ASSIGN_MODAL,
            action_ids.SNOOZE_MODAL,
        ):
            app.view(callback)(self.on_submit)
        for in_modal in action_ids.IN_MODAL:
            app.action(in_modal)(self.on_write_on)
        app.options({"action_id": "value", "block_id": "reply"})(self.on_find_reply)
        app.shortcut(action_ids.SEND_SHORTCUT)(self.on_shortcut)

    async def on_open(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A button that opens a modal; its trigger is good for three seconds."""
        await ack()
        press = read_press(body)
        if press is None:
            return
        if press.action_id.startswith(action_ids.STAFF_MODALS) and not await self._users.is_staff(
            press.user, press.channel
        ):
            locale = await self._users.locale(press.user) or self._talk.locale
            await self._door.take(told(body, press, phrases_in(locale).home.staff_only))
            return
        modal = await asyncio.to_thread(self._choice.modal_for, press)
        if modal is None:
            await self._door.take(told(body, press, GONE))
            return
        try:
            view = checked_view(modal)
            await client.views_open(trigger_id=body.get("trigger_id", ""), view=view)
        except (SlackApiError, BrokenView) as refused:
            log.warning("slack.no_modal", reason=str(refused)[:300])
            await self._door.take(told(body, press, self._press_again(press)))

    async def on_write_on(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A slot to put into a new reply, or its preview: the form is drawn again."""
        await ack()
        view, action = body.get("view") or {}, (body.get("actions") or [{}])[0]
        about = read_about(view)
        slot = (action.get("selected_option") or {}).get("value")
        draft = written_on(view, about, slot)
        facts = await asyncio.to_thread(self._staff_desk.facts, draft.locale)
        shown = reply_modal(about, draft, facts, preview=True)
        try:
            changed = checked_view(shown)
            await client.views_update(view_id=view.get("id"), hash=view.get("hash"), view=changed)
        except (SlackApiError, BrokenView) as refused:  # typed on meanwhile: pressed again
            log.warning("slack.form_not_changed", reason=str(refused)[:300])

    async def on_find_reply(self, ack: AsyncAck, body: Body) -> None:
        """What was typed to find the reply that would have been right."""
        user = (body.get("user") or {}).get("id") or ""
        about = read_about(body.get("view") or {})
        options: list[Body] = []
        if await self._users.is_staff(user, str(about.get("channel") or "")):
            replies = await asyncio.to_thread(self._staff_desk.reply_words)
            typed, without = str(body.get("value") or ""), str(about.get("without") or "")
            options = found_replies(replies, typed, without=without)
        await ack(options=options)

    async def on_submit(self, ack: AsyncAck, body: Body) -> None:
        """A submitted modal: its mistakes are told at their fields, else it is kept."""
        view = body.get("view") or {}
        about = read_about(view)
        user = body.get("user") or {}
        kept: Body = {
            **about,
            "callback_id": view.get("callback_id"),
            "user": user.get("id"),
            "user_name": user.get("name") or user.get("username") or "",
            "team": (body.get("team") or {}).get("id") or "",
        }
        if kept["callback_id"] == action_ids.REPLY_MODAL:
            form = read_reply_form(view)
            errors = await asyncio.to_thread(self._reply_errors, form)
            if "text" in errors:
                errors[text_block(view)] = errors.pop("text")
            kept["form"] = list(form)
        elif kept["callback_id"] == action_ids.CORRECT_MODAL:
            kept["reply_id"] = read_field(view, "reply")
            errors = {} if kept["reply_id"] else {"reply": "Choose a reply."}
        elif kept["callback_id"] == action_ids.ASSIGN_MODAL:
            kept["who"] = read_who(view)
            errors = await self._assign_errors(kept["who"])
        elif kept["callback_id"] == action_ids.SNOOZE_MODAL:
            until = read_when(view)
            kept["until"] = until.timestamp() if until else None
            errors = {} if until else {"until": "Choose a time."}
        elif kept["callback_id"] in (action_ids.DECLINE_MODAL, action_ids.CHANGE_MODAL):
            kept |= {"text": read_field(view, "text"), "keep": read_ticks(view, "keep")}
            errors = {}
        else:
            kept["text"] = read_field(view, "text")
            errors = {} if kept["text"] else {"text": "Write something first."}
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        lane = f"{about.get('channel', '')}:{about.get('thread_ts') or about.get('card_id', '')}"
        await self._door.take(submission(view, lane, kept))
        await ack()

    async def on_shortcut(self, ack: AsyncAck, body: Body) -> None:
        """ "Send to shopper" in a message's own menu, in the thread of a card."""
        message, channel = body.get("message") or {}, (body.get("channel") or {}).get("id", "")
        user, thread_ts = body.get("user") or {}, message.get("thread_ts") or ""
        card = await asyncio.to_thread(self._staff_desk.desk.in_thread, channel, thread_ts)
        if card is not None and message.get("ts"):
            press = Press(
                team=str((body.get("team") or {}).get("id") or ""),
                channel=channel,
                thread_ts=thread_ts,
                user=str(user.get("id") or ""),
                impression_id=card.card_id,
                argument=message["ts"],
                action_id=action_ids.SEND_INTERNAL,
                message_ts=message["ts"],
                user_name=str(user.get("name") or user.get("username") or ""),
            )
            key = f"action:{digest([body.get('trigger_id'), press])}"
            lane = f"{channel}:{thread_ts}"
            await self._door.take(Incoming(key, "action", lane, "", press._asdict()))
        await ack()

    async def _assign_errors(self, who: str) -> dict[str, str]:
        if not who or await self._users.is_staff(who):
            return {}
        return {"who": "They are not of the staff: invite them to the review channel first."}

    def _press_again(self, press: Press) -> str:
        """For who pressed a button whose form Slack did not open."""
        if press.action_id.startswith(action_ids.STAFF_MODALS):
            return NOT_OPENED
        return self._talk.words_of(press).trouble

    def _reply_errors(self, form: Any) -> dict[str, str]:
        facts = self._staff_desk.fact_names(form.locale)
        return reply_errors(form, facts, self._staff_desk.taken_names())
