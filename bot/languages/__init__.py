"""Languages: which one a text is in, and fixed words, prices and times in each."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
