"""English: what the flow of order actions understands."""

from typing import Final

from bot.actions.words import ActionSpeech

_ORDER: Final = r"(\border\b|#?\b[a-z]{0,3}\d{3,}\b)"  # the word, or a number as orders have
_AWAY: Final = (
    r"(scrap|nix|void|bin|drop|ditch|kill|axe|undo|revoke|back out of|backing out of|forget about|"
    r"no need for|no longer need|do(n't| not) need|do(n't| not) want)"
)
_WHOLE: Final = r"((of|the|my|this|that|whole|entire|all|open|pending) ){0,4}"
_PLACE: Final = (
    r"(\b\d{1,5} [a-z]+ (street|avenue|road|lane|drive|boulevard|court|way|grove)\b|\b\d{5}\b)"
)
_OTHER: Final = r"(larger|smaller|bigger|cheaper|longer|shorter|other|large|small|medium)"

ENGLISH_SPEECH: Final = ActionSpeech(
    cues={
        "change_customer_address": (
            r"(?<!to my )(?<!to the )\b(default|account|profile|home|"
            r"user)('s)? (shipping )?address|address (in|on|of|"
            r"for) (my|the) (account|profile|user)|\bmy (user |customer )?(account|"
            r"profile)\b.{0,30}address|address on file"
        ),
        "change_payment": (
            r"payment method (of|for|on|to)\b|(change|switch|update).{0,25}(payment|paying)|"
            r"charge .{0,25}\b(instead)\b|put .{0,60} on (my )?(visa|"
            r"mastercard|card|paypal|gift|credit)"
        ),
        "return_items": (
            r"\breturn(s|ing|ed)?\b|\bgo(es|ing)? back\b|"
            r"\b(send|sent|tak(e|en)|giv(e|en)|bring|put|ship)(s|ing)? .{0,60}\bback\b|"
            r"\b(tak|giv)ing .{0,60}\bback\b|\b(send|tak|giv|bring|ship)ing back\b"
        ),
        "swap": (
            r"\bexchang(e|es|ing|ed)\b|\bswap(s|ping|ped)?\b|\btrad(e|ing)\b|"
            r"\breplac(e|ed|ing|ement)\b|"
            r"\bmodif(y|ies|ied|ying)\b|\bmodification|\bbecome\b|"
            r"\b(should|ought to) (rather |really )?(be|become|have)\b|"
            r"\bchang(e|es|ed|ing)\b(?!.{0,30}\b(address|payment|mind|shipping|delivery)\b)|"
            r"\b(should|shall|must|ought to) (rather |really |better )?(be|become|have)\b"
        ),
        "cancel_order": (
            r"\bcancel|\bcall(ing)? off\b|\bwithdraw\b|stop (the|my|this) order|"
            # What is thrown away is an order: "bin the whole order", "order A17, drop it".
            rf"\b{_AWAY} {_WHOLE}{_ORDER}|{_ORDER}\W{{0,3}}(please )?{_AWAY} (it|that|this)\b"
        ),
        "change_order_address": (
            r"\b(ship|deliver|send|redirect|reroute|go)\b.{0,60}\bto\b.{0,40}(address|street|"
            r"avenue|road|lane|drive|boulevard|court|way|\d{5}|home|office|apartment|suite)|"
            rf"\b(reach|bring|brought|forward|mail|get|come|follow)\b.{{0,60}}{_PLACE}|"
            r"(change|update|modify|correct|fix|wrong|edit).{0,40}\baddress|"
            r"address.{0,40}(change|update|wrong|correct|modif)"
        ),
    },
    hints={
        "return_items": (
            r"money back|\brefund|don't want .{0,60}\bany ?more|get rid of|"
            r"\bpick (it|them|that) up\b|\bgoes home\b|\bcoming back to you\b"
        ),
        "swap": (
            r"\binstead\b|\bin place of\b|"
            r"\b(like|want|take|have|get|go for|run) (the|my|an?|on) "
            rf"(\w+ (in|on|with)|{_OTHER})\b|"
            r"\bswitch\b|\bupgrade\b|rather (have|get|take)|prefer|->|→|=>|"
            r"\bwrong\b|\bi meant\b|\bmake (it|them|that|the|my)\b|"
            r"different (size|colou?r|version|model|one)|"
            r"want .{0,60}\b(in|with) .{0,12}(larger|bigger|smaller|other|less|more)\b|too (big|"
            r"small|tight|large|loose|short|long)"
        ),
        "cancel_order": (
            r"don't (want|need) (the|my|this|that) (whole |entire )?order|no longer (want|"
            r"need) (the|my|this|that) (whole |entire )?order|undo (the|my) order|"
            r"ordered .{0,30}by (mistake|accident)"
        ),
        "change_payment": r"\bpay\b.{0,40}\b(with|by|using)\b|different (card|payment)",
        "change_order_address": r"\b(i|we)('ve| have)? (just )?moved|\baddress\b|somewhere else",
    },
    next_wish=(
        r"\b(also|then|additionally|furthermore|moreover|besides that|second(ly)?|"
        r"another thing|one more thing|finally|after that|on top of that)\b"
    ),
    same_address=r"\b(same|that|this|new) (address|place|one)|\bthere\b|\bit\b|\btoo\b|as well",
    tell_me_when=(
        r"\b(tell|notify|alert|let|e-?mail|message|ping|write)\b.{0,40}"
        r"\b(when|once|if|as soon as)\b.{0,60}"
        r"\b(in stock|available|restock(ed)?|back in|(have|get) (it|them|more) again)\b"
    ),
    undo=r"(please )?(undo|revert|take (that|it|this) back|change (it|that) back)( that| it| this)?"
    r"( please)?",
    only_asking=(
        r"^\W*(how (do|can|would|could|long|much|many|does)|what('s| is| are)\b|which\b|"
        r"when\b|where\b|is it possible|is there|do you|does\b|are (you|there)|why\b|who\b|"
        r"can (one|you tell)|could you tell|tell me|i (was|am|'m) (just |only )?(wondering|"
        r"asking)|just (asking|wondering|curious))"
    ),
    complains=(
        r"\b(not|isn't|wasn't|aren't|never) (at all |quite |really )?(what|as|how|like) (i|we|it|"
        r"they|described|expected|ordered|pictured|shown|advertised|promised)\b|"
        r"\b(is|are|was|were|came|arrived|turned out|got here) (\w+ )?(broken|damaged|defective|"
        r"faulty|cracked|torn|scratched|dented|stained|wrong|empty|bent)\b|"
        r"\b(does|do|did|will|would)(n't| not) (fit|work|suit|match|turn on|look like)\b|"
        r"\btoo (big|small|tight|large|loose|short|long|wide|narrow|heavy|thin|loud)\b|"
        r"\bwrong (one|size|colou?r|item|product|thing)\b|"
        r"\b(don't|do not) like (it|the|them|how)\b|"
        r"\b(has|have|had|got|there('s| is| are)) (\w+ ){0,2}"
        r"(hole|crack|scratch|stain|tear|dent|fault|defect|flaw)(e?s)?\b|"
        r"\blooks? (nothing like|different|other than)\b"
    ),
    yes=(
        r"(yes|yeah|yep|yup|sure|ok|okay|correct|confirm(ed)?|go ahead|do it|proceed|"
        r"absolutely|definitely|exactly|right|perfect|(that's|that is|that|it's|looks?|"
        r"sounds?|all) (right|correct|good|great|fine|perfect|okay)|i confirm|i agree|"
        r"agreed)"
    ),
    no=(
        r"^\W*(no|nope|nah|don't|do not|stop|wait|never ?mind|hold on|not (yet|now|that|"
        r"this|like)|forget it|leave it)\b"
    ),
    parts=frozenset({"and", "but", "then", "plus"}),
    negations=(
        "instead of",
        "rather than",
        "not",
        "no",
        "without",
        "isn't",
        "don't want",
        "from",
        "not the",
        "non",
        "except",
        "other than",
        "don't need",
    ),
    keep=(
        "keep",
        "not the",
        "not",
        "except",
        "besides",
        "leave",
        "leave out",
        "without",
        "but not",
        "don't return",
        "don't",
        "keeping",
        "apart from",
        "other than",
        "i'll keep",
        "keep the",
        "except the",
        "not my",
        "keep my",
        "forget",
        "skip",
        "drop",
    ),
    dislikes=frozenset({"like", "love", "want", "need", "fit", "suit", "wear", "use", "work"}),
    sends=frozenset({"return", "send", "exchange", "swap", "change", "cancel", "back", "give"}),
    stays=("stay", "alone", "as it is", "as they are", "can stay", "not needed"),
    only=r"\b(only|just) (the|my|that|this|return|exchange|change|swap|send)\b",
    cheaper=r"\b(cheaper|less expensive|cheapest|least expensive)\b",
    dearer=r"\b(more expensive|pricier|dearer|most expensive|higher[- ]priced)\b",
    describes_order=(
        r"\b(the|my|that|an?) (other |first |second )?order (with|containing|that has|"
        r"which has|including|of) .*"
    ),
    whole_order=(
        r"\b(return|send(ing)?|sent|refund|tak(e|ing)|giv(e|ing)|ship(ping)?)\b"
        r"( back)?( me| for)?( all of)? (the|my|this|that)( (whole|entire|full|complete|last|"
        r"latest|newest|recent|pending|new|other))* order\b(?!ed)|"
        r"\b(the|my|this|that) (whole|entire|full) order\b.{0,30}"
        r"\b(back|return(ed)?|refund(ed)?)\b|"
        r"\border #?[a-z]{0,3}\d{3,}\b.{0,20}\b(should |can |must |has to |is to )?"
        r"(go(es)? back|be (returned|refunded|sent back))\b|"
        r"\b(return|refund|send back) (order )?#?[a-z]{0,3}\d{4,}\b"
    ),
    address_of_order=(
        r"\b(same|address|as)\b.{0,24}\b(as|on|of|in|from|for|"
        r"one)\b.{0,20}#?\b[A-Z]{1,3}\d{5,12}\b"
    ),
    address_of_other=(
        r"\b(the|my|an?)? ?(other|another|different|previous|earlier) order'?s?\b.{0,20}"
        r"\b(address|place|one|has|had)\b|"
        r"\b(address|place|one|where)\b.{0,40}\b(other|another|different|previous|earlier) order\b"
    ),
    all_items=(
        r"\b(everything|every item|all (of )?(the |my |these |those |them|it\b)?(items?|"
        r"things?|products?|of (it|them))?\b(?! orders)|(the )?(whole|entire|full) (order|"
        r"thing|lot)|both( items?| of them)?\b|each (item|one))"
    ),
    all_but=(
        r"\b(everything|all( of it| items| of them)?|whole order|"
        r"entire order)\b.{0,20}\b(except|but|besides|apart from|other than)\b"
    ),
    all_orders=(
        r"\b(all|both|each) (of )?(my |the |our |these |those )?(two |three |\d )?"
        r"((un|not )?(yet )?(pending|open|current|upcoming|recent|outstanding|active|remaining|"
        r"other|new|shipped|sent|delivered|placed) )*orders\b|"
        r"\bevery (single |one of my )?((un|not )?(yet )?(pending|open|current|outstanding|active|"
        r"shipped|sent|delivered) )*orders?\b"
    ),
    also=r"\b(also|too|as well|add|in addition|plus|another|and the)\b",
    newest_order=r"\b(latest|newest|most recent|last|recent) (order|one|purchase)",
    oldest_order=r"\b(oldest|earliest|first) (order|one|purchase)",
    arrived=r"\b(arrived|received|delivered|got (it|the|my|them)|came (today|yesterday|in))\b",
    not_sent=(
        r"\b(pending|not (yet )?(shipped|sent|arrived|delivered|here|come)|hasn't (shipped|"
        r"arrived|come)|haven't (shipped|received|got)|just (ordered|placed)|"
        r"before it ships|still open)\b"
    ),
    same_again=(
        r"\bsame (one|item|thing|product|model|variant|version|again)\b|\b(the |"
        r"an? )?identical\b|exactly the same|just like it|new one of the same"
    ),
    cheapest=r"\b(cheapest|least expensive|lowest[- ]price[d]?|lowest cost|most affordable)\b",
    dearest=r"\b(most expensive|priciest|dearest|highest[- ]price[d]?)\b",
    otherwise=(
        r"\bif (you |there |that |it |they |none |no |this |the |a |i )?.{0,60}?(not|n't|no|"
        r"isn't|unavailable|out of stock|none|impossible)\b.{0,60}?,?|\botherwise\b|"
        r"\bor else\b|\bsecond choice\b|\bfailing that\b"
    ),
    rest_same=(
        r"\b(rest|everything else|all else|other(wise)? (options?|"
        r"things?)?)\b.{0,20}\bsame\b|same otherwise"
    ),
    more=r"\b(bigger|larger|more|higher|brighter|longer|greater|faster|taller|harder|heavier)\b",
    most=(
        r"\b(biggest|largest|most|highest|brightest|longest|greatest|max(imum)?|tallest|"
        r"hardest)\b"
    ),
    less=r"\b(smaller|less|lower|fewer|dimmer|shorter|slower|easier|lighter)\b",
    least=r"\b(smallest|least|lowest|fewest|dimmest|shortest|min(imum)?|easiest|lightest)\b",
    degrees={
        "bigger|larger|smaller|biggest|largest|smallest": (
            "size|capacity|storage|screen size|frame size|volume"
        ),
        "bright|dim": "brightness",
        "eas(y|ier|iest)|hard|difficult": "difficulty",
        "long|short": "length|battery life",
        "tall": "height",
        "heav|light(er|est)": "weight",
    },
    values={
        "S": ("small", "size s"),
        "M": ("medium", "size m"),
        "L": ("large", "size l"),
        "XL": ("extra large", "x large", "size xl"),
        "XXL": ("extra extra large", "double xl", "2xl", "size xxl"),
        "none": (),
        "AC adapter": ("mains", "plug in", "outlet", "wall plug"),
        "battery": ("batteries",),
        "stainless steel": ("steel",),
        "gold": ("golden",),
        "silver": (),
    },
    reasons={
        "ordered_by_mistake": (
            r"mistake|accident|wrong(ly)? order|error|didn't mean|did not mean|unintention|"
            r"wrong (item|thing|product|one)|by error|twice"
        ),
        "no_longer_needed": (
            r"no longer|not (need|want)|don't (need|want)|do not (need|want)|no need|n't need|"
            r"any ?more|changed? (my |our |her |his )?mind|isn't needed|unneeded|not needed|"
            r"useless now"
        ),
    },
    payment_kinds={
        "gift_card": r"gift ?card|gift certificate|\bgc\b|store credit|voucher",
        "paypal": r"pay ?pal",
        "credit_card": r"credit ?card|debit ?card|\bcard\b(?<!gift card)",
    },
    original_method=(
        r"original(ly)?|same (payment|method|card|way|account)|how i paid|(i )?paid (with|"
        r"by)|the one i used|where it came from|back to (the|my) card"
    ),
    instead_of=r"(?:instead of|rather than|not (?:on |to |with )?)",
    account_address=(
        r"\b(default|account|profile|home|on file|my (usual|normal|own|current|"
        r"saved)) ?(address)?\b|address (in|on) (my|the) (account|profile|file)"
    ),
)
