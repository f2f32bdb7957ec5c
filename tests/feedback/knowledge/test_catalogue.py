"""Stories of the catalogue: products put, put again and taken off sale."""

from decimal import Decimal

from feedback.knowledge.catalogue import Catalogue
from tests.factories import NOW, make_product


class TestProducts:
    def test_product_put_again_loses_the_sizes_it_no_longer_has(self, database):
        """
        An import is the catalogue as it is now.
        """
        catalogue = Catalogue(database)
        small = make_product().variants[0]._replace(variant_id="bag/S", options={"Size": "S"})
        large = small._replace(variant_id="bag/L", options={"Size": "L"})
        catalogue.put_products(
            [make_product(variants=(small, large)), make_product(product_id="b")], NOW
        )
        catalogue.put_products([make_product(variants=(large,))], NOW, currency="EUR")

        items = catalogue.products()
        assert [("b", 1), ("ridge-backpack", 1)] == [
            (item.product.product_id, len(item.variants)) for item in items
        ]
        variant = items[1].variants[0]
        assert ({"Size": "L"}, "EUR", Decimal("59.90")) == (
            variant.options,
            variant.currency,
            variant.price,
        )


class TestStamps:
    def test_stamp_changes_with_every_change(self, database):
        """A cache knows when to read again, two changes in one moment included."""
        catalogue = Catalogue(database)
        stamps = [catalogue.stamp()]
        for change in (
            lambda: catalogue.put_products([make_product()], NOW),
            lambda: catalogue.put_products([make_product(title="Other")], NOW),
            lambda: catalogue.take_off_sale(make_product().product_id, NOW),
        ):
            change()
            stamps.append(catalogue.stamp())
        assert len(set(stamps)) == len(stamps)
        assert catalogue.stamp() == stamps[-1]

    def test_what_is_taken_off_sale_is_seen_at_once(self, database):
        """However seldom the catalogue looks by itself: a card of it would still be offered."""
        catalogue = Catalogue(database, look_every=3600)
        catalogue.put_products([make_product(product_id="lantern")], NOW)
        before = catalogue.stamp()

        catalogue.take_off_sale("lantern", NOW)

        assert before != catalogue.stamp()
