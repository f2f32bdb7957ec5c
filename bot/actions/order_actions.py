"""Order actions: what each needs, which orders it fits, how it is carried out. Data, and few lines.

docs/extending/action.md adds one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.messages import Asked


@dataclass(frozen=True)
class ActionPhrases:
    """How an action of the shop's own is asked for and told, in one language."""

    cue: str  # a pattern over lower case: how a wish for it is said
    title: str  # the summary's heading; {order}
    done: str  # what is done, and what comes next; {order}
    # Where it needs a reason: how it is asked for, and by code how each is shown and said.
    why: str = ""
    reasons: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderAction:
    """One thing that can be done to an order."""

    name: str  # as the back office's API has it
    needs: tuple[Asked, ...]  # asked for in this order
    fits: tuple[str, ...] = ()  # states of an order; empty: it is about the customer
    moves_parcel: bool = False  # it changes where goods go: who asks has to be surer to be them
    same_variant: bool = False  # a swap for the same variant again makes sense
    phrases: Mapping[str, ActionPhrases] = field(default_factory=dict)  # by locale; of own actions


ANY_STATE: Final = (
    "pending",
    "pending (item modified)",
    "processed",
    "delivered",
    "return requested",
    "exchange requested",
    "cancelled",
)
RESEND: Final = OrderAction(
    "resend_email",
    ("order",),
    ANY_STATE,
    phrases={
        "en": ActionPhrases(
            cue=(
                r"\b(re-?send|send|get|e-?mail)\b.{0,40}\b(confirmation|invoice|receipt)\b|"
                r"\b(confirmation|invoice|receipt)\b.{0,40}\b(again|once more|never came|lost)\b"
            ),
            title="Send the e-mail of order {order} again",
            done="The e-mail of order {order} is on its way to the address it was placed with.",
        ),
        "zh": ActionPhrases(
            cue=r"(重新|再)(发|寄|给我).{0,12}(确认|邮件|发票|收据)|(确认信|确认邮件|发票|收据).{0,10}(再|重新|没收到)",
            title="重新发送订单{order}的邮件",
            done="订单{order}的邮件正在发往下单时的邮箱。",
        ),
    },
)
CLAIM: Final = OrderAction(
    "open_claim",
    ("order", "item", "reason"),
    ("delivered", "processed"),
    phrases={
        "en": ActionPhrases(
            cue=(
                r"\b(file|open|make|start|submit|raise|put in)\b.{0,20}\b(claim|complaint)\b|"
                r"\breport\b.{0,40}\b(damage|damaged|broken|missing|lost|problem|wrong)\b"
            ),
            title="Open a claim about order {order}",
            done="The claim about order {order} is open. A colleague writes to you about it.",
            why="What is wrong: damaged, missing, the wrong item, or not arrived at all?",
            reasons={
                "damaged": (
                    "damaged",
                    r"damag|broke|crack|defect|faulty|not work|scratch|dent|torn",
                ),
                "not_arrived": (
                    "not arrived",
                    r"never (came|arrived)|not (arriv|com)|lost|n't arriv",
                ),
                "missing": ("missing", r"missing|not in the (box|parcel)|without|incomplete"),
                "wrong_item": ("the wrong item", r"wrong|different (item|one|product)|not what i"),
            },
        ),
        "zh": ActionPhrases(
            cue=r"(提|发起|申请|开).{0,6}(索赔|理赔|投诉|赔偿)|(报告|反映).{0,12}(损坏|破损|丢失|缺少|问题)",
            title="就订单{order}提出索赔",
            done="订单{order}的索赔已提交，同事会与您联系。",
            why="是哪种问题：损坏、缺少、发错货，还是没有收到？",
            reasons={
                "damaged": ("损坏", r"坏|破|裂|损|划痕|不能用"),
                "not_arrived": ("没有收到", r"没(有)?(收|到)|丢"),
                "missing": ("缺少", r"缺|少(了|发)|漏"),
                "wrong_item": ("发错货", r"发错|错(的|了)|不是我"),
            },
        ),
    },
)

ORDER_ACTIONS: Final[Mapping[str, OrderAction]] = {
    action.name: action
    for action in (
        OrderAction("cancel_order", ("order", "reason"), ("pending",)),
        OrderAction(
            "change_order_address",
            ("order", "address"),
            ("pending", "pending (item modified)"),
            moves_parcel=True,
        ),
        OrderAction(
            "change_payment",
            ("order", "payment_method"),
            ("pending", "pending (item modified)"),
        ),
        OrderAction("change_items", ("order", "item", "variant", "payment_method"), ("pending",)),
        OrderAction("return_items", ("order", "item", "payment_method"), ("delivered",)),
        OrderAction(
            "exchange_items",
            ("order", "item", "variant", "payment_method"),
            ("delivered",),
            same_variant=True,
        ),
        OrderAction("change_customer_address", ("address",), moves_parcel=True),
        RESEND,
        CLAIM,
    )
}
