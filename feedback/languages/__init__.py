"""Languages on the ground: their letters, the report's words, what names a topic, redaction."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
