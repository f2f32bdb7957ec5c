"""English, as far as reports, topics and comments need it."""

from typing import Final

from feedback.languages.english_report import REPORT
from feedback.languages.pack import EntityWords, Language

COMMON: Final = """
    a about am an and any are as at be been but by can could did do does for from get got
    had has have hello hey hi how i i'd i'm if in is it it's its just know like may me my
    need no not of off ok on one or our out please so some thank thanks that the their them
    there they this to too up us want was we were what what's when where which who why will
    with would yes you your
"""
KIND: Final = """
    awesome best clear easy excellent fast friendly good great happy helpful love nice
    perfect quick solved thank thanks useful works
"""
UNKIND: Final = """
    annoying awful bad broken confusing disappointed hate incorrect late missing outdated
    poor rude slow stupid terrible unclear unhelpful useless worst wrong
"""
DENIALS: Final = "can't didn't doesn't don't hardly isn't never no not wasn't"

ENTITIES: Final = EntityWords(
    order_before=r"\b(?:(?:order|purchase|confirmation|reference)s?(?:\s+(?:number|num|no\.?|nr\.?"
    r"|id|ref(?:erence)?|code))?|ref\.?)(?:\s+(?:is|was|it's))?[\s:#(]*",
    order_verb=r"\b(?:to|i|we|can|you|could|i'd|i'll|we'd|please)\s+$",
    units=r"(?:dollars?|bucks|euros?|pounds?|cents?|cm|mm|m|km|inch(?:es)?|in|ft|feet|kg|g|grams?"
    r"|lbs?|oz|ml|l|lit(?:er|re)s?|w|watts?|v|mah|gb|tb|people|persons?|pieces?|pcs|items?|times"
    r"|(?:business |working )?(?:days?|weeks?|months?|years?)|hours?|hrs?|min(?:ute)?s?|pm|am"
    r"|of (?:them|these|those|it)|percent|points?|units?|pairs?|sets?|copies)\b",
    currencies=r"(?:dollars?|bucks|euros?|pounds?|quid|yen|won|dinars?|riy?als?|rupees?)(?![A-Za-z])",
    phone=r"\b(?:(?:tele)?phone|tel|mobile|cell|call(?: me)?(?: (?:at|on))?|whatsapp|fax)"
    r"(?:\s+(?:number|no\.?))?(?:\s+is)?[\s:.]*",
    postcode=r"\b(?:zip|post|postal)[\s-]?codes?(?:\s+is)?[\s:]*|\bzip(?:\s+is)?[\s:]*",
    months="jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
    street_after=r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square"
    r"|sq|place|pl|way|terrace|crescent|parkway|highway|hwy)\b",
    street_before=r"\b(?:apt|apartment|suite|unit|flat|house|room|floor|p\.?\s?o\.?\s?box|box)"
    r"(?:\s+no\.?)?[\s#]*",
)

ENGLISH: Final = Language(
    locale="en",
    name="English",
    report=REPORT,
    common=frozenset(COMMON.split()),
    kind=tuple(KIND.split()),
    unkind=tuple(UNKIND.split()),
    denials=frozenset(DENIALS.split()),
    entities=ENTITIES,
)
