"""English: facts of products that are measured, as weight, size, power and noise."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MEASURES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "weight": (
            (
                r"\bhow (?:heavy|light)\b|\bweigh(?:s|t|ing)?\b|\blight(?:er|est)\b"
                r"|\bheav(?:y|ier|iest)\b"
                r"|\b(?:it|this|that|they|these)(?: very| really| too)? light\b"
            ),
            (
                r"\bweigh|\b\d[\d.,]*\s?(?:k?g|grams?|kilos?|lbs?|oz|ounces?|pounds?)\b"
                r"|\blight(?:weight)?\b|\bheavy\b"
            ),
        ),
        "load": (
            (
                r"\b(?:up to|how much|max(?:imum)?|what) (?:\w+ )?(?:weight|load)\b"
                r"|\bhow much\b[\w ]*\b(?:carry|bear|support|take)\b|\bmy weight\b"
            ),
            (
                r"\b(?:up to|bears?|carries|carry|supports?|max\w*)\b[\w ]*[\d.,]+ ?(?:kg|lbs?"
                r"|kilos?)\b"
                r"|\bcarr(?:y|ies)\b|\bload\b"
            ),
        ),
        "dimensions": (
            (
                r"\bhow (?:big|large|wide|tall|high|deep|small|long)\b(?! (?:does|do|will|can"
                r"|should|until|before|after)\b)"
                r"|\bdimensions?\b|\bmeasure(?:s|ments?)?\b|\bdiameter\b|\bheight\b"
                r"|\b(?:what|which) size (?:is|are)\b|\b(?:length|width)\b|\bfootprint\b"
            ),
            (
                r"\d\s?(?:cm|mm|m|inch(?:es)?|in|ft|feet|foot|metres?|meters?)\b|\d\s?[\"”″]"
                r"|\d\s?(?:[x×]|by)\s?\d|\d-inch|\b(?:knee|ankle|hip|calf|thigh)\b|\binseam\b"
                r"|\blength\b|\b(?:cropped|full-length|oversized?|compact|full-size)\b"
            ),
        ),
        "leg": (
            r"\binseams?\b|\b(?:leg|sleeve)s? (?:length|long)\b",
            r"\binseam|\bsleeve|\bankle|\bleg\b.*\d",
        ),
        "thickness": (
            r"\bhow (?:thick|thin)\b|\bthick(?:ness)?\b|\bdenier\b|\bgsm\b|\bthread count\b",
            (
                r"\bthick|\bdenier\b|\d ?gsm\b|\d ?mm\b|\b(?:mid|heavy|light)-?weight\b|\bthin\b"
                r"|\bply\b"
            ),
        ),
        "volume": (
            (
                r"\bcapacity\b|\bhow (?:much|many)\b[\w ]*\b(?:holds?|fits?|goes|go|takes?)\b"
                r"|\bvolume\b|\bhow (?:many|much) (?:litres?|liters?|ml|water|liquid|space)\b"
                r"|\broomy\b"
            ),
            (
                r"\d\s?(?:ml|cl|l|litres?|liters?|oz|ounces|gallons?|cups?)\b|\blitre|\bholds?\b"
                r"|\broom for\b"
            ),
        ),
        "what it holds": (
            (
                r"\broom (?:for|to|under)\b|\b(?:does|do|will|would|can)\b[\w' ]*\bfit\b"
                r"|\bspace for\b|\bbig enough\b|\blayer\b|\bunder(?:neath)? (?:it|the)\b"
            ),
            (
                r"\bfits?\b|\broom\b|\bholds?\b|\bspace\b|\b(?:wide|loose|large|big) enough\b"
                r"|\blayer|\bunderneath\b|\bsleeve for\b|\d-inch"
            ),
        ),
        "time in use": (
            (
                r"\bhow long (?:does|do|will|can|would)\b[\w ]*\b(?:last|burn|run|go|work|keep"
                r"|stay)s?\b"
                r"|\bbattery life\b|\bburn(?:ing)? time\b|\brun ?time\b"
            ),
            r"\d[\w ]*\b(?:hours?|hrs?|h|minutes?|days?|nights?)\b",
        ),
        "how long it keeps": (
            (
                r"\b(?:expir\w+|run out|valid(?:ity)?|shelf life|best before|use by"
                r"|go(?:es)? (?:off|bad))\b"
                r"|\b(?:keep|stay|last)s?\b[\w ]*\b(?:fresh|open(?:ed)?)\b"
            ),
            (
                r"\bvalid\b|\bexpir|\bbest (?:before|within)\b|\buse (?:by|within)\b|\bshelf\b"
                r"|\bkeeps? for\b|\bfresh\b"
            ),
        ),
        "power": (
            (
                r"\bbatter(?:y|ies)\b|\b(?:re)?charg(?:e|es|ed|ing|er|eable)\b|\bpower(?:ed)?\b"
                r"|\bplugs?\b|\busb\b|\bvolt(?:s|age)?\b|\bwatt(?:s|age)?\b|\bbulbs?\b"
            ),
            r"\bbatter|\b(?:re)?charg|\busb\b|\bplug|\bvolt|\bwatt|\d ?w\b|\bbulb|\bmains\b",
        ),
        "light": (
            r"\bbright(?:er|ness)?\b|\blumens?\b|\bdim(?:med|mable|mer)?\b",
            r"\blumens?\b|\bbright|\bdim",
        ),
        "noise": (
            r"\bnois[ey]\w*\b|\bloud\b|\bquiet\b|\bsilent\b|\bsound ?proof\b",
            r"\bnois|\bloud|\bquiet|\bsilen|\bdb\b|\bdecibel",
        ),
    }
)
