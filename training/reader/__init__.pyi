from .build import build_reader as build_reader
from .confidence import fit_page_answers as fit_page_answers
from .reading import ReadingModule as ReadingModule
from .weights import FILE as FILE
