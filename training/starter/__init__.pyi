from .build import build_starter as build_starter
from .distil import EPOCHS as EPOCHS, RATE as RATE
from .gather import StarterSources as StarterSources
from .weights import FILE as FILE, unpack_starter as unpack_starter
