"""Sales: orders, refunds, exchange rates, and which replies an order is credited to."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
