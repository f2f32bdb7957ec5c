"""Abuse in English: insults, threats, slurs, which conversation/abuse.py looks for."""

from typing import Final

from bot.languages.pack import AbuseKind

# Nobody needs these to talk about a shop's goods, whoever they are said to.
_ALWAYS: Final = (
    r"(?:mother ?)?fuckers?|motherfucking|mofo|cunts?|assholes?|arseholes?|dick ?heads?"
    r"|shit ?heads?|fuck ?(?:wit|face|tard)s?|dumb ?(?:ass|fuck)(?:es|s)?|jack ?ass(?:es)?"
    r"|sons? of (?:a )?bitch(?:es)?|wankers?|cocksuckers?|douchebags?"
)
# These only when they are thrown at somebody.
_NOUNS: Final = (
    r"idiots?|morons?|imbeciles?|cretins?|losers?|bitch(?:es)?|bastards?|scums?|scumbags?|pigs"
    r"|clowns?|liars?|fools?|twats?|retards?|thie(?:f|ves)|crooks?|scammers?"
    r"|pieces? of (?:shit|crap|garbage|trash)"
)
_CALLED: Final = r"idiots?|morons?|imbeciles?|bitch(?:es)?|bastards?|scumbags?|losers?|retards?"
_ADJECTIVES: Final = (
    r"stupid|dumb|useless|worthless|pathetic|idiotic|moronic|incompetent|brain ?(?:less|dead)"
    r"|retarded|disgusting|ugly|(?:trash|garbage)(?! ?\w)"
)
_VERY: Final = (
    r"(?:(?:all|just|such|so|really|very|too|a|an|the|bunch of|pack of|complete|total|absolute"
    r"|utter|bloody|damn|fucking|freaking|goddamn|biggest|little|lazy|fat|lying|stupid|dumb|useless"
    r"|worthless|incompetent|absolutely|completely|totally|literally|nothing but) )*"
)
_YOU: Final = (
    r"(?:you guys|you people|you lot|your (?:staff|team|company|agents?|people)|yall|you|u|ya)"
)
_ARE: Final = r"(?:are|re|r|is|must be|sound like|sound|act like|seem)"
_CALL: Final = r"(?:hey|listen|hello|hi|ok|come on|answer(?: me)?|now|bye|goodbye|thanks|sir)"
_END: Final = r"\s*(?:$|[!.,?])"
_WILL: Final = (
    r"\bi(?: ?ll| will| ?a?m going to| ?a?m gonna| gonna| wanna| want to| ?d like to)(?: \w+){0,3}?"
)
_HARM: Final = r"(?:kill|murder|stab|strangle|hurt|beat|punch|slap|smack|hunt|rape)"
_ALL_YOU: Final = r"(?:(?:all|every one|each) of )?(?:you|u|your family|your kids|yall)"
_PLACE: Final = r"your (?:\w+ )?(?:shop|store|office|house|warehouse|building)"
_SLURS: Final = r"nigg(?:er|a)s?|fag(?:got)?s?|chinks|kikes?|spics?|trann(?:y|ies)|towelheads?"
_WHOM: Final = r"you|u|off|yourself|yourselves|ya|all of you|your (?:mother|mom|mum|company|shop)"
_TAIL: Final = r"(?: (?:all|guys|people|idiots?|bot|clerk))?"
_CURSES: Final = r"(?:(?:stupid|dumb|useless|fucking|damn|bloody|worthless|idiotic) )+"

ENGLISH_ABUSE: Final[tuple[tuple[AbuseKind, str], ...]] = (
    ("threat", rf"{_WILL} {_HARM} {_ALL_YOU}\b"),
    ("threat", rf"{_WILL} shoot (?:you|u|yall)\b(?! an?\b| the\b| my\b| over\b)"),  # … an e-mail
    ("threat", r"\bi know where (?:you|u) (?:all )?live\b"),
    ("threat", rf"\b(?:burn|blow up|bomb|shoot up) (?:down )?{_PLACE}\b"),
    ("threat", r"\bkill yourself\b|\bkys\b|\bgo (?:and )?die\b|\bdrop dead\b(?! gorgeous)"),
    ("threat", r"\bi (?:really )?(?:hope|wish) (?:you|u)(?: all| will| would)* (?:die|rot|burn)\b"),
    ("slur", rf"\b(?:{_SLURS})\b"),
    ("insult", rf"\bfuck(?:ing)? (?:{_WHOM})\b"),
    ("insult", rf"\b(?:screw|damn|curse) (?:you|u){_TAIL}{_END}"),
    ("insult", r"\bgo to hell\b|\brot in hell\b|\beat shit\b|\bstfu\b"),
    ("insult", r"\bshut the (?:fuck|hell) up\b"),
    ("insult", r"(?:^|[,.!?] ?|\b(?:just|please|you|so|and|now|oh) )shut up\b"),
    ("insult", r"\b(?:kiss|lick) my (?:ass|arse)\b|\bsuck (?:my|a) (?:dick|cock)\b"),
    ("insult", rf"\b(?:{_ALWAYS})\b"),
    ("insult", rf"\b{_YOU} ?{_ARE} {_VERY}(?:{_NOUNS}|{_ADJECTIVES})\b(?! (?:to|for|about|at)\b)"),
    ("insult", rf"\b(?:you|u|ya) {_VERY}(?:{_NOUNS})\b"),
    ("insult", rf"\bare (?:you|u) {_VERY}(?:retarded|stupid|dumb|brain ?dead)\b"),
    ("insult", rf"\b{_CALL}[,.!?]? {_VERY}(?:{_CALLED}){_END}"),
    ("insult", rf"^\W*{_CURSES}(?:bot|robot|clerk|agent|chatbot|people|{_CALLED})\b"),
    ("insult", rf"^\W*(?:{_CALLED}|thieves|crooks){_END}"),
)
