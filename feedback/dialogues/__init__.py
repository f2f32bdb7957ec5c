"""Dialogues: what was said, by whom, and who has the shopper now."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
