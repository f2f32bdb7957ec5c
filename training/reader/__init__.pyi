from .build import build_reader as build_reader
from .reading import ReadingModule as ReadingModule
from .weights import FILE as FILE
