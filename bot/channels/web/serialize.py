"""Serializes turns and replies for the chat's API, with tracked links on products and sources."""

from bot.channels.web.clicks import leads_to_shop
from bot.channels.web.schemas import ChatLine, ReplyShape, line_of, reply_of
from bot.conversation import answer_shown
from bot.http import WebContext
from bot.messages import Answer

MAX_LINES = 200  # of one dialogue at once; older ones are hardly ever read


class Lines:
    """Reads from the store what a shopper may see."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    def after(self, dialogue_id: str, turn_id: int) -> list[ChatLine]:
        """The dialogue's lines past `turn_id`, oldest first."""
        store = self._context.store
        lines = []
        for turn in store.turns(dialogue_id, after=turn_id)[-MAX_LINES:]:
            shown = store.impression(turn.impression_id) if turn.impression_id else None
            answer = answer_shown(turn, shown) if shown and turn.speaker == "clerk" else None
            lines.append(line_of(turn, self.reply(answer) if answer else None))
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

    def _counted(self, reply: ReplyShape, target: str, url: str) -> str:
        token = self._context.tokens.click(reply.impression_id, target, url)
        return f"{self._context.config.public_url}/c/{token}"
