"""Order actions: what the clerk may do to an order, and the flow that leads there."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
