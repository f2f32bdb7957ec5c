"""Serializes turns and replies for the chat's API, with tracked links on products and sources."""

from bot.channels.web.clicks import leads_to_shop
from bot.channels.web.reply_schemas import ReplyShape, reply_of
from bot.channels.web.schemas import ChatLine, FileShape, line_of
from bot.conversation import answer_shown
from bot.http import WebContext
from bot.messages import Answer
from feedback.files import KeptFile

MAX_LINES = 200  # of one dialogue at once; older ones are hardly ever read


def file_path(context: WebContext, file_id: str, *, thumbnail: bool = False) -> str:
    """Where on this server a file lies, for anyone who is given this address; for a day."""
    return f"/files/{context.tokens.file(file_id, thumbnail=thumbnail)}"


class Lines:
    """Reads from the store what a shopper may see."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    def after(self, dialogue_id: str, turn_id: int) -> list[ChatLine]:
        """The dialogue's lines past `turn_id`, oldest first."""
        store = self._context.store
        lines = []
        turns = store.turns(dialogue_id, after=turn_id)[-MAX_LINES:]
        by_people = any(turn.client_id and turn.speaker != "clerk" for turn in turns)
        files = self._context.files.sent_in(dialogue_id) if by_people else {}
        for turn in turns:
            shown = store.impression(turn.impression_id) if turn.impression_id else None
            answer = answer_shown(turn, shown) if shown and turn.speaker == "clerk" else None
            line = line_of(turn, self.reply(answer) if answer else None)
            line.files = [self.file(one) for one in files.get(turn.client_id or "", ())]
            lines.append(line)
        return lines

    def reply(self, answer: Answer) -> ReplyShape:
        """What the clerk just said."""
        reply = reply_of(answer)
        for card in reply.products:
            card.click_url = self._counted(reply, card.product_id, card.url)
        for citation, source in zip(answer.citations, reply.sources, strict=True):
            if leads_to_shop(source.url, self._context.config):  # the counter goes nowhere else
                source.click_url = self._counted(reply, citation.key, source.url)
        return reply

    def file(self, kept: KeptFile) -> FileShape:
        """A file, with addresses that only who may see it is given."""
        here = self._context.config.public_url
        small = file_path(self._context, kept.file_id, thumbnail=True) if kept.is_picture else None
        return FileShape(
            file_id=kept.file_id,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            width=kept.width,
            height=kept.height,
            url=here + file_path(self._context, kept.file_id),
            thumbnail_url=here + small if small else None,
        )

    def _counted(self, reply: ReplyShape, target: str, url: str) -> str:
        token = self._context.tokens.click(reply.impression_id, target, url)
        return f"{self._context.config.public_url}/c/{token}"
