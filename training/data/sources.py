"""Sources of a retraining: the reply book, signals, chosen products, the decision log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedback.actions import ActionLesson
from feedback.knowledge import ReplyBook
from feedback.signals import (
    Gathered,
    JudgedMessages,
    Logged,
    PageLessons,
    ProductExample,
    UnlabelledMessage,
)
from training.data.pairs import Pair


@dataclass(frozen=True)
class TrainingSources:
    """Each is read when it is called, so that every retraining sees what there is by then."""

    book: ReplyBook
    gather: Callable[[], Gathered]  # accepted dialogues and what the staff labelled
    gather_products: Callable[[], Sequence[ProductExample]] = tuple  # which products were chosen
    read_log: Callable[[], Sequence[Logged]] = tuple  # what the champion answered, and its outcome
    count_unfit: Callable[[], Sequence[JudgedMessages]] = tuple  # messages that fitted no reply
    read_asked: Callable[[], Sequence[str]] = tuple  # first messages, newest first
    read_messages: Callable[[], Sequence[UnlabelledMessage]] = tuple  # what shoppers wrote
    read_pages: Callable[[], Sequence[str]] = tuple  # sentences of the shop's pages
    read_page_lessons: Callable[[], PageLessons] = PageLessons  # what was said of quotations
    gather_wishes: Callable[[], Sequence[ActionLesson]] = tuple  # what shoppers wanted done
    pinned: Sequence[Pair] = ()  # questions that have to be answered as the staff pinned them
