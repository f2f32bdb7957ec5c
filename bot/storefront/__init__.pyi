from .pages import OrderNumbers as OrderNumbers
from .routers import DEMO_ROUTERS as DEMO_ROUTERS, FRONT_ROUTERS as FRONT_ROUTERS
