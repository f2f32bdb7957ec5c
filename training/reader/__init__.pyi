from .build import build_reader as build_reader
from .confidence import fit_page_answers as fit_page_answers
from .reading import (
    ReadingModule as ReadingModule,
    read_reading as read_reading,
    reading_to_export as reading_to_export,
    traced as traced,
)
from .reading_set import Embed as Embed, ReadingLesson as ReadingLesson
from .shop_lessons import (
    NO_LESSONS as NO_LESSONS,
    LessonPages as LessonPages,
    own_lessons as own_lessons,
    rehearsal as rehearsal,
    teach_reading as teach_reading,
)
from .weights import FILE as FILE, ReaderCalibration as ReaderCalibration
