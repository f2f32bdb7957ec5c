from .admin import ShopifyAdmin as ShopifyAdmin
from .office import ShopifyOffice as ShopifyOffice
