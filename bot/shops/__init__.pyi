from .generic.orders import read_generic_order as read_generic_order
from .intake import Intake as Intake
from .polling import ShopifyOrders as ShopifyOrders, WooOrders as WooOrders
from .reconcile import reconcile_orders as reconcile_orders
from .routers import SHOP_ROUTERS as SHOP_ROUTERS
from .webhook import intake_of as intake_of
