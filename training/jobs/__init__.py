"""Training jobs: schedule, stages of a retraining, leases, re-export."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
