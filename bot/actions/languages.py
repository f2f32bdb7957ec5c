"""The words of order actions in a language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.actions.any_language import joined
from bot.actions.chinese import CHINESE
from bot.actions.english import ENGLISH
from bot.actions.order_actions import ORDER_ACTIONS, OrderAction
from bot.actions.words import ActionWords

WORDS: Final = {"en": ENGLISH, "zh": CHINESE}
SPEECHES: Final = tuple(words.speech for words in WORDS.values())  # a yes is one in any of them
ANY_SPEECH: Final = joined(SPEECHES)


def action_words(locale: str, actions: Mapping[str, OrderAction] = ORDER_ACTIONS) -> ActionWords:
    """A language's, with those of the shop's own actions; English where there are none.

    >>> action_words("zh").locale, action_words("de").locale
    ('zh', 'en')
    """
    words = replace(WORDS.get(locale, ENGLISH), speech=ANY_SPEECH)
    own = {
        name: action.phrases.get(words.locale) or action.phrases["en"]
        for name, action in actions.items()
        if action.phrases
    }
    if not own:
        return words
    reasons = {code: shown for each in own.values() for code, (shown, _) in each.reasons.items()}
    cues = {**{name: _cue(actions[name]) for name in own}, **words.speech.cues}
    return replace(
        words,
        speech=replace(words.speech, cues=cues),
        actions={**words.actions, **{name: each.title for name, each in own.items()}},
        reasons={**reasons, **words.reasons},
        done={**words.done, **{name: each.done for name, each in own.items()}},
    )


def _cue(action: OrderAction) -> str:
    """How an action of the shop's own is asked for, in any of its languages."""
    return "|".join(f"(?:{phrases.cue})" for phrases in action.phrases.values())
