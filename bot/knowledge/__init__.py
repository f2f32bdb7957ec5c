"""Knowledge sources: what can answer. The reply book with its slots, the catalogue's search."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
