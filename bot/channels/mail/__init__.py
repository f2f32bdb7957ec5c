"""Mail: answers that nobody read in the chat go by e-mail, and replies come back."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
