"""English: what a turn does besides asking."""

from typing import Final

from bot.languages.pack import TurnWords

_DO: Final = (
    "cancel|change|send|ship|refund|return|exchange|swap|close|delete|call|do|touch|stop|charge"
    "|place|order|remove"
)

_WHO: Final = (
    r"(?:(?:real|live|human|actual) )?(?:human(?: being)?|person|someone|somebody|agent|operator"
    r"|representative|rep|colleague|manager|boss|employee|supervisor|staff)\b"
)
_PERSON: Final = (
    rf"\b(?:talk|speak|chat|write) (?:to|with) (?:(?:a|an|the|some|another|your) )?{_WHO}"
    r"|\b(?:get|give|find|bring|connect|put)(?: me| us)?(?: to| with| through to)?"
    rf" (?:a|an|the|your|some) {_WHO}"
    rf"|^\W*(?:an? )?{_WHO}(?:,? please| now)?\W*$"
    r"|\b(?:can|could) (?:someone|somebody|a person|a human) (?:call|ring|phone|help|contact)\b"
    r"|\bcall me back\b|\b(?:real|live|actual) (?:human|person|agent)\b"
)

_BARE: Final = """
    a about again all also and any anything are at be been before but by can come comes cost costs
    could did do does else exactly expect first for from get go goes going had has have how i if in
    is it it's its just last left like long many may me mean much my need needs next no normally not
    now of often ok okay on one or other our please quick quickly roughly should so soon still take
    takes tell that that's the them then there these they thing things this those time to too up
    usually wait want was we well what what's when where which who why will with would yet you your
"""

TURNS: Final = TurnWords(
    greeting=r"^\W*(?:hi|hey|hello|good (?:morning|afternoon|evening|day))"
    r"(?:\s+(?:there|all|guys|team|folks))?[\s,!.]+(?=\S+\s+\S+\s+\S+)",
    correction=r"^\W*(?:(?:no|nope|sorry|wait|actually|oops|i|was|am|mean|meant|said|talking|asked"
    r"|asking|about|not that|that's not it)\b\W*)+",
    forbids=rf"\b(?:do not|don'?t|never|must not|mustn'?t|should not|shouldn'?t)\s+"
    rf"(?:please\s+)?(?:{_DO})\b"
    rf"|\b(?:do not|don'?t|did not|didn'?t|never) (?:want|mean|need|ask|wish)(?:ed)? (?:you )?to"
    rf" (?:{_DO})\b|^\W*(?:never ?mind|forget)\b(?: (?:it|that|about it))?"
    r"|\bi(?:'ve| have)? changed my mind\b|\b(?:keep|leave) (?:my|the) order\b"
    r"|^\W*(?:(?:no|ok(?:ay)?|oh|actually|wait|sorry|please|just|then)\W+)*"
    r"(?:i(?:'ll| will| want to) )?(?:keep|leave) (?:it|them)"
    r"(?: (?:as (?:it|they) (?:is|are|was|were)|then|please))*\W*$",
    yes=r"(?:yes|yep|yeah|yup|right|correct|exactly|that'?s (?:it|right)|that one|sure)"
    r"(?:,? please)?",
    no=r"^\W*(?:no|nope|nah|none|neither|never|nothing"
    r"|not (?:that|this|really|now|those|these|it))\b",
    person=_PERSON,
    bare=rf"\b(?:{'|'.join(_BARE.split())})\b",
    plainest={
        "acknowledge": ("ok", "okay", "got it"),
        "thank": ("thanks", "thank you", "thank you very much"),
        "goodbye": ("bye", "goodbye", "good bye"),
        "greet": ("hello", "hi", "hey"),
        "person": (
            "i want to talk to a person",
            "i would like to talk to a person",
            "can i talk to a person",
            "talk to a person",
            "talk to a human",
            "human please",
            "can i speak to someone",
        ),
    },
)
