"""Development set of conversations in the invented shop of `shop/`, English and Chinese."""

from benchmarks.conversation import chinese_talks, product_talks, shop_talks
from benchmarks.conversation.patterns import CONVERSATIONS

__all__ = ["CONVERSATIONS", "chinese_talks", "product_talks", "shop_talks"]
