"""The weekly report: computed once as a typed value, drawn as text, HTML and a picture."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
