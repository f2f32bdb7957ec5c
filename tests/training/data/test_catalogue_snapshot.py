"""Whether a version still holds the shop's own words."""

from datetime import UTC, datetime
from decimal import Decimal

from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import FactLine, ReplyLine, VariantLine
from feedback.knowledge.reply_book import ReplyBook
from tests.factories import make_product
from training.data.catalogue_snapshot import Library, outdated, read_library

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
RETURNS = ReplyLine("returns", "Send it back within 30 days.", "en")


def changed_by(database, change):
    """Which halves of the library a change concerns."""
    book, catalogue = ReplyBook(database), Catalogue(database)
    about = {"library": read_library(database).digests()}
    stamps = book.replies_stamp(), catalogue.stamp()
    change()
    changed = stamps != (book.replies_stamp(), catalogue.stamp())
    return changed, outdated(about, read_library(database))


class TestLibrary:
    def test_a_reply_written_or_mended_concerns_the_replies(self, one_database):
        """Whoever wrote it, wherever: the store knows."""
        book = ReplyBook(one_database)
        book.put_replies([RETURNS], NOW)

        new = ReplyLine("gift_wrap", "We wrap gifts.", "en")
        assert (True, ["replies"]) == changed_by(one_database, lambda: book.put_replies([new], NOW))
        mended = RETURNS._replace(text="Send it back within 60 days.")
        assert (True, ["replies"]) == changed_by(
            one_database, lambda: book.put_replies([mended], NOW)
        )

    def test_a_product_concerns_the_products_its_price_does_not(self, one_database):
        """Prices and stock change all day, and the model reads neither."""
        catalogue = Catalogue(one_database)
        product = make_product()
        assert (True, ["products"]) == changed_by(
            one_database, lambda: catalogue.put_products([product], NOW)
        )

        variant = VariantLine(**{**product.variants[0]._asdict(), "price": Decimal("1.00")})
        cheaper = product._replace(variants=(variant,))
        assert (True, []) == changed_by(
            one_database, lambda: catalogue.put_products([cheaper], NOW)
        )
        renamed = product._replace(title="Quite another thing")
        assert (True, ["products"]) == changed_by(
            one_database, lambda: catalogue.put_products([renamed], NOW)
        )

    def test_a_fact_concerns_nothing(self, one_database):
        """Facts fill slots when the clerk answers."""
        book = ReplyBook(one_database)
        fact = FactLine("return_days", "30", None)

        assert (False, []) == changed_by(one_database, lambda: book.put_facts([fact], NOW))

    def test_a_version_made_from_files_is_left_alone(self):
        """It says nothing of a library, and perhaps serves another shop."""
        assert [] == outdated({}, Library((RETURNS,), ()))

    def test_one_that_an_older_program_made_of_a_store_is_made_anew(self):
        """It held a library, and does not say which."""
        about = {"data_hash": "ab", "examples": 7, "parent": None}
        assert ["replies", "products"] == outdated(about, Library((RETURNS,), ()))
