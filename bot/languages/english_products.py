"""English: how one asks about products."""

from typing import Final

from bot.languages.pack import ProductWords

# What is asked of a product in other words than its description has: how it is asked, how told.
FACTS: Final = (
    # weight
    (
        (
            r"\bhow (?:heavy|light)\b|\bweigh(?:s|t)?\b|\blight(?:er|est)\b|\bheav(?:y|ier|iest)\b"
            r"|\b(?:it|this|that|they|these)(?: very| really| too)? light\b"
        ),
        r"\bweigh|\b\d[\d.,]*\s?(?:k?g|grams?|kilos?|lbs?|oz|ounces?|pounds?)\b",
    ),
    # what it bears
    (
        (
            r"\b(?:up to|how much|max(?:imum)?|what) (?:\w+ )?(?:weight|load)\b"
            r"|\bhow much\b[\w ]*\bcarry\b"
        ),
        r"\bup to [\d.,]+ ?(?:kg|lbs?|kilos?)\b|\bcarr(?:y|ies)\b",
    ),
    # size
    (
        (
            r"\bhow (?:big|large|wide|tall|high|deep|thick|small)\b|\bdimensions?\b"
            r"|\bmeasure(?:s|ments?)?\b|\bhow long (?:is|are)\b"
            r"|\b(?:length|width|height|diameter)\b"
        ),
        r"\d\s?(?:cm|mm|m|inch(?:es)?|in|ft|feet|metres?)\b|\d\s?[x\u00d7]\s?\d|\d-inch",
    ),
    # volume
    (
        (
            r"\bcapacity\b|\bhow (?:much|many)\b[\w ]*\b(?:hold|fit)s?\b|\bvolume\b"
            r"|\bhow (?:many|much) (?:litres?|liters?|ml)\b|\broomy\b"
        ),
        r"\d\s?(?:ml|cl|l|litres?|liters?|oz|ounces|gallons?|cups?)\b|\blitre|\bholds?\b",
    ),
    # how long it lasts in use
    (
        (
            r"\bhow long (?:does|do|will|can)\b[\w ]*\b(?:last|burn|run|go|work|keep|stay)\b"
            r"|\bbattery life\b|\bburn(?:ing)? time\b"
        ),
        r"\b(?:hours?|minutes?|days?|weeks?)\b",
    ),
    # power
    (
        r"\bbatter(?:y|ies)\b|\b(?:re)?charg(?:e|es|ed|ing|er|eable)\b|\bpower(?:ed)?\b|\bplug\b|\busb\b",
        r"\bbatter|\bcharg|\busb\b|\bplug|\bvolt|\bwatt",
    ),
    # light
    (r"\bbright(?:er|ness)?\b|\blumens?\b", r"\blumens?\b|\bbright"),
    # care
    (
        (
            r"\bwash(?:ed|able|ing)?\b|\bclean(?:ed|ing)?\b|\bdishwasher\b|\btumble\b|\biron\b"
            r"|\b(?:look after|care for)\b"
        ),
        r"\bwash|\bdishwasher|\bclean|\bwipe|\bdry (?:flat|clean)",
    ),
    # what it is made of
    (
        (
            r"\bmade (?:of|from|out of)\b|\bmaterials?\b|\bfabric\b|\bcomposition\b"
            r"|\bingredients?\b|\bwhat(?:'?s| is) in (?:it|this|them)\b"
        ),
        (
            r"\b(?:made|woven|knitted|sewn|cut|turned|cast|blown) (?:of|from)\b"
            r"|\b(?:cotton|wool|linen|silk|leather|polyester|nylon|steel|aluminium|aluminum|wood|oak|glass|ceramic|stoneware|clay|brass"
            r"|rubber|down|cashmere|recycled|neoprene|beeswax|soy|canvas|oil)\b"
        ),
    ),
    # animals
    (
        r"\bvegan\b|\banimals?\b|\bcruelty\b",
        r"\banimal|\bvegan|\bplant|\bleather|\bwool|\bdown\b|\bsoy\b|\bbeeswax",
    ),
    # wet
    (
        r"\bwater ?proof|\bwater[- ]resistant|\brain(?:proof)?\b|\bwet\b|\bweather ?proof",
        r"\bwater(?:proof|-)|\brain\b|\bwet\b|\bipx|\bshowers?\b",
    ),
    # where it comes from
    (
        r"\bwhere\b[\w' ]*\b(?:made|from|produced|manufactured|come)\b|\bmade in\b|\borigin\b",
        (
            r"\b(?:made|woven|knitted|sewn|grown|roasted|produced|built|blown|turned)\b"
            r"[\w ]* in (?-i:[A-Z])|\bfrom (?-i:[A-Z])[a-z]"
        ),
    ),
    # for what age
    (
        r"\bwhat age|\bhow old\b|\bage (?:group|range)\b|\bold enough\b",
        r"\byears?\b|\bmonths?\b|\bages?\b",
    ),
    # smell
    (
        r"\bsmells?\b|\bscent(?:ed)?\b|\bfragrance\b",
        r"\bsmell|\bscent|\bfragran|\bnotes of\b|\bcedar|\blavender|\bcitrus|\bvanilla",
    ),
    # cold
    (r"\bwarm(?:er|est|th)?\b|\bcold\b|\bwinter\b", r"\bwarm|\bcold|\bdegrees\b|\bwinter"),
)


