"""The web chat: its HTTP API, event stream, tracked links and the widget."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
