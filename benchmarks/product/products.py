"""Catalogue benchmark: import, index and search times, memory."""

import csv
import os
import random
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from benchmarks.product.figures import median_and_p99, memory_mb, timed
from bot.knowledge import ProductSearch
from feedback.db import Database
from feedback.knowledge import BadLine, Catalogue, read_products
from shopclerk.batches import put_in_batches
from shopclerk.wiring import utc_now


def words_of(text: str, between: str = " ") -> tuple[str, ...]:
    """A line of words, one by one."""
    return tuple(text.split(between))


KINDS: Final = words_of(
    "Backpack Sweater Jacket Mug Lamp Tent Boots Scarf Dress Socks Teapot Blanket Candle Wallet"
    " Umbrella Bottle Chair Clock Cushion Notebook"
)
MAKES: Final = words_of(
    "Ridge Alpine Linen Wool Copper Nordic Harbor Meadow Granite Cedar Amber Willow Coral Juniper"
    " Slate Tundra Prairie Canyon Breeze Ember"
)
COLOURS: Final = ("Red", "Blue", "Green", "Black", "White", "Grey", "Brown", "Navy")
WISHES: Final = (
    "a red backpack under 50",
    "wool sweater",
    "something for camping",
    "blue mug",
    "nordic lamp",
    "recommend me something",
    "boots in stock",
    "umbrella under 20",
    "a gift made of linen",
    "black or grey scarf",
)
HEADINGS: Final = words_of(
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Image Src,Status",
    ",",
)
SEARCHES: Final = 200


def bench_products(folder: str, count: int) -> dict[str, Any]:
    """Figures of `count` products with two variants each; run it in a process of its own."""
    path = Path(folder) / "products.csv"
    write_products(path, count)
    database = Database(f"sqlite:///{Path(folder) / 'products.db'}")
    database.migrate()
    catalogue, bad = Catalogue(database), list[BadLine]()
    tenth: list[float] = []

    def progress(done: int) -> None:
        if not tenth and done >= count / 10:
            tenth.append(memory_mb_of_self())

    started = perf_counter()
    imported = put_in_batches(read_products([path], bad), catalogue.put_products, progress)
    import_seconds = perf_counter() - started
    after_import = memory_mb_of_self()
    products = ProductSearch(catalogue, public_url="https://shop.example")
    first = timed(lambda: products.search([WISHES[0]], locale="en"))
    times = [
        timed(lambda: products.search([WISHES[n % len(WISHES)]], locale="en"))  # noqa: B023
        for n in range(SEARCHES)
    ]
    index_mb = memory_mb_of_self()
    one = next(read_products([path], bad))
    news = [
        timed(
            lambda: (
                catalogue.put_products([one], utc_now()),
                products.search(["mug"], locale="en"),
            )
        )
        for _ in range(10)
    ]
    database.close()
    return {
        "products": imported,
        "import_seconds": round(import_seconds, 1),
        "import_mb_at_a_tenth": tenth[0] if tenth else after_import,
        "import_mb_at_the_end": after_import,
        "index_seconds": round(first, 1),
        "with_index_mb": index_mb,
        "search": median_and_p99(times),
        "search_after_one_product_changed": median_and_p99(news),
    }


def write_products(path: Path, count: int) -> None:
    """Shopify's export of a made-up catalogue."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(count):
            kind, make = chance.choice(KINDS), chance.choice(MAKES)
            handle = f"{make}-{kind}-{number}".lower()
            words = [
                f"{make} {kind} {number}",
                f"<p>A {make.lower()} {kind.lower()} for every day, of good material.</p>",
                "Maker",
                f"{kind}s",
                f"{kind}, {make}",
                "true",
                "Color",
            ]
            for place, colour in enumerate(chance.sample(COLOURS, 2)):
                own = words if place == 0 else [""] * len(words)
                stock, price = chance.choice((0, 3, 9)), chance.randint(5, 300)
                row = (handle, *own, colour, f"S{number}{place}", "shopify", stock, "deny")
                writer.writerow((*row, f"{price}.00", "https://shop.example/1.png", "active"))


def memory_mb_of_self() -> float:
    """What this process holds."""
    return memory_mb(os.getpid()) or 0.0
