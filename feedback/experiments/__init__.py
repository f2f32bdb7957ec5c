"""Experiments: who is in which arm, what each arm did, and what that proves."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
