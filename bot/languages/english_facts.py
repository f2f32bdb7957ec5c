"""English: facts of products, each by how it is asked for and how a description tells it.

A shopper seldom has the description's words: "is it heavy" is told by "820 g", "how do I clean it"
by "wipe with a damp cloth". What is asked without any such word is found by the words both share.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FACTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
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
        "cut": (
            (
                r"\b(?:tight|loose|baggy|snug|slim|fitted|boxy|stretchy?|relaxed)\b"
                r"|\btrue to size\b|\bsiz(?:e|ing) (?:up|down)\b"
                r"|\bruns? (?:small|large|big|true)\b|\bbetween (?:two )?sizes\b"
                r"|\b(?:how|does|do)\b[\w' ]*\bfit\b(?! (?:in|on|under|a|my|into)\b)"
                r"|\bbetween \d+ and \d+|\bwhich (?:size|one should)\b|\bwide feet\b|\bnarrow\b"
                r"|\bmy size\b|\bwhat sizes?\b"
            ),
            (
                r"\b(?:relaxed|regular|slim|loose|tight|straight|semi-fitted|fitted|classic"
                r"|athletic|snug|comfort\w*|oversized?|wide|narrow|easy|close"
                r"|standard)[\w, -]* (?:fit|cut|leg|waist)\b"
                r"|\bfits?\b|\btrue to size\b|\bsize (?:up|down)\b|\b(?:two|between) sizes\b"
                r"|\busual size\b|\bone size\b|\bgo(?:es)? (?:one )?(?:up|down)\b|\bcomes? up\b"
                r"|\bstretch|\bwide\b|\bsizes?\b"
            ),
        ),
        "neck": (
            (
                r"\b(?:crew|v|polo|turtle|scoop)?[- ]?neck(?:line|ed)?\b|\bcollars?\b"
                r"|\bhood(?:ed)?\b"
            ),
            r"\bneck|\bcollar|\bhood\b|\bhooded\b",
        ),
        "waist": (
            r"\b(?:high|low|mid)?[- ]?(?:waist(?:ed|band)?|rise)\b",
            r"\bwaist|\brise\b|\bdrawstring",
        ),
        "closure": (
            (
                r"\bzip(?:s|ped|per|pers)?\b|\bbuttons?\b|\bclos(?:e|es|ure|ing)\b|\bfasten\w*"
                r"|\bdrawstrings?\b|\bvelcro\b|\bbuckles?\b|\bsnaps?\b|\block(?:s|able)?\b"
            ),
            (
                r"\bzip|\bbutton|\bclos|\bfasten|\bdrawstring|\bvelcro|\bbuckle|\bsnaps?\b"
                r"|\bmagnet|\block"
            ),
        ),
        "strap": (
            r"\bstraps?\b|\bhandles?\b|\bbands?\b|\bcarry(?:ing)?\b",
            r"\bstraps?\b|\bhandles?\b|\bband\b|\bcarr(?:y|ied)\b|\bleash\b",
        ),
        "pockets": (
            (
                r"\bpockets?\b|\bcompartments?\b|\bslots?\b"
                r"|\b(?:somewhere|anything|place) (?:to|for)\b"
                r"|\bwhere (?:do|can|would) i (?:put|keep)\b"
            ),
            (
                r"\bpocket|\bcompartment|\bslots?\b|\bpouch|\bsleeve for\b|\bloops?\b"
                r"|\b(?:back|chest|front|hip|inside|side|zip(?:ped)?) pockets?\b"
            ),
        ),
        "seen": (
            r"\breflect\w*|\bvisib\w+|\bhi-?vis\b|\b(?:at|in the) (?:night|dark)\b|\bbe seen\b",
            r"\breflect|\bvisib|\bhi-?vis|\bneon\b|\bglow|\bfluorescent",
        ),
        "taken off": (
            (
                r"\bremov(?:e|ed|able|ing)\b|\bdetach\w*"
                r"|\b(?:take|come|comes|taken|zip|zips)\b[\w' ]*\b(?:off|out|apart)\b"
            ),
            (
                r"\bremov|\bdetach|\b(?:takes?|taken|comes?|zips?) (?:off|out|apart)\b"
                r"|\bzip-off\b|\binterchang"
            ),
        ),
        "adjusted": (
            (
                r"\badjust\w*|\bfold(?:s|ed|able|ing)?\b|\bextend\w*"
                r"|\bpack(?:s|ed|able)? (?:down|up|away|size)\b|\bcollaps\w+"
                r"|\bopen(?:s|ed)? (?:up|out)\b|\bexpand\w*"
            ),
            (
                r"\badjust|\bfold|\bextend|\bpack(?:s|ed)? (?:down|away|into)|\bcollaps|\bexpand"
                r"|\bgrows?\b|\braise|\btelescop"
            ),
        ),
        "included": (
            (
                r"\bcomes? with\b|\binclud(?:e|es|ed|ing)\b|\bin the box\b|\bsupplied\b"
                r"|\baccessories\b|\bwhat(?:'?s| is) in the (?:set|kit|pack|package)\b"
                r"|\bextras?\b"
            ),
            (
                r"\b(?:not )?includ|\bcomes? with\b|\bin the box\b|\bsupplied|\bset of\b"
                r"|\bsold separately\b|\bwith (?:a|an|the|two|three|its)\b|\btogether with\b"
            ),
        ),
        "how many": (
            (
                r"\bhow many (?!left\b)\w+|\bnumber of\b|\bquantity\b|\b(?:pack|set|box) of\b"
                r"|\bpieces\b|\bpages\b"
            ),
            r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)[ -]\w+",
        ),
        "put together": (
            (
                r"\bassembl\w+|\bput\b[\w ]*\btogether\b|\bset ?up\b|\binstall\w*|\bmount\w*"
                r"|\bhang(?:s|ing)?\b|\btools?\b"
            ),
            r"\bassembl|\btools?\b|\binstall|\bmount|\bscrew|\bhang|\bset up\b|\bwall\b",
        ),
        "heat": (
            (
                r"\bovens?\b|\bmicrowaves?\b|\bhobs?\b|\binduction\b|\bstoves?\b|\bgrills?\b"
                r"|\bheat[- ]?(?:proof|resistant)\b|\bhot\b|\bburn(?:s|t)? (?:my|your)\b"
                r"|\bfreezer\b|\bflame\b|\bfire(?:proof)?\b"
            ),
            (
                r"\bovens?\b|\bmicrowaves?\b|\bhobs?\b|\binduction\b|\bstoves?\b|\bgrills?\b"
                r"|\bheat|\bhot\b|\bfreezer|\bflame|\bfire\b|\bcool over\b"
                r"|\bkeeps?\b.*\b(?:hot|cold|warm|cool)\b"
            ),
        ),
        "works with": (
            (
                r"\bcompatib\w+|\bworks? with\b|\bconnect\w*|\bpair(?:s|ed|ing)? (?:with|to)\b"
                r"|\bsupport(?:s|ed)?\b|\bbluetooth\b|\bwi-?fi\b|\bapp\b"
                r"|\bfits? (?:on|under|my)\b|\bsuit(?:s|ed|able) for\b"
            ),
            (
                r"\bcompatib|\bworks? (?:with|on)\b|\bconnect|\bbluetooth|\bpairs with\b"
                r"|\bsupports?\b|\bfits?\b|\bsuit(?:s|ed|able)\b|\bwi-?fi\b|\bstandard\b"
            ),
        ),
        "lasts": (
            (
                r"\bdurab\w+|\bsturdy\b"
                r"|\b(?:break|snap|tear|rip|crack|scratch|rust|dent|chip)(?:s|es|able|proof)?\b"
                r"|\bwear out\b|\bstain\w*"
            ),
            (
                r"\bdurab|\bsturdy|\btough|\bstrong|\bbreak|\bsnap|\btear|\bripstop|\bcrack"
                r"|\bscratch|\brust|\breinforced|\bdouble[- ]stitch|\bstain|\bgenerations\b"
                r"|\bwobble"
            ),
        ),
        "colour later": (
            (
                r"\bfad(?:e|es|ing)\b|\bdiscolou?r\w*|\bpatina\b|\bdarken\w*|\byellow(?:s|ing)\b"
                r"|\bcolou?rs?\b[\w ]*\b(?:change|run|bleed|fade|last|stay)s?\b"
                r"|\bchanges? colou?r\b|\bover time\b"
            ),
            (
                r"\bfade|\bdiscolou?r|\bpatina|\bdarken|\bage(?:s|d)? (?:well|to)|\bcolou?rfast"
                r"|\bwith use\b"
            ),
        ),
        "warranty": (r"\bwarrant\w+|\bguarantee\w*", r"\bwarrant|\bguarantee"),
        "stored": (
            r"\bstor(?:e|ed|ing|age)\b|\bkeep (?:it|them) in\b|\bwhere (?:should|do) i keep\b",
            (
                r"\bstor(?:e|ed|age)\b|\bkeep (?:it )?(?:dry|cool|away|in|sealed|refrigerated)\b"
                r"|\bcool, dry\b"
            ),
        ),
        "coating": (
            (
                r"\bnon-?stick\b|\bcoat(?:ed|ing)\b|\bpainted\b|\bvarnish\w*|\bseasoned?\b"
                r"|\bglaz\w+|\boiled\b|\bfinish(?:ed)?\b|\blin(?:ed|ing|er)\b"
            ),
            (
                r"\bnon-?stick|\bcoat(?:ed|ing)|\bpaint|\bvarnish|\bseason|\bglaz|\boiled"
                r"|\bfinish|\buntreated|\blin(?:ed|ing|er)\b|\bwax"
            ),
        ),
    }
)
