"""Mail: to which address a dialogue's answers go, and which of them are due."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
