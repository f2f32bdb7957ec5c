from .generic.orders import read_generic_order as read_generic_order
from .intake import Intake as Intake
from .polling import ShopRefused as ShopRefused
from .reconcile import reconcile_orders as reconcile_orders
from .registry import SHOP_SETTINGS as SHOP_SETTINGS, shop_systems as shop_systems
from .shop_setting import ShopSetting as ShopSetting
from .shop_system import (
    ConnectedShop as ConnectedShop,
    ShopSystem as ShopSystem,
)
from .signatures import NotSigned as NotSigned, check_signature as check_signature, sign as sign
from .webhook import intake_of as intake_of, webhook_router as webhook_router
