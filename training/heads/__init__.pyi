from .fit import HeadWords as HeadWords, fit_heads as fit_heads
from .head import (
    Head as Head,
    HeadLookup as HeadLookup,
    Heads as Heads,
    read_heads as read_heads,
)
