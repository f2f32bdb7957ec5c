"""Order actions as kept: what shoppers said yes to, who approved it, and how it ended."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
