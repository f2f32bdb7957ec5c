from .build import build_reader as build_reader
from .confidence import fit_page_answers as fit_page_answers
from .reading import reading_to_export as reading_to_export
from .weights import FILE as FILE
