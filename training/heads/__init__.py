"""Heads: what a turn does and what it wants done with an order, from labelled lines that ship."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
