"""Modal choice: which form a pressed button opens, with what it begins with."""

from bot.channels.slack import action_ids
from bot.channels.slack.action_modals import change_modal, decline_modal
from bot.channels.slack.blocks import Block
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.messages import Press
from bot.channels.slack.modals import ask_modal, comment_modal, correct_modal, edit_modal
from bot.channels.slack.reply_form import ReplyDraft, reply_modal
from bot.channels.slack.shopper_thread import ShopperThreads
from bot.channels.slack.turn_modals import assign_modal, snooze_modal
from bot.languages import phrases_in
from feedback.desk import Sheets


class ModalChoice:
    """Draws the form that belongs to a button."""

    def __init__(
        self, talk: ShopperThreads, staff_desk: StaffDesk, sheets: Sheets, shop: str
    ) -> None:
        """`shop` is its name, in the title of a shopper's form."""
        self._talk = talk
        self._staff_desk = staff_desk
        self._sheets = sheets
        self._shop = shop

    def modal_for(self, press: Press) -> Block | None:
        """The form; None where what the button belongs to is gone."""
        about: Block = {"channel": press.channel, "thread_ts": press.thread_ts}
        name = press.action_id
        if name == action_ids.ASK:
            words = phrases_in(press.impression_id or self._talk.locale)
            return ask_modal(about, words.home, self._shop, words.send)
        if name == action_ids.COMMENT:
            words = self._talk.words_of(press)
            return comment_modal(
                {**about, "press": press._asdict()}, words.tell_more, words.what_was_wrong,
                words.send,
            )  # fmt: skip
        if name.startswith(action_ids.CORRECT):
            return self._correct_modal(press, about)
        if name == action_ids.ACTION_DECLINE:
            return decline_modal(press.impression_id, press.channel, press.thread_ts)
        if name == action_ids.ACTION_CHANGE:
            pieces = self._staff_desk.actions.pieces(press.impression_id)
            return change_modal(press.impression_id, press.channel, press.thread_ts, pieces)
        if name.startswith(action_ids.WRITE_REPLY):
            return self._reply_modal(
                about, question=press.argument, text="", locale=press.impression_id
            )
        if name.startswith(action_ids.PROPOSAL_EDIT):
            return self._proposal_modal(press, about)
        card_id = press.impression_id
        about["card_id"] = card_id
        if name == action_ids.SNOOZE:
            return snooze_modal(about, self._staff_desk.snooze_times())
        if name == action_ids.ASSIGN:
            view = self._staff_desk.desk.view(card_id)
            return assign_modal(about, view.card.assignee) if view else None
        if name == action_ids.ADD_REPLY:
            view = self._staff_desk.desk.view(card_id)
            if view is None:
                return None
            return self._reply_modal(
                about, question=view.question, text=view.card.draft or "", locale=view.locale
            )
        draft = self._staff_desk.edit_draft(card_id, press.argument)
        if draft is None:
            return None
        return edit_modal({**about, "reply_id": draft.reply_id}, draft.question, draft.text)

    def _reply_modal(self, about: Block, *, question: str, text: str, locale: str) -> Block:
        draft = ReplyDraft(question=question, text=text, locale=locale)
        return reply_modal(about, draft, self._staff_desk.facts(locale))

    def _proposal_modal(self, press: Press, about: Block) -> Block | None:
        draft = self._staff_desk.proposals.draft(press.impression_id)
        if draft is None:
            return None
        about |= {"proposal_id": press.impression_id, "ids": press.argument}
        about["ts"] = press.message_ts
        return reply_modal(about, draft, self._staff_desk.facts(draft.locale))

    def _correct_modal(self, press: Press, about: Block) -> Block | None:
        view = self._sheets.view(press.impression_id)
        position = int(press.argument or 0)
        item = next((one for one in view.items if one.position == position), None) if view else None
        if item is None:
            return None
        about |= {"day": press.impression_id, "position": position}
        about["without"] = item.impression.reply_id or ""
        return correct_modal(about, item.question)
