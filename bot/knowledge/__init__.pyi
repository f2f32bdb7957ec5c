from .drafts import own_words as own_words
from .product_search import ProductSearch as ProductSearch
from .recommendations import Asked as Asked
from .reply_book import ReplyShelf as ReplyShelf
from .slots import (
    MAX_FAILED_LOOKUPS as MAX_FAILED_LOOKUPS,
    SLOT as SLOT,
    Asks as Asks,
    Filled as Filled,
    NeedsPerson as NeedsPerson,
    SlotFiller as SlotFiller,
    needs_order as needs_order,
)
from .staff_suggestions import (
    Suggested as Suggested,
    fill_facts as fill_facts,
    in_locale as in_locale,
    suggested as suggested,
)
