"""The registry of shop systems: the only place outside its folder that names one.

Each folder shows its `SETTINGS`, which every process reads, and its `SYSTEM`, which is loaded only
where shops report: it takes a second.
"""

from typing import TYPE_CHECKING, Final

from bot.shops import generic, shopify, stripe, woocommerce
from bot.shops.shop_setting import ShopSetting

if TYPE_CHECKING:
    from bot.shops.shop_system import ShopSystem

_FOLDERS: Final = (shopify, woocommerce, stripe, generic)

SHOP_SETTINGS: Final[tuple[ShopSetting, ...]] = tuple(
    setting for folder in _FOLDERS for setting in folder.SETTINGS
)


def shop_systems() -> "tuple[ShopSystem, ...]":
    """Every shop system."""
    return tuple(folder.SYSTEM for folder in _FOLDERS)
