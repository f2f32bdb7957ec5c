"""The states of orders and the stages of refunds, and the words that shops write for them."""

from typing import Final

# How far an order is: of two reports of the same second, the further one is the newer.
ORDER_STATES: Final = (
    "unknown", "draft", "pending", "failed", "paid", "shipped", "delivered", "refunded", "voided",
    "cancelled",
)  # fmt: skip

REFUND_STAGES: Final = ("pending", "succeeded", "failed")  # a bank may send back what succeeded

# Other words for the states, as shops' programs write them.
SAME: Final = {
    "canceled": "cancelled",
    "completed": "shipped",
    "fulfilled": "shipped",
    "on-hold": "pending",
    "processing": "paid",
    "void": "voided",
}


def read_state(told: str) -> str:
    """The state that a shop's word stands for; what nobody knows is never "paid".

    >>> read_state("Fulfilled"), read_state("on the moon")
    ('shipped', 'unknown')
    """
    word = told.strip().lower().replace("_", "-")
    state = SAME.get(word, word)
    return state if state in ORDER_STATES else "unknown"
