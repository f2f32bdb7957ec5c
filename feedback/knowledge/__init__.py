"""What the shop knows: its reply book, its catalogue, and what the staff are proposed to add."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
