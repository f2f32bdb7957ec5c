from .decision_log import Logged as Logged, read_log as read_log
from .examples import Gathered as Gathered, gather as gather
from .product_examples import (
    ProductExample as ProductExample,
    collect_product_examples as collect_product_examples,
)
from .repository import Signals as Signals
from .weights import STAFF as STAFF, Example as Example
from .write import write_review as write_review
