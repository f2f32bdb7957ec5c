"""What a retraining reads, once, before it trains."""

from feedback.knowledge.importers.records import ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.signals.examples import Gathered
from feedback.signals.unlabelled import UnlabelledMessage
from feedback.signals.weights import Example
from tests.factories import NOW
from training.data.sources import TrainingSources
from training.jobs.collect import collect


def sources(database):
    """A shop with a reply, a labelled question, a message nobody labelled, and a page."""
    book = ReplyBook(database)
    book.put_replies([ReplyLine("hours", "We are open from nine to five.")], NOW)
    asked = Example(
        turns=(("shopper", "when do you open"),), reply_id="hours", weight=1.0, locale="en", at=NOW
    )
    return TrainingSources(
        book,
        gather=lambda: Gathered([asked]),
        read_messages=lambda: [UnlabelledMessage("is anybody there", "shopper-7")],
        read_pages=lambda: ["The shop stands by the lake."],
    )


class TestCollect:
    def test_own_texts_are_read_where_somebody_teaches_them(self, one_database):
        """Questions, messages, replies and pages, each by who says it."""
        found = collect(sources(one_database), NOW, teaches=True)

        assert {
            ("shopper", "is anybody there"),
            ("shopper", "when do you open"),
            ("clerk", "We are open from nine to five."),
            ("clerk", "The shop stands by the lake."),
        } == set(found.data.texts)

    def test_whose_messages_taught_is_kept(self, one_database):
        """An erasure finds the versions that read them, labelled or not."""
        assert ["shopper-7"] == collect(sources(one_database), NOW, teaches=True).shoppers

    def test_without_a_teacher_nobody_reads_them(self, one_database):
        """Then no version is made of them."""
        found = collect(sources(one_database), NOW, teaches=False)

        assert ([], []) == (found.data.texts, found.shoppers)
