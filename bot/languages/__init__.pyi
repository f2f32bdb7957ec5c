from .detect import (
    is_foreign as is_foreign,
    normal_locale as normal_locale,
    reply_locale as reply_locale,
)
from .emoji_names import with_emoji as with_emoji, without_emoji as without_emoji
from .format_money import read_price as read_price
from .format_time import ago as ago
from .pack import (
    AbuseKind as AbuseKind,
    LanguagePack as LanguagePack,
    ProductWords as ProductWords,
    PromiseWords as PromiseWords,
)
from .phrases import (
    HomePhrases as HomePhrases,
    Phrases as Phrases,
    ShopWords as ShopWords,
)
from .registry import (
    all_packs as all_packs,
    latin_pack as latin_pack,
    pack_in as pack_in,
    phrases_in as phrases_in,
)
from .storefront_strings import (
    language_of as language_of,
    named as named,
    page_tag as page_tag,
    page_words as page_words,
    shelf_of as shelf_of,
)
