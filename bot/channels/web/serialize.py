"""Serializes turns and replies for the chat's API, with tracked links on product cards."""

from bot.channels.web.schemas import DialogueLine, ReplyShape, line_of, reply_of, reply_shown
from bot.http import WebContext
from bot.messages import Answer

MAX_LINES = 200  # of one dialogue at once; older ones are hardly ever read


class Lines:
    """Reads from the store what a shopper may see."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    def after(self, dialogue_id: str, turn_id: int) -> list[DialogueLine]:
        """The dialogue's lines past `turn_id`, oldest first."""
        store = self._context.store
        lines = []
        for turn in store.turns(dialogue_id, after=turn_id)[-MAX_LINES:]:
            shown = store.impression(turn.impression_id) if turn.impression_id else None
            reply = (
                self._clickable(reply_shown(shown)) if shown and turn.speaker == "clerk" else None
            )
            lines.append(line_of(turn, reply))
        return lines

    def reply(self, answer: Answer) -> ReplyShape:
        """What the clerk just said."""
        return self._clickable(reply_of(answer))

    def _clickable(self, reply: ReplyShape) -> ReplyShape:
        public_url, tokens = self._context.config.public_url, self._context.tokens
        for card in reply.products:
            if not card.click_url:
                token = tokens.click(reply.impression_id, card.product_id, card.url)
                card.click_url = f"{public_url}/c/{token}"
        return reply
