"""Slack: shoppers' threads, the desk's cards, reports and commands."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