PRODUCTS: Final = ProductWords(
    price=r"\bhow much\b(?!(?: \w+){0,3} (?:weigh|hold|fit|carry|take)s?\b)|\bprices?\b|\bcosts?\b"
    r"|\bwhat do you want for\b",
    stock=r"\bin stock\b|\bavailab(?:le|ility)\b|\bsold out\b|\bout of stock\b|\bany left\b"
    r"|\bdo (?:you|u) (?:still |also )?(?:have|sell|carry|stock)\b|\bhave you got\b"
    r"|\bhow many\b[\w ]*\bleft\b|\b(?:is|are) there (?:still|any|one|some|a \w+ one)\b"
    r"|\bstill (?:have|there)\b"
    r"|\bgot (?:any|one|it|this|that)\b|\b(?:get|have) (?:it|one|this|that) (?:right )?now\b"
    r"|\bone left\b",
    sizes=r"\b(?:what|which|other|all) sizes?\b|\bsizes? (?:do|does|are|available|options?)\b",
    colours=r"\b(?:what|which|other|another|all|different) colou?rs?\b|\bcolou?r options?\b"
    r"|\bcolou?rs (?:do|does|are|available)\b",
    cheaper=r"\bcheaper\b|\bless (?:expensive|pricey)\b|\btoo (?:expensive|pricey|dear)\b"
    r"|\bmore affordable\b|\blower (?:in )?price\b|\bcheapest\b|\btoo (?:much|costly)\b",
    dearer=r"\bmore expensive\b|\bpricier\b|\bdearer\b|\bhigher[- ]end\b",
    cheapest=r"\b(?:cheap(?:er|est)|least expensive|less expensive)(?: one)?"
    r" (?:of|among|between) (?:them|these|those|the (?:two|three|four))\b"
    r"|\bwhich (?:one |of (?:them|these|those|the (?:two|three|four)) )?(?:is|are|'s|costs?)"
    r" (?:the )?(?:cheap(?:er|est)|less(?: expensive)?|least(?: expensive)?)\b"
    r"|^\W*(?:(?:and|so|ok|just) )*the cheap(?:er|est)(?: one)?\W*$",
    dearest=r"\b(?:dear(?:er|est)|pric(?:ier|iest)|most expensive|more expensive)(?: one)?"
    r" (?:of|among|between) (?:them|these|those|the (?:two|three|four))\b"
    r"|\bwhich (?:one |of (?:them|these|those|the (?:two|three|four)) )?(?:is|are|'s|costs?)"
    r" (?:the )?(?:dear(?:er|est)|pric(?:ier|iest)|more(?: expensive)?|most(?: expensive)?)\b"
    r"|^\W*(?:(?:and|so|ok|just) )*the (?:most|more) expensive(?: one)?\W*$",
    which=r"\bwhich (?:one|of (?:them|these|those|the (?:two|three|four)))\b"
    r"|\bwhich (?:is|are) (?:the )?\w+(?:er|est)\b",
    popular=r"\bbest[- ]?sell(?:er|ers|ing)\b|\btop[- ]sell(?:er|ers|ing)\b"
    r"|\bmost (?:popular|bought|sold|wanted)\b|\bsells? (?:the )?best\b"
    r"|\b(?:is|are|what's) popular\b|\bpopular (?:items?|products?|things?|ones?|right now|now)\b"
    r"|\bwhat (?:do|are) (?:other |most )?(?:people|customers|shoppers)\b[\w ]* buy(?:ing)?\b",
    others=r"^\W*others?\W*$|\bdifferent ones?\b|\b(?:any(?:thing)?|something|what) else\b"
    r"|\b(?:any|show me|see) (?:others?|more)\b"
    r"|\bother (?:ones?|options?|choices)\b|\bmore options\b|\bsomething different\b"
    r"|^\W*(?:something |anything |any |got )?(?:(?:a bit|a little) )?(?:bigger|larger|smaller"
    r"|lighter|heavier|warmer|thicker|thinner|longer|shorter|stronger|simpler|nicer|better)"
    r"(?: ones?)?\W*$"
    r"|\btoo (?:small|big|large|heavy|thin|thick|short|long)\W+(?:any(?:thing)? )?\w+er\b",
    show=r"\b(?:show|recommend|suggest|find) (?:me|us)?\b|\blooking for\b|\bsearch(?:ing)? for\b"
    r"|\bi(?:'d| would)? (?:want|need|like)\b|\bwanna see\b|\bin the market for\b"
    r"|\btell me (?:more )?about\b|\bi (?:saw|found|came across|heard (?:of|about))\b"
    r"|\b(?:more )?(?:info(?:rmation)?|details) (?:on|about)\b",
    it=r"\b(?:it|its|it's|this|that|these|those|they|them|this one|that one)\b|\bis there an?\b",
    ordinals=(
        r"\b(?:first|1st)\b(?! (?:order|time|aid|class))|\b(?:number|option) ?(?:1|one)\b|#1\b",
        r"\b(?:second|2nd)\b(?! hand)|\b(?:number|no\.?|option) ?(?:2|two)\b|#2\b",
        r"\b(?:third|3rd)\b|\b(?:number|no\.?|option) ?(?:3|three)\b|#3\b",
        r"\b(?:fourth|4th)\b|\b(?:number|no\.?|option) ?(?:4|four)\b|#4\b",
    ),
    definite=r"\bthe\b",
    last=r"\b(?:the )?last (?:one|of (?:them|these|those))\b",
    questions=r"\?|^\W*(?:(?:and|so|but|ok(?:ay)?|well|hi|hey|hello|cool|nice)\W+)*(?:is|are|was|does|do"
    r"|did|can|could|will|would|has|have|how|what|which|where|who|why|whats|wheres|from what|up to"
    r"|to what)\b|[,:;.]\s*(?:is|are|does|do|can|how|what|which|where|from what|will)\b",
    service=r"\b(?:send|sent|ships?|shipping|shipped|deliver(?:y|ed|s)?|arrives?|returns?|returned"
    r"|refund(?:s|ed)?|pay(?:s|ing|ment)?|paid|cancel(?:led)?|exchanges?|exchanged|swap(?:ped)?"
    r"|warranty|guarantee[ds]?|repair(?:s|ed)?|restock(?:ed)?|order(?:s|ed|ing)?|invoice|discount"
    r"|voucher|coupon|code|back in|them back|it back|i (?:bought|received))\b"
    r"|\bmy (?:new )?\w+ (?:is|are|was|does|doesn'?t|broke|came|won'?t|has|fell)\b",
    sells=r"\bdo (?:you|u|they) (?:also |still |even )?(?:sell|carry|stock)\b",
    facts=FACTS,
)
