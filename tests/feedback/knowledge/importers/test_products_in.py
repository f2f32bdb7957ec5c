"""Stories of products as shops bring them: five formats, bad rows named, the rest kept."""

import json
from decimal import Decimal

import pytest

from feedback.knowledge.importers.files import BadLine, FileUnreadable, read_products
from feedback.knowledge.importers.product_json import product_from_shopify
from feedback.knowledge.importers.product_woocommerce import product_from_api

WOO = (
    "ID,Type,SKU,Name,Published,Visibility in catalog,Short description,Description,In stock?,"
    "Stock,Backorders allowed?,Sale price,Regular price,Categories,Tags,Images,Parent,"
    "Attribute 1 name,Attribute 1 value(s)\n"
)


def row(*cells):
    return "\t".join(cells) + "\n"


FEED = row(
    "id", "title", "description", "link", "image link", "availability", "price", "sale price",
    "item group id", "color", "size", "product type",
)  # fmt: skip
SHOPIFY = {
    "handle": "mug",
    "title": "Mug",
    "body_html": "<p>Blue &amp; round</p>",
    "vendor": "JL",
    "product_type": "Mugs",
    "tags": ["a", "b"],
    "options": [{"name": "Size"}],
    "images": [{"src": "https://x/1.png"}],
    "variants": [
        {"option1": "S", "sku": "M1", "price": "12.50", "compare_at_price": "15.00",
         "inventory_quantity": 3, "inventory_management": "shopify"},
        {"option1": "L", "price": "14", "available": False},
    ],
}  # fmt: skip


def read(path, text):
    path.write_text(text, encoding="utf-8")
    bad: list[BadLine] = []
    return list(read_products([path], bad)), bad


class TestWooCommerce:
    def test_variations_join_their_parent_wherever_they_stand(self, tmp_path):
        """By the parent's number or its stock-keeping unit; prices with a comma are read too."""
        products, bad = read(
            tmp_path / "wc.csv",
            WOO
            + '10,variable,TEE,"Tee",1,visible,,"<p>Soft</p>",1,,0,,,"Clothing > Shirts","cotton",'
            'https://x/t.jpg,,Size,"S, L"\n'
            + '11,variation,TEE-S,"Tee - S",1,visible,,,1,3,0,"18,50","20,00",,,,id:10,Size,S\n'
            + "20,simple,CUP,Cup,1,visible,,Round,1,,0,,8.00,Mugs,,,,,\n"
            + "12,variation,TEE-L,Tee - L,1,visible,,,0,0,0,,20.00,,,,TEE,Size,L\n",
        )
        tee, cup = products
        assert ("10", "Shirts", "Soft", "/?p=10") == (
            tee.product_id, tee.category, tee.body, tee.url,
        )  # fmt: skip
        assert {"cotton", "Clothing", "Shirts"} == set(tee.tags)
        assert [
            ("11", {"Size": "S"}, Decimal("18.50"), Decimal("20.00"), 3),
            ("12", {"Size": "L"}, Decimal("20.00"), None, 0),
        ] == [(v.variant_id, v.options, v.price, v.compare_at, v.quantity) for v in tee.variants]
        assert ("20", None) == (cup.product_id, cup.variants[0].quantity)
        assert [] == bad

    def test_bad_rows_cost_themselves(self, tmp_path):
        """No number, no price, no name, a parent that is not there."""
        products, bad = read(
            tmp_path / "wc.csv",
            WOO
            + "x,simple,,A,1,visible,,,1,,0,,5,,,,,,\n"
            + "2,simple,,B,1,visible,,,1,,0,,,,,,,,\n"
            + "3,simple,,,1,visible,,,1,,0,,5,,,,,,\n"
            + "4,variation,,D,1,visible,,,1,,0,,5,,,,id:99,,\n"
            + "5,simple,,E,1,visible,,,1,,0,,5,,,,,,\n",
        )
        assert ["5"] == [product.product_id for product in products]
        assert {2, 3, 4, 5} == {line.line for line in bad}

    def test_the_cost_of_goods_is_read(self, tmp_path):
        """By the export's column, and by the REST API's field."""
        head = WOO.replace("Attribute 1 name", "Cost of goods,Attribute 1 name")
        products, _ = read(
            tmp_path / "wc.csv", head + '20,simple,CUP,Cup,1,visible,,,1,,0,,8.00,,,,,"3,10",,\n'
        )
        told = {"id": 7, "name": "Cup", "price": "8", "cost_of_goods_sold": {"total_value": 3.1}}

        assert Decimal("3.10") == products[0].variants[0].cost
        cup = product_from_api(told)
        assert cup is not None
        assert Decimal("3.1") == cup.variants[0].cost


