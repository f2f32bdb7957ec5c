"""English: what the flow of order actions says."""

from typing import Final

from bot.actions.english_speech import ENGLISH_SPEECH
from bot.actions.words import ActionWords

ENGLISH: Final = ActionWords(
    locale="en",
    speech=ENGLISH_SPEECH,
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
    instead={
        "pending": "It has not left yet: I can cancel the whole order or change its items.",
        "delivered": "It has arrived: you can send its items back or exchange them.",
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
    what_else="All right, I will not do that. What should be different?",
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
