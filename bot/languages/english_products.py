"""English: how one asks about products."""

from typing import Final

from bot.languages.english_facts import FACTS
from bot.languages.pack import ProductWords

PRODUCTS: Final = ProductWords(
    # "How much wool is in it", "how much does it hold": of something else than money.
    price=r"\bhow much\b(?!(?: \w+){0,6} (?:weigh|hold|fit|carry|take)s?\b)"
    r"(?! \w+ (?:is|are|goes|go|fits?|comes?|can|will|do|does) (?:in|into|on|there|it|i|you)\b)"
    r"|\bprices?\b|\bcosts?\b"
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
    r"|\b(?:any(?:thing)?|something|ones?)(?: \w+)? (?:similar|like (?:it|this|that|these|those))\b"
    r"|\bsimilar (?:ones?|products?|items?|things?)\b|\balternatives?\b"
    r"|\bother (?:ones?|options?|choices)\b|\bmore options\b|\bsomething different\b"
    r"|^\W*(?:something |anything |any |got )?(?:(?:a bit|a little) )?(?:bigger|larger|smaller"
    r"|lighter|heavier|warmer|thicker|thinner|longer|shorter|stronger|simpler|nicer|better)"
    r"(?: ones?)?\W*$"
    r"|\btoo (?:small|big|large|heavy|thin|thick|short|long)\W+(?:any(?:thing)? )?\w+er\b",
    show=r"\b(?:show|recommend|suggest|find) (?:me|us)?\b|\blooking for\b|\bsearch(?:ing)? for\b"
    r"|\bi(?:'d| would)? (?:want|need|like)\b|\bwanna see\b|\bin the market for\b"
    r"|\btell me (?:more )?about\b|\bi (?:saw|found|came across|heard (?:of|about))\b"
    r"|\b(?:more )?(?:info(?:rmation)?|details) (?:on|about)\b",
    something=r"\b(?:something|anything|ones?|things?) (?:for|to|that|which|with|suitable|good|safe"
    r"|suited)\b|\bwhich\b[^?]*\bfor\b",
    seeks=r"\b(?:something|anything|things?) (?:to|for|that|which|good|nice|suitable"
    r"|against|i can)\b"
    r"|\b(?:looking|searching|hunting|shopping) for\b|\b(?:gift|present)s? for\b"
    r"|\bdo (?:you|u|they) (?:still |also |even )?(?:have|sell|carry|stock)\b|\bhave you got\b"
    r"|\bgot (?:any|some)(?:thing)?\b|\b(?:show|recommend|suggest|find|get) me (?:a|an|some)\b"
    r"|\bi(?:'d| would)? (?:want|need|like) (?:a|an|some|something|one|to (?:buy|get))\b"
    r"|\bwhat (?:do you have|have you got|would you recommend|should i (?:buy|get))\b",
    it=r"\b(?:it|its|it's|this|that|these|those|they|them|this one|that one)\b|\bis there an?\b",
    goes_on=r"^\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*(?:what|how) about\b",
    of_it=r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|hi|hey|also|then)\W+)*(?:how (?:\w+ )?)?"
    r"(?:is|are|was|were|does|do|did|can|could|will|would|should|has|have)(?:n'?t)? "
    r"(?:(?:it|they|(?:this|that) one)\b|(?:this|that|these|those) (?:fit|work|come|need|go|have"
    r"|take|run|hold|contain|include|use|suit|last|look|help|make|support|charge)\b)"
    r"(?! the\b)(?!.*\b(?:than|vs|versus|compared|same as)\b)",
    ordinals=(
        r"\b(?:first|1st)\b(?! (?:order|time|aid|class))|\b(?:number|option) ?(?:1|one)\b|#1\b",
        r"\b(?:second|2nd)\b(?! hand)|\b(?:number|no\.?|option) ?(?:2|two)\b|#2\b",
        r"\b(?:third|3rd)\b|\b(?:number|no\.?|option) ?(?:3|three)\b|#3\b",
        r"\b(?:fourth|4th)\b|\b(?:number|no\.?|option) ?(?:4|four)\b|#4\b",
    ),
    definite=r"\bthe\b",
    last=r"\b(?:the )?last (?:one|of (?:them|these|those))\b",
    questions=r"\?|^\W*(?:(?:and|so|but|ok(?:ay)?|well|hi|hey|hello|cool|nice)\W+)*(?:is|are|was|does|do"
    r"|did|can|could|will|would|should|may|has|have|how|what|which|where|when|who|whose|why|whats"
    r"|wheres|whens|hows|from what|up to|to what)\b"
    r"|[,:;.]\s*(?:is|are|does|do|can|should|how|what|which|where|when|from what|will)\b",
    service=r"\b(?:send|sent|ships?|shipping|shipped|deliver(?:y|ed|s)?|arrives?|returns?|returned"
    r"|refund(?:s|ed)?|pay(?:s|ing|ment)?|paid|cancel(?:led)?|exchanges?|exchanged|swap(?:ped)?"
    r"|warranty|guarantee[ds]?|repair(?:s|ed)?|restock(?:ed)?|order(?:s|ed|ing)?|invoice|discount"
    r"|voucher|coupon|code|back in|them back|it back|i (?:bought|received))\b"
    r"|\bmy (?:new )?\w+ (?:is|are|was|does|doesn'?t|broke|came|won'?t|has|fell)\b",
    sells=r"\bdo (?:you|u|they) (?:also |still |even )?(?:sell|carry|stock)\b",
    denied=r"\b(?:not(?! only\b)|never|isn'?t|aren'?t|won'?t|don'?t|doesn'?t|cannot|can'?t"
    r"|unsuitable|unfit|unsafe|toxic|poisonous|harmful|dangerous|avoid"
    r"|keep (?:\w+ )?(?:away|out))\b",
    facts=FACTS,
)
