"""Renders outbox messages as calls to Slack, at the moment they are sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from bot.channels.slack.action_card import action_post
from bot.channels.slack.blocks import (
    ClickLink,
    Post,
    answer_post,
    context,
    text_post,
)
from bot.channels.slack.card_facts import CardLinks
from bot.channels.slack.cards import CardOffers, CardTimes, card_post
from bot.channels.slack.config import SlackOptions, SlackServices, StaffPlace
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.proposal_post import proposals_post
from bot.channels.slack.reminder import reminder_post
from bot.channels.slack.retrying_client import Call
from bot.channels.slack.review import sheet_post
from bot.channels.slack.routes import UPLOAD
from bot.channels.slack.text import escape_within
from bot.channels.slack.word_calls import (
    mark_calls,
    note_calls,
    post_call,
    respond_calls,
    whisper_calls,
    words_calls,
)
from bot.conversation import answer_shown
from feedback.db import DialogueTurn
from feedback.desk import (
    SAID,
    ActionCards,
    CardDrawings,
    CardView,
    Claimed,
    InternalNotes,
    Sheets,
    note_undelivered,
    queued_revision,
    standing,
)
from serving.contract import Turn, render_dialogue
from serving.ranker import RankerUnavailable

log = structlog.get_logger()

SPEAKERS: Final = {"shopper": "shopper", "clerk": "clerk", "staff": "clerk"}


class MessageRenderer:
    """Draws messages, and notes where cards and sheets were posted."""

    def __init__(
        self,
        services: SlackServices,
        options: SlackOptions,
        staff_desk: StaffDesk,
        sheets: Sheets,
        where: StaffPlace,
        *,
        click_link: ClickLink,
        clock: Callable[[], datetime],
    ) -> None:
        """Thumbs are "native" (Slack's feedback buttons), "plain" buttons, or "off"."""
        self._store = services.store
        self._staff_desk = staff_desk
        self._desk = staff_desk.desk
        self._drawings = CardDrawings(staff_desk.desk.db)
        self._actions = ActionCards(staff_desk.desk.db)
        self._notes = InternalNotes(staff_desk.desk.db)
        self._files = services.files
        self._targets = options.targets
        self._order_page = options.order_page
        self._sheets = sheets
        self._where = where
        self._click_link = click_link
        self._clock = clock
        self._draft = services.draft
        self._thumbs = options.thumbs
        self._zone = options.zone
        self._desk_url = options.desk_url
        self._revisions: dict[int, int] = {}  # of cards as they were drawn, by outbox number
        self._kinds: dict[str, Callable[[Claimed], list[Call]]] = {
            "answer": self._answer,
            "staff_turn": self._staff_turn,
            "shopper_turn": self._shopper_turn,
            "words": words_calls,
            "note": note_calls,
            "whisper": whisper_calls,
            "card": self._card,
            "sheet": self._sheet,
            "action": self._action,
            "reminder": self._reminder,
            "proposals": self._proposals,
            "file": self._file,
            "mark": mark_calls,
            "kept_mark": mark_calls,
            "internal_note": self._internal_note,
            "respond": respond_calls,
        }

    def draw(self, claimed: Claimed) -> list[Call]:
        """The ways to send it, richest first; none where there is nothing to say any more."""
        return self._kinds[claimed.kind](claimed)

    def sent(self, claimed: Claimed, ts: str | None) -> None:
        """Note where it is."""
        if claimed.kind == "card" and ts:
            self._drawings.drawn(
                claimed.payload["card_id"],
                self._revisions.pop(claimed.number, queued_revision(claimed.key)),
                team=self._where.team,
                channel=claimed.lane,
                ts=ts,
                now=self._clock(),
            )
        elif claimed.kind == "sheet" and ts:
            self._sheets.drawn(claimed.payload["day"], claimed.lane, ts)
        elif claimed.kind == "action" and ts:
            self._actions.drawn(claimed.payload["run_id"], claimed.lane, ts)

    def given_up(self, claimed: Claimed, error: str, now: datetime) -> None:
        """Slack will not take it: what was said to somebody is told at the desk.

        A card whose message was deleted is posted again.
        """
        self._revisions.pop(claimed.number, None)
        if claimed.kind == "card" and error in ("message_not_found", "cant_update_message"):
            self._drawings.lost(claimed.payload["card_id"])
        elif claimed.kind in SAID and claimed.dialogue_id:
            note_undelivered(self._desk.db, claimed.dialogue_id, now)

    def _answer(self, claimed: Claimed) -> list[Call]:
        shown = self._store.impression(claimed.payload["impression_id"])
        turn = self._turn(claimed)
        if shown is None or turn is None:
            return []
        asked = self._store.turn(turn.answers_turn_id) if turn.answers_turn_id else None
        pressed = asked is not None and (asked.client_id or "").startswith("choice:")
        answer = answer_shown(turn, shown)

        def drawn(thumbs: str, *, pictures: bool, carousel: bool = False) -> Post:
            return answer_post(
                answer,
                locale=shown.locale,
                click_link=self._click_link,
                chosen=asked.text if pressed and asked else None,
                thumbs=thumbs,
                pictures=pictures,
                carousel=carousel,
            )

        plain = "off" if self._thumbs == "off" else "plain"
        forms = [drawn(self._thumbs, pictures=True), drawn(plain, pictures=False)]
        if len(answer.products) > 1:
            forms.insert(0, drawn(self._thumbs, pictures=True, carousel=True))
        return [post_call(claimed, form) for form in [*forms, Post(forms[-1].text, [])]]

    def _staff_turn(self, claimed: Claimed) -> list[Call]:
        turn = self._turn(claimed)
        if turn is None:
            return []
        post = text_post(turn.text)
        name = escape_within(turn.author or "Our team", 60)
        signed = Post(post.text, [*post.blocks, context(f"{name}, from the team")])
        return self._posted_or_updated(claimed, signed, claimed.payload.get("ts"))

    def _shopper_turn(self, claimed: Claimed) -> list[Call]:
        """What the shopper wrote since, in one message: the colleague reads it sooner."""
        numbers = claimed.payload.get("turn_ids") or [claimed.payload["turn_id"]]
        turns = [self._store.turn(number) for number in numbers]
        said = "\n".join(turn.text for turn in turns if turn)
        if not said:
            return []
        post = text_post(said)
        told = Post(f"Shopper: {post.text}", [context("💬 *The shopper writes*"), *post.blocks])
        return [post_call(claimed, told), post_call(claimed, Post(told.text, []))]

    def _card(self, claimed: Claimed) -> list[Call]:
        """The card as it stands now, whatever it was when the drawing was queued."""
        view = self._desk.view(claimed.payload["card_id"])
        if view is None:
            return []
        if self._draft and view.card.draft is None and view.card.state == "open":
            self._drawings.keep_draft(view.card.card_id, self._drafted(view))
            view = self._desk.view(view.card.card_id) or view
        self._revisions[claimed.number] = view.card.revision
        now = self._clock()
        post = card_post(
            view,
            CardOffers(
                self._staff_desk.suggestions(view),
                self._staff_desk.draft(view),
                self._staff_desk.page_drafts(view),
            ),
            standing(view.card, now, self._targets),
            CardTimes(now, self._zone),
            CardLinks(self._where.url, self._desk_url, self._order_page),
        )
        return self._posted_or_updated(claimed, post, view.card.ts)

    def _internal_note(self, claimed: Claimed) -> list[Call]:
        """A note of the desk's; nothing where it was forgotten meanwhile."""
        note = self._notes.find(claimed.payload["note_id"])
        if note is None:
            return []
        post = text_post(note.text)
        author = escape_within(note.author, 60)
        signed = Post(f"📝 {post.text}", [context(f"📝 *{author}, a note*"), *post.blocks])
        return [post_call(claimed, signed), post_call(claimed, Post(signed.text, []))]

    def _sheet(self, claimed: Claimed) -> list[Call]:
        view = self._sheets.view(claimed.payload["day"])
        if view is None or not view.items:
            return []
        return self._posted_or_updated(claimed, sheet_post(view), view.sheet.ts)

    def _action(self, claimed: Claimed) -> list[Call]:
        run = self._actions.run(claimed.payload["run_id"])
        if run is None or run.queued > int(claimed.key.rpartition(":")[2]):
            return []
        return self._posted_or_updated(
            claimed, action_post(run, self._actions.history(run)), run.ts
        )

    def _reminder(self, claimed: Claimed) -> list[Call]:
        """What is due to be said of a card; nothing where it was answered meanwhile."""
        view = self._desk.view(claimed.payload["card_id"])
        if view is None:
            return []
        now = self._clock()
        post = reminder_post(
            claimed.payload["reminder"],
            view.card,
            view.question,
            standing(view.card, now, self._targets),
            CardTimes(now, self._zone),
            self._where.url,
        )
        return [post_call(claimed, post)] if post else []

    def _proposals(self, claimed: Claimed) -> list[Call]:
        ids = claimed.payload["ids"]
        address = f"{self._desk_url}/proposals" if self._desk_url else ""
        post = proposals_post(ids, self._staff_desk.proposals.named(ids), address)
        return self._posted_or_updated(claimed, post, claimed.payload["ts"])

    def _file(self, claimed: Claimed) -> list[Call]:
        """A file as it is kept; nothing where its sender was forgotten meanwhile."""
        opened = self._files.open(claimed.payload["file_id"])
        if opened is None:
            return []
        arguments = {
            "channel": claimed.lane,
            "thread_ts": claimed.thread_ts,
            "content": opened.content,
            "filename": opened.name,
            "title": opened.name,
        }
        return [Call(UPLOAD, arguments)]

    def _posted_or_updated(self, claimed: Claimed, post: Post, ts: str | None) -> list[Call]:
        bare = Post(post.text, [])
        if ts is None:
            return [post_call(claimed, post), post_call(claimed, bare)]
        return [
            Call(
                "chat_update",
                {"channel": claimed.lane, "ts": ts, "text": form.text, "blocks": form.blocks},
            )
            for form in (post, bare)
        ]

    def _drafted(self, view: CardView) -> str:
        """The model's own words to what was asked; "" where it has none or is away."""
        rendered = render_dialogue([Turn("shopper", view.question)])
        try:
            return self._draft(rendered) if self._draft and view.shown else ""
        except RankerUnavailable as away:
            log.info("slack.no_draft", reason=str(away)[:200])
            return ""

    def _turn(self, claimed: Claimed) -> DialogueTurn | None:
        return self._store.turn(claimed.payload["turn_id"])
