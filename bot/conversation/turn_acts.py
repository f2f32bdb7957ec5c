"""Dialogue acts of a turn: "ok", "no, not that", "the second one" after choices.

What it does says the model (`Ranking.acts`); a version without such heads says nothing, and then
only what words alone show is read here.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

from bot.conversation.incoming import IncomingMessage
from bot.conversation.policy import Decision
from bot.knowledge import ordinal_of, query_words
from bot.languages import all_packs, pack_in
from serving.ranker import Ranking

SURE: Final = 0.6  # of an act
MOST_WORDS_OF_A_POINTER: Final = 5
MOST_WORDS_OF_A_NO: Final = 4
MOST_LETTERS_OF_A_NO: Final = 6  # where words have no spaces

TurnAct = Literal["acknowledge", "thank", "greet", "goodbye", "deny"]
SMALL_TALK: Final[tuple[TurnAct, ...]] = ("acknowledge", "thank", "greet", "goodbye")


def pointed_at(message: IncomingMessage, offered: Mapping[str, str]) -> str | None:
    """The key of the choice a turn points at, right after they were offered.

    "The second one", "yes" to the first, which fits best, or a word that one button alone has.
    """
    keys, words = [*offered], message.query.texts[0]
    if not keys or len(words.split()) > MOST_WORDS_OF_A_POINTER:
        return None
    place = ordinal_of(words)
    if place is not None and place < len(keys):
        return keys[place]
    if _pattern("yes").fullmatch(words.strip(" .,!。，！")):
        return keys[0]
    said = set(query_words(words, message.query.locale))
    titled = {key: set(query_words(offered[key], message.query.locale)) for key in keys}
    fitting = [key for key in keys if said & titled[key]]
    return fitting[0] if len(fitting) == 1 and said <= set().union(*titled.values()) else None


def act_of(ranking: Ranking, decision: Decision, message: IncomingMessage) -> TurnAct | None:
    """What a turn does where that decides the answer, rather than what it asks.

    A word of acknowledgement asks nothing, so nobody is called for it. What is negated is not what
    is wanted, however much it looks like it. Thanks and greetings are answered as such where no
    reply is sure, or where it would be the one that was said just now.
    """
    best, sure = max(ranking.acts.items(), key=lambda said: said[1], default=("", 0.0))
    if sure < SURE or message.memory.pending_reply_id is not None:
        return None
    answers = decision.kind == "answer"
    again = answers and decision.candidates[0].key == message.memory.focus.topic
    asks = _pattern("question").search(message.plain)
    if best == "affirm" and not answers and not asks:
        return "acknowledge"
    small_talk: TurnAct | None = next((act for act in SMALL_TALK if act == best), None)
    if small_talk is not None and (again or not answers) and not asks:
        return small_talk
    return "deny" if best == "deny" and _is_no(message) else None


def puts_right(ranking: Ranking, message: IncomingMessage) -> bool:
    """Whether a turn corrects what was understood, and would get the same answer once more."""
    best = ranking.candidates[:1]
    corrects = ranking.acts.get("correct", 0.0) >= SURE
    return corrects and bool(best) and best[0].key == message.memory.focus.topic


def asks_for_person(message: IncomingMessage) -> bool:
    """Whether a turn says in so many words that a person is wanted, whatever the book holds."""
    return bool(_pattern("person").search(message.plain))


def _is_no(message: IncomingMessage) -> bool:
    """Whether a turn is a bare no: short, with a negation, and no question."""
    text, pack = message.plain, pack_in(message.query.locale)
    if not _pattern("no").search(text) or _pattern("question").search(text):
        return False
    if pack.language.spaced:
        return len(text.split()) <= MOST_WORDS_OF_A_NO
    return len(text) <= MOST_LETTERS_OF_A_NO


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """A pattern of all languages together: shoppers mix them."""
    said = {
        "yes": [pack.turns.yes for pack in all_packs()],
        "no": [pack.turns.no for pack in all_packs()],
        "person": [pack.turns.person for pack in all_packs()],
        "question": [pack.products.questions for pack in all_packs()],
    }[name]
    return re.compile("|".join(each for each in said if each) or "(?!)", re.IGNORECASE)
