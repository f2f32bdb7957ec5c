"""What a turn does besides asking: "ok", "no, not that", "the second one" after choices.

What it does says the model (`Ranking.acts`); a version without such heads says nothing, and then
only what points at a choice is read here.
"""

from typing import Final, Literal

from bot.conversation.incoming import IncomingMessage
from bot.conversation.policy import Decision
from bot.knowledge import ordinal_of
from serving.ranker import Ranking

SURE: Final = 0.6  # of an act
MOST_WORDS_OF_A_POINTER: Final = 5

TurnAct = Literal["acknowledge", "deny"]


def pointed_at(message: IncomingMessage) -> str | None:
    """The key of the choice a turn points at: "the second one", right after they were offered."""
    offered = message.memory.focus.offered
    words = message.query.texts[0]
    if not offered or len(words.split()) > MOST_WORDS_OF_A_POINTER:
        return None
    place = ordinal_of(words)
    return offered[place] if place is not None and place < len(offered) else None


def act_of(ranking: Ranking, decision: Decision) -> TurnAct | None:
    """What a turn does where that decides the answer, rather than what it asks.

    A word of acknowledgement asks nothing, so nobody is called for it. What is negated is not what
    is wanted, however much it looks like it.
    """
    best = max(ranking.acts, key=lambda act: ranking.acts[act], default=None)
    if best is None or ranking.acts[best] < SURE:
        return None
    if best in ("acknowledge", "affirm") and decision.kind != "answer":
        return "acknowledge"
    if best == "deny" and decision.kind == "answer":
        return "deny"
    return None
