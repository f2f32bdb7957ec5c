"""Evaluation: measures of a version, and the gate between challenger and champion."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
