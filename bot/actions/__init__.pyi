from .back_in_stock import StockedProduct as StockedProduct
from .back_office import (
    ActionCall as ActionCall,
    BackOffice as BackOffice,
    BackOfficeAway as BackOfficeAway,
    BackOfficeRefused as BackOfficeRefused,
    OrderItem as OrderItem,
)
from .carry_out import Carrier as Carrier
from .checklist import steps_by_hand as steps_by_hand
from .flow import ActionFlow as ActionFlow
from .flow_parts import FlowParts as FlowParts
from .order_actions import (
    ORDER_ACTIONS as ORDER_ACTIONS,
    ActionPhrases as ActionPhrases,
    OrderAction as OrderAction,
)
from .pointing import VectorPointer as VectorPointer, points_nowhere as points_nowhere
from .policy import POLICY_FACTS as POLICY_FACTS
from .rules import ActionRules as ActionRules
from .shopify import ShopifyAdmin as ShopifyAdmin, ShopifyOffice as ShopifyOffice
from .signed_back_office import SignedBackOffice as SignedBackOffice
from .who import CustomerFinder as CustomerFinder
from .woocommerce import WooOffice as WooOffice, WooRest as WooRest
from .worker import ActionWorker as ActionWorker
