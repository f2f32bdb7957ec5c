"""English: what the flow of order actions understands and says."""

from typing import Final

from bot.actions.words import ActionSpeech, ActionWords

_SPEECH: Final = ActionSpeech(
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
            r"\bmodif(y|ies|ied|ying)\b|\bmodification|\bshould (be|become|have)\b|\bbecome\b|"
            r"\bchang(e|es|ed|ing)\b(?!.{0,30}\b(address|payment|mind|shipping|delivery)\b)"
        ),
        "cancel_order": r"\bcancel|\bcall(ing)? off\b|\bwithdraw\b|stop (the|my|this) order",
        "change_order_address": (
            r"\b(ship|deliver|send|redirect|reroute|go)\b.{0,60}\bto\b.{0,40}(address|street|"
            r"avenue|road|lane|drive|boulevard|court|way|\d{5}|home|office|apartment|suite)|"
            r"(change|update|modify|correct|fix|wrong|edit).{0,40}\baddress|"
            r"address.{0,40}(change|update|wrong|correct|modif)"
        ),
    },
    hints={
        "return_items": r"money back|\brefund|don't want .{0,60}\bany ?more|get rid of",
        "swap": (
            r"\binstead\b|\bswitch\b|\bupgrade\b|rather (have|get|take)|prefer|->|→|=>|"
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
    stays=("stay", "alone", "as it is", "as they are", "can stay", "not needed"),
    only=r"\b(only|just) (the|my|that|this|return|exchange|change|swap|send)\b",
    cheaper=r"\b(cheaper|less expensive|cheapest|least expensive)\b",
    dearer=r"\b(more expensive|pricier|dearer|most expensive|higher[- ]priced)\b",
    describes_order=(
        r"\b(the|my|that|an?) (other |first |second )?order (with|containing|that has|"
        r"which has|including|of) .*"
    ),
    address_of_order=(
        r"\b(same|address|as)\b.{0,24}\b(as|on|of|in|from|for|"
        r"one)\b.{0,20}#?\b[A-Z]{1,3}\d{5,12}\b"
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
        r"\ball (of )?(my |the |our )?(pending |open |current |upcoming |recent |two |"
        r"three |\d )?orders|\bboth (of )?(my |the )?(pending |open )?orders|"
        r"every (pending |open )?order|each of my orders"
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

ENGLISH: Final = ActionWords(
    locale="en",
    speech=_SPEECH,
    actions={
        "cancel_order": "Cancel order {order}",
        "change_order_address": "Send order {order} to another address",
        "change_payment": "Pay order {order} in another way",
        "change_items": "Change items of order {order}",
        "return_items": "Return from order {order}",
        "exchange_items": "Exchange from order {order}",
        "change_customer_address": "Change the address in your account",
    },
    asks={
        "order": "Which order is it about?",
        "action": "What would you like me to do?",
        "item": "Which items do you mean?",
        "variant": "Which variant of {item} would you like instead?",
        "reason": (
            "Why would you like to cancel: is it no longer needed, or was it ordered by mistake?"
        ),
        "payment_method": "Which payment method shall I use?",
        "address": "What is the complete new address: street, city, state, ZIP code?",
    },
    rules={
        "wrong_status": (
            "Order {order} is {status}. This can only be done while an order is {needs}."
        ),
        "other_product": "An item can only be swapped for another variant of the same product.",
        "out_of_stock": "That variant is not in stock, so I cannot swap for it.",
        "item_not_in_order": "That item is not in this order.",
        "same_item": "That is the variant you have already.",
        "unknown_payment_method": "That payment method is not on your account.",
        "same_payment_method": "The order is paid that way already.",
        "payment_changed_before": (
            "The payment of this order was changed before; it cannot be changed twice."
        ),
        "balance_too_low": "The gift card does not hold enough for that.",
        "refund_elsewhere": (
            "A refund can only go to the original payment method or to a gift card of your account."
        ),
        "invalid_reason": (
            "An order can only be cancelled because it is no longer needed or was ordered by "
            "mistake."
        ),
        "invalid_address": "That address is not complete.",
        "too_late_to_return": (
            "Items can be sent back within {days} days; order {order} arrived on {date}."
        ),
        "too_late_to_change": (
            "An order can be changed or cancelled within {minutes} minutes after it was placed."
        ),
        "left_out": "{item} cannot be sent back: it is among what the shop does not take back.",
        "changed_meanwhile": "Order {order} has changed meanwhile, so nothing was done.",
        "shop_refused": "The shop's system does not allow this for order {order}.",
    },
    passed={
        "too_late_to_return": "Within the {value} days for sending back",
        "too_late_to_change": "Within the {value} minutes for changes",
        "left_out": "Not among what is left out of returns",
    },
    statuses={
        "pending": "pending",
        "pending (item modified)": "pending, with its items changed once already",
        "processed": "on its way already",
        "delivered": "delivered",
        "cancelled": "cancelled",
        "return requested": "already in a return",
        "exchange requested": "already in an exchange",
    },
    reasons={"no_longer_needed": "no longer needed", "ordered_by_mistake": "ordered by mistake"},
    payment_kinds={
        "gift_card": "gift card",
        "paypal": "PayPal",
        "credit_card": "credit card",
    },
    who=(
        "I can do that. To find your account, please tell me the e-mail of your orders and "
        "an order number,"
        " or your first and last name with your ZIP code."
    ),
    who_not_found=(
        "I found no account with that. Please check the e-mail, or give me your first and "
        "last name"
        " with your ZIP code."
    ),
    who_more="For this I need one thing more, to be sure that it is you: the order number,"
    " or your first and last name with your ZIP code.",
    order_not_yours=(
        "I find no order {order} in your account, so I cannot do anything with it. Please "
        "check the number."
    ),
    no_such_order="None of your orders is {needs}, so this cannot be done.",
    nothing_fits="{item}: I have none in stock just as you wish.",
    confirm="Shall I go ahead? Please answer yes or no.",
    not_yes="I did not take that as a yes.",
    item_line="• {item}",
    swap_line="• {item}: {old} → {new}",
    refund_line="Refund: {amount} to {method}",
    charge_line="To pay: {amount} by {method}",
    even_line="No difference in price ({method})",
    address_line="To: {address}",
    payment_line="{amount} paid by {method} instead; the former payment is given back",
    reason_line="Reason: {reason}",
    done={
        "cancel_order": (
            "Order {order} is cancelled. Money goes back to a gift card at once, to anything "
            "else"
            " within 5 to 7 working days."
        ),
        "change_order_address": "Order {order} will go to the new address.",
        "change_payment": "Order {order} is paid the new way.",
        "change_items": "The items of order {order} are changed.",
        "return_items": (
            "The return from order {order} is requested. An e-mail tells you how to send it back."
        ),
        "exchange_items": (
            "The exchange from order {order} is requested. An e-mail tells you how to send it back."
        ),
        "change_customer_address": "The address in your account is changed.",
    },
    fee_line="The shop takes {fee} for sending back.",
    by_staff_line="A colleague does this by hand after your yes.",
    changed="A colleague looked at it and would do this instead.{words}",
    which_product="Which product shall I tell you about?",
    in_stock_now="{product} is in stock right now.",
    will_tell="I will tell you here once {product} is back in stock.",
    back_in_stock="Good news: {product} is back in stock.",
    undo_button="Undo",
    undo_offer="You can undo this for {minutes} minutes.",
    undone="It is undone: order {order} is as it was before.",
    undo_too_late="It is too late to undo that. A colleague can help you here.",
    ends={
        "dropped": "All right, nothing was changed.",
        "declined": "A colleague looked at it and declined; nothing was changed.{words}",
        "expired": (
            "No colleague could look at it in time, so nothing was changed. Please ask again."
        ),
        "failed": "Our order system has not answered for a day. A colleague looks into it.",
    },
    dropped="All right, nothing was changed.",
    submitted="Thank you. A colleague looks at it and confirms it; I will tell you here.",
    waits_already="A colleague has that already, and I will tell you here: {summary}",
    away="I cannot reach our order system at the moment. Please try again in a few minutes.",
    away_after_yes=(
        "I have your yes, but our order system does not answer yet. I keep trying, do it "
        "once, and tell"
        " you here."
    ),
    stopped="Changes of orders are halted at the moment. A colleague will help you here.",
    too_many="That is more than I may change in a day. A colleague will help you here.",
    gave_up=(
        "I could not settle this with you. A colleague goes on from here with all you told me."
    ),
    later="Next: {question}",
    yes_button="Yes, go ahead",
    no_button="No",
    still="Back to your order: {question}",
    joined=", ",
    either=" or ",
)
