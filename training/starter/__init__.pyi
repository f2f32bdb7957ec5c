from .build import build_starter as build_starter
from .weights import FILE as FILE, unpack_starter as unpack_starter
