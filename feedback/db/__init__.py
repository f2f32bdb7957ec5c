"""The database: engines, transactions, tables, migrations, jobs, and news between processes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