class TestMerchantFeed:
    def test_the_cost_of_goods_is_read_in_the_currency_of_the_price(self, tmp_path):
        """Another currency's says nothing here."""
        head = FEED.rstrip("\n") + "\tcost of goods sold\n"
        lines = [
            f"{n}\tCup\t\thttps://s/{n}\t\tin stock\t9.00 EUR\t\t\t\t\t\t{cost}\n"
            for n, cost in enumerate(("4.00 EUR", "4.00 USD", ""))
        ]
        products, _ = read(tmp_path / "feed.tsv", head + "".join(lines))

        assert [Decimal("4.00"), None, None] == [each.variants[0].cost for each in products]

    def test_offers_of_a_group_are_one_product(self, tmp_path):
        """Tab-separated; the currency stands beside the price."""
        products, bad = read(
            tmp_path / "feed.tsv",
            FEED
            + row(
                "t-s",
                "Tee",
                "Soft",
                "https://s/tee",
                "https://x/t.jpg",
                "in_stock",
                "20.00 EUR",
                "18.00 EUR",
                "tee",
                "red",
                "S",
                "Clothing > Shirts",
            )
            + "c\tCup\t\thttps://s/cup\t\tout of stock\t1,299.00 EUR\t\t\t\t\t\n"
            + row(
                "t-l",
                "Tee",
                "Soft",
                "https://s/tee",
                "https://x/t.jpg",
                "in stock",
                "20.00 EUR",
                "",
                "tee",
                "red",
                "L",
                "",
            )
            + "bad\tBad\t\t\t\tin stock\tcheap\t\t\t\t\t\n",
        )
        tee, cup = products
        assert ("tee", "Shirts", "https://s/tee") == (tee.product_id, tee.category, tee.url)
        assert [
            ({"Color": "red", "Size": "S"}, Decimal("18.00"), Decimal("20.00"), "EUR"),
            ({"Color": "red", "Size": "L"}, Decimal("20.00"), None, "EUR"),
        ] == [(v.options, v.price, v.compare_at, v.currency) for v in tee.variants]
        assert (Decimal("1299.00"), 0) == (cup.variants[0].price, cup.variants[0].quantity)
        assert [(5, '"price" is no price')] == [(b.line, b.reason.split(":")[0]) for b in bad]

    @pytest.mark.parametrize(
        "frame",
        ['<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>{}</channel></rss>',
         '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">{}</feed>'],
    )  # fmt: skip
    def test_xml_in_both_forms(self, tmp_path, frame):
        """RSS's items and Atom's entries."""
        offer = (
            "<{0}><g:id>c</g:id><title>Cup</title><link>https://s/cup</link>"
            "<g:price>5.00 USD</g:price><g:availability>in_stock</g:availability></{0}>"
        ).format("item" if "rss" in frame else "entry")
        (cup,), bad = read(tmp_path / "f.xml", '<?xml version="1.0"?>' + frame.format(offer))

        assert ("c", "Cup", "https://s/cup", None) == (
            cup.product_id, cup.title, cup.url, cup.variants[0].quantity,
        )  # fmt: skip
        assert [] == bad

    def test_entities_are_refused_and_a_cut_file_is_named(self, tmp_path):
        """A few lines of entities grow to gigabytes; no feed needs one."""
        with pytest.raises(FileUnreadable, match="DOCTYPE"):
            read(
                tmp_path / "a.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
            )
        with pytest.raises(FileUnreadable, match="offer 1"):
            read(tmp_path / "b.xml", "<rss><channel><item>")


