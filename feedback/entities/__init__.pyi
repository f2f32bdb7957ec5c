from .normalise import normalised as normalised
from .order_words import (
    OrderWords as OrderWords,
    join_order_words as join_order_words,
    read_order_words as read_order_words,
)
from .product_names import (
    FindsProducts as FindsProducts,
    NamedProduct as NamedProduct,
    ProductNames as ProductNames,
)
from .read import (
    KINDS as KINDS,
    PERSONAL as PERSONAL,
    Entity as Entity,
    EntityKind as EntityKind,
    Reading as Reading,
    masked as masked,
    read_entities as read_entities,
)
