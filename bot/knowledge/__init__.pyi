from .catalogue_source import CatalogueSource as CatalogueSource
from .drafts import own_words as own_words
from .help_pages import (
    HelpPages as HelpPages,
    asked_in as asked_in,
    find_quotations as find_quotations,
    passage_quoted as passage_quoted,
)
from .page_index import (
    IndexedPages as IndexedPages,
    PageIndex as PageIndex,
    indexed as indexed,
    text_of as text_of,
)
from .product_meanings import SentenceEmbedder as SentenceEmbedder
from .product_questions import ordinal_of as ordinal_of
from .product_search import ProductSearch as ProductSearch
from .product_texts import ProductTexts as ProductTexts
from .quoted_drafts import PageDraft as PageDraft, page_drafts as page_drafts
from .reply_book import ReplyBookSource as ReplyBookSource
from .reply_book_cache import (
    BookReply as BookReply,
    ReplyBookCache as ReplyBookCache,
    compared as compared,
)
from .search_terms import indexed_words as indexed_words, query_words as query_words
from .slots import (
    MAX_FAILED_LOOKUPS as MAX_FAILED_LOOKUPS,
    SlotFiller as SlotFiller,
    needs_order as needs_order,
    order_values as order_values,
)
from .source import (
    AskBack as AskBack,
    Composed as Composed,
    KnowledgeQuery as KnowledgeQuery,
    KnowledgeSource as KnowledgeSource,
    NeedsPerson as NeedsPerson,
    ProductNote as ProductNote,
)
from .staff_suggestions import (
    StaffSuggestion as StaffSuggestion,
    fill_facts as fill_facts,
    in_locale as in_locale,
    suggest_replies as suggest_replies,
)
from .weigh import Knowledge as Knowledge
