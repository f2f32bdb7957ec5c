"""English: facts of what products are made of, stand and are good for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MATERIALS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "care": (
            (
                r"\bwash(?:ed|able|ing|er)?\b|\bclean(?:ed|ing)?\b|\bdishwasher\b|\btumble\b"
                r"|\blaunder\w*\b|\bdryer\b|\b(?:look after|care for|take care of)\b|\bbleach\b"
                r"|\blaundry\b|\bmaintain\b"
            ),
            (
                r"\bwash|\bdishwasher|\bclean|\bwipe|\bdry (?:flat|clean|at)"
                r"|\b(?:line|hang to|tumble) dry|\bbleach|\blaunder|\brinse|\bmachine\b"
            ),
        ),
        "creasing": (
            r"\bwrinkl\w*|\bcreas\w*|\biron(?:ed|ing)?\b",
            r"\bcreas|\bwrinkl|\bcrinkl|\biron",
        ),
        "material": (
            (
                r"\bmade (?:up )?(?:of|from|out of)\b|\bmaterials?\b|\bfabrics?\b"
                r"|\bcomposition\b|\bfilling\b|\bfilled\b|\bstuff(?:ed|ing)\b"
                r"|\bwhat(?:'?s| is) (?:it|this|that|inside|in)\b"
                r"|\bwhat (?:wood|leather|metal|kind of (?:wood|leather|fabric|metal))\b"
                r"|\bingredients?\b"
                r"|\bhow much (?:cotton|wool|linen|silk|down|leather|cashmere|polyester)\b"
                r"|\bcontain(?:s)?\b"
            ),
            (
                r"\b(?:made|woven|knitted|sewn|cut|turned|cast|blown|pieced|forged) (?:of|from"
                r"|with)\b"
                r"|\b(?:cotton|wool(?:len)?|merino|linen|silk|leather|suede|polyester|nylon"
                r"|steel|alumini?um|wood(?:en)?|oak|pine|walnut|beech|maple|bamboo|cork|glass"
                r"|ceramic|porcelain|stoneware|clay|brass|copper|iron|rubber|silicone|down"
                r"|feathers|cashmere|recycled|neoprene|beeswax|soy|canvas|lycra|elastane"
                r"|spandex|viscose|modal|acrylic|fleece|denim|jersey|plastic|titanium|silver"
                r"|gold|wadding|fibre|fiber)\b"
                r"|\bingredients?\b|\bfill(?:ing|ed)\b|\d ?%"
            ),
        ),
        "animals": (
            r"\bvegan\b|\banimals?\b|\bcruelty\b|\bvegetarian\b",
            r"\banimal|\bvegan|\bplant|\bleather|\bwool|\bdown\b|\bsoy\b|\bbeeswax|\bcruelty",
        ),
        "allergens": (
            (
                r"\ballerg\w+|\bgluten\b|\blactose\b|\bnuts?\b|\bdairy\b|\bsugar\b|\bhalal\b"
                r"|\bkosher\b"
            ),
            (
                r"\ballerg|\bgluten|\blactose|\bnuts?\b|\balmond|\bhazelnut|\bpeanut|\bdairy"
                r"|\bmilk\b|\bsugar|\bhalal|\bkosher|\bingredients\b|\bcontains\b"
            ),
        ),
        "harmless": (
            (
                r"\bbpa\b|\bpfas\b|\bpfc\b|\bpvc\b|\btoxic\b|\bchemicals?\b|\bparabens?\b"
                r"|\bsulfates?\b"
            ),
            (
                r"\bbpa\b|\bpfas\b|\bpfc\b|\bpvc\b|\btoxi|\bchemical|\bparaben|\bsulfate"
                r"|\bfree of\b|\b\w+-free\b"
            ),
        ),
        "skin": (
            (
                r"\bskin\b|\bhypoallergenic\b|\birritat\w+|\beczema\b|\bitch\w*|\bscratchy\b"
                r"|\bsoft(?:ness)?\b"
            ),
            (
                r"\bskin\b|\bhypoallergenic|\birritat|\bdermatolog|\bitch|\bscratch|\bsoft"
                r"|\bgentle|\bsmooth"
            ),
        ),
        "organic": (
            (
                r"\borganic\b|\brecycled?\b|\bsustainab\w+|\beco\b|\bfair ?trade\b|\bcertif\w+"
                r"|\bfsc\b|\bgots\b"
            ),
            (
                r"\borganic|\brecycl|\bsustainab|\beco\b|\bfair ?trade|\bcertif|\bfsc\b|\bgots\b"
                r"|\bbluesign"
            ),
        ),
        "wet": (
            (
                r"\bwater ?proof|\bwater[- ]resist\w+|\brain(?:proof|s|y)?\b|\bwet\b"
                r"|\bweather ?proof|\bdrizzl\w+|\bdry\b(?! (?:clean|flat))|\bshowers?\b"
                r"|\bsplash\w*|\bsnow\b|\bleaks?\b|\bspill\w*"
            ),
            (
                r"\bwater(?:proof|-|\s?resist|\s?repel)|\brain\b|\bwet\b|\bipx?\d|\bshowers?\b"
                r"|\bsplash|\bleak|\bspill|\btaped seams|\bwelded seams|\bcoated\b"
            ),
        ),
        "wind": (
            r"\bwind(?:y|proof|s)?\b|\bgusts?\b|\bstorm(?:y|s)?\b",
            r"\bwind\b|\bwindproof|\bgust|\bgale",
        ),
        "warmth": (
            (
                r"\bwarm(?:er|est|th)?\b|\bcold\b|\bwinter\b|\bfreez\w+|\binsulat\w+"
                r"|\bcos[yi]\w*|\btemperature\b|\bcomfort rating\b"
            ),
            (
                r"\bwarm|\bcold\b|\bdegrees\b|°|\bwinter|\binsulat|\bbody heat|\bheat in\b"
                r"|\bfleece|\bthermal"
            ),
        ),
        "sun": (r"\bsun\b|\buv\b|\bupf\b|\bspf\b|\bsunscreen\b", r"\bsun\b|\buv\b|\bupf\b|\bspf\b"),
        "sweat": (
            (
                r"\bsweat(?!shirt|er|s? ?pants)\w*|\bperspir\w+|\bbreath(?:e|es|able|ability)\b"
                r"|\bmoisture\b|\bwick\w*|\bquick[- ]dry\w*"
            ),
            (
                r"\bwick|\bmoisture|\bbreath|\bsweat(?!shirt|er|pants)|\bquick[- ]dry|\bventilat"
                r"|\bmesh\b"
            ),
        ),
        "smell": (
            (
                r"\bsmell(?:s|y)?\b|\bscent(?:ed|s)?\b|\bfragrance\b|\bodou?rs?\b|\bstink\w*"
                r"|\bperfumed?\b"
            ),
            (
                r"\bsmell|\b(?:un)?scent|\bfragran|\bnotes of\b|\bodou?r|\bperfum|\bcedar"
                r"|\blavender|\bcitrus|\bvanilla"
            ),
        ),
        "taste": (
            r"\btastes?\b|\bflavou?rs?\b",
            r"\btaste|\bflavou?r|\bnotes of\b|\broasted\b|\bsweet\b",
        ),
        "origin": (
            (
                r"\bwhere\b[\w' ]*\b(?:made|from|produced|manufactured|come|sewn|grown|built"
                r"|woven)\b"
                r"|\bmade in\b|\borigin\b|\bwhich country\b|\bwhat country\b"
            ),
            (
                r"\b(?:made|woven|knitted|sewn|grown|roasted|produced|built|blown|turned"
                r"|pieced)\b[\w ]* in (?-i:[A-Z])"
                r"|\b(?:from|in) (?-i:[A-Z])[a-z]"
            ),
        ),
        "by hand": (
            (
                r"\bhand[- ]?(?:made|crafted|woven|sewn|thrown|painted)\b|\bby hand\b"
                r"|\bmachine[- ]made\b"
            ),
            (
                r"\bhand[- ]?(?:made|crafted|woven|sewn|thrown|painted|knitted|blown|turned"
                r"|tied|pieced)\b"
                r"|\b(?:made|sewn|pieced|woven|painted) by hand\b|\bworkshop\b"
            ),
        ),
        "age": (
            (
                r"\bwhat ages?|\bhow old\b|\bage (?:group|range)\b|\bold enough\b"
                r"|\b(?:from|at) what age\b|\byear[- ]old\b|\bmonth[- ]old\b"
                r"|\bsafe for (?:babies|kids|children|toddlers)\b"
            ),
            r"\byears?\b|\bmonths?\b|\bages?\b",
        ),
    }
)
