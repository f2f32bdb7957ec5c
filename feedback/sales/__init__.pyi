from .attribution import (
    AttributionRule as AttributionRule,
    Bought as Bought,
    Conversion as Conversion,
    Kind as Kind,
    Touch as Touch,
)
from .conversions import (
    bought as bought,
    dialogues_of as dialogues_of,
    read_conversions as read_conversions,
    replies_of as replies_of,
)
from .exchange_rates import put_rates as put_rates, rate_book as rate_book
from .most_sold import best_sellers as best_sellers
from .order_explanation import explain_order as explain_order, explain_text as explain_text
from .order_lines import OrderView as OrderView
from .orders import Orders as Orders, order_view as order_view
from .purchase import OrderKey as OrderKey, Purchase as Purchase, purchase_of as purchase_of
from .sale_rule import read_sale_rule as read_sale_rule
from .shop_connections import (
    ODD_SHOWN as ODD_SHOWN,
    WIDGET as WIDGET,
    ConnectionState as ConnectionState,
    ShopConnections as ShopConnections,
)
