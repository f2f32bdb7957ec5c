"""The flow of order actions: from a wish to a summary, an explicit yes, and the act. Start here.

What is remembered is the words the shopper said to each wish (`ActionMemory`); what they mean is
read anew each turn out of those words and the back office's facts, so a correction is just one
more turn. Nothing is written without a stored yes to exactly the summary that was shown.
"""

from dataclasses import replace

import structlog

from bot.actions.back_office import BackOfficeAway
from bot.actions.flow_parts import FlowParts
from bot.actions.languages import action_words
from bot.actions.turn import ActionTurn
from bot.conversation import ComposedAnswer, IncomingMessage, OfferedChoice
from serving.ranker import Ranking

log = structlog.get_logger()


class ActionFlow:
    """Leads from wishes to acts; the clerk asks it before any source of knowledge."""

    def __init__(self, parts: FlowParts) -> None:
        """Lead with these parts."""
        self._parts = parts

    def take(
        self,
        message: IncomingMessage,
        ranking: Ranking | None,
        pressed: OfferedChoice | None = None,
        *,
        wants_person: bool = False,
    ) -> ComposedAnswer | None:
        """What to say, where the message is about an order action; None: it is about another thing.

        `ranking` has what the model's heads say; `pressed` is the button that was pressed. Who
        wants a person gets one, but a yes to a summary is a yes.
        """
        turn = ActionTurn(self._parts, message, ranking, pressed)
        by_keywords = ranking is not None and ranking.served_by == "keywords"  # no sure sign
        if wants_person and not turn.says_yes and not (by_keywords and turn.wishes):
            return None
        try:
            return turn.answer()
        except BackOfficeAway as away:
            log.warning("action.back_office_away", error=str(away))
            return turn.answers.away(turn.memory)

    def go_on(self, message: IncomingMessage, answer: ComposedAnswer) -> ComposedAnswer:
        """After a question in between: what was asked before is asked again behind the answer."""
        memory = message.memory.action
        if memory is None:
            return answer
        kept = replace(answer, memory=replace(answer.memory, action=memory))
        if not memory.question or answer.kind == "handover":
            return kept
        words = action_words(message.query.locale)
        said = f"{answer.text}\n\n{words.still.format(question=memory.question)}"
        return replace(kept, text=said)
