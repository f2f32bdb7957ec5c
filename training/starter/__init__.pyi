from .build import build_starter as build_starter
from .distil import EPOCHS as EPOCHS, RATE as RATE
from .gather import StarterSources as StarterSources
from .phrases import (
    Sentence as Sentence,
    our_lines as our_lines,
    read_lines as read_lines,
    sentences as sentences,
)
from .weights import FILE as FILE, unpack_starter as unpack_starter
