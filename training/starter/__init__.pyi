from .build import build_starter as build_starter
from .lessons import StarterSources as StarterSources
from .weights import FILE as FILE, unpack_starter as unpack_starter
