from .build import BuildDials as BuildDials, build_starter as build_starter
from .distil import Tell as Tell
from .gather import StarterSources as StarterSources
from .own_texts import (
    SpokenText as SpokenText,
    TaughtTexts as TaughtTexts,
    as_taught as as_taught,
    read_own_texts as read_own_texts,
    some_labelled as some_labelled,
    teach_own_texts as teach_own_texts,
)
from .page_facts import (
    PageFact as PageFact,
    filled as filled,
    filled_with as filled_with,
    our_page_facts as our_page_facts,
    read_page_facts as read_page_facts,
)
from .phrases import (
    Sentence as Sentence,
    our_lines as our_lines,
    read_lines as read_lines,
    sentences as sentences,
)
from .teacher import installed_teachers as installed_teachers
from .weights import FILE as FILE, unpack_starter as unpack_starter
