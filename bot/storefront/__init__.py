"""The page at `/`: the demo shop's storefront, or how to embed the clerk."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
