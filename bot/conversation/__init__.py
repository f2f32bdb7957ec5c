"""A conversation's turn: reading the message, the policy, composing and recording the answer."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
