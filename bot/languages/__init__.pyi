from .detect import HAN as HAN, normal_locale as normal_locale, reply_locale as reply_locale
from .format_money import read_price as read_price
from .format_time import ago as ago
from .order_reference import (
    OrderWords as OrderWords,
    join_order_words as join_order_words,
    read_order_words as read_order_words,
)
from .phrases import Phrases as Phrases, ShopWords as ShopWords, phrases_in as phrases_in
from .storefront_strings import (
    WORDS as WORDS,
    Lang as Lang,
    language_of as language_of,
    named as named,
    shelf_of as shelf_of,
)
