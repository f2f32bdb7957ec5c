"""Follow-ups whose own words say nothing of what is asked about: "and how long does it take"."""

import re
from functools import cache
from typing import Final

from bot.conversation.incoming import IncomingMessage
from bot.languages import all_packs
from serving.ranker import Ranking

NEIGHBOURS: Final = 6  # candidates that the next turn may be about at most, the best among them
SHARE: Final = 6  # one reply in so many: in a book of ten the six nearest would be any


def is_bare(text: str) -> bool:
    """Whether a turn has no word of its own topic.

    >>> is_bare("and how long does it take?"), is_bare("how long does delivery take")
    (True, False)
    >>> is_bare("那要多久"), is_bare("退款要多久")
    (True, False)
    """
    return not any(map(str.isalnum, _bare().sub(" ", text)))


def neighbours_of(replies: int) -> int:
    """How many candidates of a turn the next one may be about, in a book of so many replies.

    >>> neighbours_of(6), neighbours_of(20), neighbours_of(60)
    (2, 3, 6)
    """
    return max(2, min(NEIGHBOURS, replies // SHARE))


def leaves_topic(message: IncomingMessage, ranking: Ranking) -> bool:
    """Whether a bare turn would get a reply that has nothing to do with what was spoken of.

    Then the model may have read the turn alone: delivery's time after a question about a repair.
    """
    focus, best = message.memory.focus, ranking.candidates[0]
    if ranking.served_by != "model" or best.reply_id is None:
        return False
    if focus.on_products or not focus.near:
        return False
    spoken_of = {focus.topic, message.memory.pending_reply_id, *focus.near}
    return best.key not in spoken_of and is_bare(message.plain)


@cache
def _bare() -> re.Pattern[str]:
    said = [pack.turns.bare for pack in all_packs() if pack.turns.bare]
    return re.compile("|".join(said) or "(?!)", re.IGNORECASE)