class TestShopifyJson:
    @pytest.mark.parametrize("form", ["products", "list", "lines"])
    def test_every_form_reads_the_same(self, tmp_path, form):
        """The API's object, a list, or one product a line; variant ids are those of the export."""
        other = {**SHOPIFY, "handle": "cup", "title": "杯 [}" * 20_000}
        text = {
            "products": json.dumps({"products": [SHOPIFY, other]}, indent=1),
            "list": json.dumps([SHOPIFY, other], ensure_ascii=False),
            "lines": f"{json.dumps(SHOPIFY)}\n{json.dumps(other)}\n",
        }[form]
        (mug, cup), bad = read(tmp_path / "p.json", text)

        assert ("mug", "Blue & round", "https://x/1.png") == (mug.product_id, mug.body, mug.image)
        assert [("mug/S", 3, Decimal("15.00")), ("mug/L", 0, None)] == [
            (v.variant_id, v.quantity, v.compare_at) for v in mug.variants
        ]
        assert ("cup", 80_000) == (cup.product_id, len(cup.title))
        assert [] == bad

    def test_a_bad_product_is_named_by_its_place(self, tmp_path):
        """The others are read; a file that ends too soon says where."""
        products, bad = read(tmp_path / "p.json", json.dumps([{**SHOPIFY, "title": ""}, SHOPIFY]))
        assert (["mug"], [1]) == ([p.product_id for p in products], [b.line for b in bad])

        with pytest.raises(FileUnreadable, match="product 2"):
            read(tmp_path / "q.json", json.dumps([SHOPIFY, SHOPIFY])[:-20])

    @pytest.mark.parametrize(
        ("changes", "quantity"),
        [
            ({"inventory_quantity": -2, "inventory_management": "shopify"}, 0),
            ({"inventory_quantity": 5, "inventory_management": None}, None),
            ({"inventory_quantity": 5, "inventory_policy": "continue"}, None),
            ({"inventory_quantity": 0}, 0),
            ({"available": True}, None),
        ],
    )
    def test_stock_is_what_can_be_bought(self, changes, quantity):
        """Not counted, or sold beyond its stock: always there."""
        one = {"option1": "Default Title", "price": "5", **changes}
        line = product_from_shopify({"handle": "a", "title": "A", "variants": [one]})

        assert quantity == line.variants[0].quantity


class TestHtmlEntities:
    """Names are read once in every form of file; what was encoded twice stays text."""

    def test_of_shopifys_export_and_json(self, tmp_path):
        """Titles, kinds, tags and options."""
        export = (
            "Handle,Title,Type,Tags,Option1 Name,Option1 Value,Variant Price\n"
            "mug,Salt &amp; Pepper &amp;lt;3,Mugs &amp; Cups,a &amp; b,"
            "Size &amp; shape,S &ndash; M,5\n"
        )
        told = {
            **SHOPIFY,
            "title": "Salt &amp; Pepper &amp;lt;3",
            "product_type": "Mugs &amp; Cups",
            "tags": ["a &amp; b"],
            "options": [{"name": "Size &amp; shape"}],
            "variants": [{"option1": "S &ndash; M", "price": "5"}],
        }
        for name, text in (("p.csv", export), ("p.json", json.dumps({"products": [told]}))):
            (mug,), bad = read(tmp_path / name, text)
            assert ("Salt & Pepper &lt;3", "Mugs & Cups", ["a & b"]) == (
                mug.title, mug.category, mug.tags,
            )  # fmt: skip
            assert [("mug/S – M", {"Size & shape": "S – M"})] == [
                (variant.variant_id, variant.options) for variant in mug.variants
            ]
            assert [] == bad

    def test_of_woocommerces_export(self, tmp_path):
        """A category's encoded sign of a step is no step."""
        (cup,), bad = read(
            tmp_path / "wc.csv",
            WOO + '20,simple,CUP,Salt &amp; Pepper,1,visible,,,1,,0,,8.00,"Home > A &gt; B, Cups"'
            ",R&D,,,,\n",
        )
        assert ("Salt & Pepper", "A > B") == (cup.title, cup.category)
        assert ["R&D", "Home", "A > B", "Cups"] == cup.tags
        assert [] == bad

    def test_of_feeds(self, tmp_path):
        """XML is decoded by its reader already: not once more."""
        table = FEED + row(
            "1", "Salt &amp; Pepper", "<p>&amp;lt;</p>", "/x", "", "in stock", "5 USD", "", "", "",
            "", "Home &gt; Cups",
        )  # fmt: skip
        xml = (
            "<rss><channel><item><id>1</id><title>Salt &amp; Pepper &amp;lt;3</title>"
            "<price>5 USD</price><availability>in stock</availability></item></channel></rss>"
        )
        (by_table,), _ = read(tmp_path / "feed.tsv", table)
        (by_xml,), _ = read(tmp_path / "feed.xml", xml)

        assert ("Salt & Pepper", "&lt;", "Cups") == (
            by_table.title, by_table.body, by_table.category,
        )  # fmt: skip
        assert "Salt & Pepper &lt;3" == by_xml.title
