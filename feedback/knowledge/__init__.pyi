from .book_problems import BookProblem as BookProblem, find_problems as find_problems
from .catalogue import Catalogue as Catalogue, CatalogueItem as CatalogueItem
from .catalogue_page import (
    Categories as Categories,
    of_variants as of_variants,
    read_catalogue_page as read_catalogue_page,
    with_picture as with_picture,
)
from .clustering import (
    ALIKE_ALONE as ALIKE_ALONE,
    Embed as Embed,
    RepeatedReply as RepeatedReply,
    StaffReply as StaffReply,
    Vectors as Vectors,
    groups_of as groups_of,
    leaders as leaders,
    said_in as said_in,
    spelled as spelled,
)
from .contradictions import (
    Contradictions as Contradictions,
    OpenContradiction as OpenContradiction,
    UnknownContradiction as UnknownContradiction,
)
from .documents.cut import Block as Block, Cut as Cut, cut as cut
from .documents.document import ShopDocument as ShopDocument, Unreadable as Unreadable
from .documents.read import read_document as read_document
from .documents.sentences import split_sentences as split_sentences
from .importers.fields import (
    currency_of as currency_of,
    identifier as identifier,
    list_or_nothing as list_or_nothing,
    loose_text as loose_text,
    object_of as object_of,
    text_of as text_of,
    whole as whole,
)
from .importers.files import (
    purchase_from_json as purchase_from_json,
    read_dialogues as read_dialogues,
    read_facts as read_facts,
    read_labelled_questions as read_labelled_questions,
    read_purchases as read_purchases,
    read_questions as read_questions,
    read_ranking as read_ranking,
    read_rates as read_rates,
    read_replies as read_replies,
    read_sayable_replies as read_sayable_replies,
    refund_from_json as refund_from_json,
)
from .importers.html_text import without_entities as without_entities
from .importers.json_lines import parse_object as parse_object
from .importers.lenient import (
    AT_ARRIVAL as AT_ARRIVAL,
    Lenient as Lenient,
    bought_line as bought_line,
    id_of as id_of,
    sum_of as sum_of,
)
from .importers.product_json import product_from_shopify as product_from_shopify
from .importers.product_woocommerce import (
    product_from_api as product_from_api,
    variable_from_api as variable_from_api,
    variation_from_api as variation_from_api,
)
from .importers.products_in import read_products as read_products
from .importers.records import (
    BadLine as BadLine,
    BadShape as BadShape,
    BoughtLine as BoughtLine,
    DialogueLine as DialogueLine,
    FactLine as FactLine,
    ProductLine as ProductLine,
    PurchaseLine as PurchaseLine,
    QuestionLine as QuestionLine,
    RankingLine as RankingLine,
    RateLine as RateLine,
    RefundLine as RefundLine,
    ReplyLine as ReplyLine,
    Translation as Translation,
    TurnLine as TurnLine,
)
from .importers.tickets import HeldBack as HeldBack, read_tickets as read_tickets
from .keep_in_step import PageOutcome as PageOutcome, ReadingCounts as ReadingCounts
from .page_labels import (
    PageLabels as PageLabels,
    UnknownPassage as UnknownPassage,
    question_key as question_key,
)
from .passages import KnownPassage as KnownPassage, Passages as Passages
from .product_numbers import SOURCE as SOURCE, names_of as names_of
from .proposals import (
    FILL as FILL,
    NotReady as NotReady,
    Proposals as Proposals,
    UnknownProposal as UnknownProposal,
    proposed_name as proposed_name,
)
from .read_sources import SourceReader as SourceReader
from .reply_book import (
    ReplyBook as ReplyBook,
    labelled_questions as labelled_questions,
    question_line as question_line,
)
from .reply_use import ReplyUse as ReplyUse, reply_uses as reply_uses
from .reply_versions import versions_of as versions_of
from .shop_pages import ShopPage as ShopPage, ShopPages as ShopPages
from .sites.addresses import (
    NoWebAddress as NoWebAddress,
    is_site as is_site,
    site_url as site_url,
)
from .slots import (
    KNOWN_SLOTS as KNOWN_SLOTS,
    ORDER_SLOTS as ORDER_SLOTS,
    SLOT as SLOT,
    filled_by as filled_by,
    unknown_slots as unknown_slots,
)
from .sources import (
    SourceCounts as SourceCounts,
    Sources as Sources,
    UnknownSource as UnknownSource,
)
from .supersessions import (
    CannotSupersede as CannotSupersede,
    Successions as Successions,
    Supersessions as Supersessions,
    read_successions as read_successions,
    write_succession as write_succession,
)
