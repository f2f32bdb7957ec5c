from .decision_log import Logged as Logged, read_log as read_log
from .examples import Gathered as Gathered, gather as gather
from .page_lessons import (
    PageLesson as PageLesson,
    PageLessons as PageLessons,
    read_page_lessons as read_page_lessons,
)
from .product_examples import (
    ProductExample as ProductExample,
    collect_product_examples as collect_product_examples,
)
from .registry import (
    SIGNALS as SIGNALS,
    STAFF as STAFF,
    Signal as Signal,
    signal_tables as signal_tables,
)
from .repository import Signals as Signals
from .trust_rules import balanced as balanced
from .unfit import (
    JudgedMessages as JudgedMessages,
    count_unfit as count_unfit,
    read_asked as read_asked,
)
from .unlabelled import (
    UnlabelledMessage as UnlabelledMessage,
    read_unlabelled as read_unlabelled,
)
from .weights import Example as Example
from .write import write_review as write_review
