"""The clerk's own words, in English and Chinese; everything else it says is in the reply book."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class ShopWords:
    """What the clerk's words need to know of the shop."""

    name: Callable[[], str]  # asked for anew: the demo shop may have ended


@dataclass(frozen=True)
class Phrases:
    """One language's words; `{…}` are filled by the caller."""

    greeting: str  # {shop}
    ask_both: str
    ask_number: str
    ask_email: str
    not_found: str
    insisting: str  # behind one of the three questions, when the first was not answered
    choices: str
    no_products: str
    handover: str  # {hours} is one of the two below, or nothing
    handover_again: str
    hours: str  # {office_hours}
    lookups_over: str
    abuse: str  # calm, and no sermon
    talk_to_person: str
    too_long: str  # {limit}
    thumbs_up: str
    thumbs_down: str
    thanks: str
    sorry: str
    taken_over: str  # {name}
    tell_more: str
    what_was_wrong: str
    send: str
    trouble: str
    not_yours: str
    view: str
    from_price: str  # {price}
    no_tracking: str
    nothing_refunded: str
    status_words: dict[str, str]


EN: Final = Phrases(
    greeting="Hi, I'm the clerk at {shop}. Ask me about orders, delivery, returns or our products.",
    ask_both="Happy to check. Please send me your order number and the e-mail you ordered with.",
    ask_number="Thanks. And what is the order number? It's in your confirmation e-mail.",
    ask_email="Thanks. And which e-mail address did you order with?",
    not_found="I can't find an order with that number and e-mail."
    " Please check both and send them again.",
    insisting=" Without it I can't look that up. If you'd rather have a person, just say so.",
    choices="I want to get this right. Did you mean one of these?",
    no_products="I found nothing in stock that fits."
    " Tell me a little more: what it is for, a colour or a price?",
    handover="I'm passing you on to a colleague, who will answer you right here.{hours}",
    handover_again="Thanks, I've told my colleague, who will answer you right here.{hours}",
    hours=" Our team is here {office_hours}.",
    lookups_over="I still can't find that order, so I'm passing you on to a colleague,"
    " who will answer you right here.{hours}",
    abuse="I'm sorry this has gone badly. I'm passing you on to a colleague,"
    " who will answer you right here.{hours}",
    talk_to_person="Talk to a person",
    too_long="That is more than I can read at once. Please send it in at most {limit} characters.",
    thumbs_up="Helpful",
    thumbs_down="Not helpful",
    thanks="Thank you! That helps me learn.",
    sorry="Thank you for telling me. You can always talk to a person.",
    taken_over="Hello, this is {name} from our team. I'm with you now.",
    tell_more="Say what was wrong",
    what_was_wrong="What was wrong?",
    send="Send",
    trouble="Sorry, something went wrong on my side. Please try again in a moment.",
    not_yours="Only the person who asked can choose here. Mention me to ask something yourself.",
    view="View",
    from_price="from {price}",
    no_tracking="not available yet",
    nothing_refunded="nothing yet",
    status_words={
        "unknown": "being looked at by our team",
        "draft": "not placed yet",
        "pending": "waiting for payment",
        "failed": "not paid: the payment did not go through",
        "paid": "paid and being packed",
        "shipped": "on its way",
        "delivered": "delivered",
        "refunded": "refunded",
        "voided": "cancelled before it was paid",
        "cancelled": "cancelled",
    },
)

ZH: Final = Phrases(
    greeting="您好，我是{shop}的店员。订单、配送、退换货和商品的问题都可以问我。",
    ask_both="好的，我来帮您查。请把订单号和下单时用的邮箱发给我。",
    ask_number="谢谢。请再告诉我订单号，确认邮件里可以找到。",
    ask_email="谢谢。请再告诉我下单时用的邮箱。",
    not_found="我没有找到订单号和邮箱都相符的订单。请核对后再发一次。",
    insisting="没有这些信息我查不到；想找同事帮忙，跟我说一声就好。",
    choices="我想确认一下，您问的是下面哪一个？",
    no_products="没有找到符合的现货。可以再说说用途、颜色或价格吗？",
    handover="我请同事来帮您，同事会在这里回复您。{hours}",
    handover_again="好的，我已经转告同事，同事会在这里回复您。{hours}",
    hours="我们的服务时间：{office_hours}。",
    lookups_over="还是没有找到这个订单，我请同事来帮您，同事会在这里回复您。{hours}",
    abuse="很抱歉让您不愉快。我请同事来帮您，同事会在这里回复您。{hours}",
    talk_to_person="找人工客服",
    too_long="内容太长了，我一次读不完。请控制在{limit}个字以内。",
    thumbs_up="有帮助",
    thumbs_down="没帮助",
    thanks="谢谢！这会让我学得更好。",
    sorry="谢谢您告诉我。您随时可以找人工客服。",
    taken_over="您好，我是{name}，接下来由我为您服务。",
    tell_more="说说哪里不对",
    what_was_wrong="哪里不对？",
    send="发送",
    trouble="抱歉，我这边出了点问题，请稍后再试。",
    not_yours="只有提问的人可以选择。您可以@我来提问。",
    view="查看",
    from_price="{price}起",
    no_tracking="暂无",
    nothing_refunded="暂无退款",
    status_words={
        "unknown": "正在由同事处理",
        "draft": "尚未提交",
        "pending": "待付款",
        "failed": "付款未成功",
        "paid": "已付款，正在备货",
        "shipped": "已发货，在路上",
        "delivered": "已送达",
        "refunded": "已退款",
        "voided": "付款前已取消",
        "cancelled": "已取消",
    },
)


def phrases_in(locale: str) -> Phrases:
    """The words of a language; English where we have none.

    >>> phrases("zh").view, phrases("fr").view
    ('查看', 'View')
    """
    return ZH if locale == "zh" else EN
