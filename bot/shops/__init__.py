"""Shop systems: their webhooks, signatures, order formats and what is fetched from them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
