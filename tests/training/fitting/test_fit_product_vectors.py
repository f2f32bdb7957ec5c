"""Products among the replies: by their words, by what people chose, and inside the graph."""

import time

import numpy as np
import pytest

from feedback.knowledge.importers.records import Translation
from feedback.signals.product_examples import ProductExample
from tests.factories import NOW, make_product

DIMENSIONS = 48


def letters(texts):
    """A stand-in for the encoder: three-letter pieces, hashed; equal words, equal vectors."""
    vectors = np.full((len(texts), DIMENSIONS), 1e-3, np.float32)
    for row, text in enumerate(texts):
        text = text.lower().lstrip("\x11\x12")
        for place in range(len(text) - 1):
            vectors[row, sum(map(ord, text[place : place + 3])) * 31 % DIMENSIONS] += 1.0
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def line(product_id, title, title_zh="", **changes):
    said = (Translation("zh", title_zh),) if title_zh else ()
    fields = {"category": "", "tags": [], **changes}
    return make_product(product_id=product_id, title=title, translations=said, **fields)


SHOP = [
    line("tent", "Two person tent"),
    line("mug", "Stoneware mug"),
    line("socks", "Wool socks"),
    line("lamp", "Evening lamp"),
]


def scores(products, dialogue):
    """Scaled dot products by product."""
    (vector,) = letters([dialogue])
    return dict(zip(products.product_ids, 16.0 * products.vectors @ vector, strict=True))


@pytest.mark.slow
class TestTexts:
    def test_one_for_each_language_with_its_own_tags(self):
        """The title, the category, and what it is tagged with."""
        from training.fitting.fit_product_vectors import product_texts

        product = line("bag", "Day Bag", "日用包", category="Bags", tags=["bag", "包", "Bags"])

        assert ("Day Bag, Bags, bag", "日用包, 包") == product_texts(product)

    def test_a_shop_of_one_language_has_one(self):
        """Whatever that language is."""
        from training.fitting.fit_product_vectors import product_texts

        assert ("日用包, 包",) == product_texts(line("bag", "日用包", tags=["包"]))

    def test_nobody_speaks_as_the_clerk_through_a_title(self):
        """Control characters are taken out, and tags have an end."""
        from training.fitting.fit_product_vectors import product_texts

        product = line("x", "a\x11b", tags=[f"tag{number}" for number in range(99)])
        (text,) = product_texts(product)

        assert text.startswith("a b, tag0, ")
        assert 21 == len(text.split(", "))


@pytest.mark.slow
class TestWords:
    def test_a_product_is_found_by_its_words(self):
        """Before anybody has clicked anything."""
        from training.fitting.fit_product_vectors import fit_products

        products = fit_products(SHOP, [], letters)

        assert ("lamp", "mug", "socks", "tent") == products.product_ids
        found = scores(products, "\x11wool socks please")
        assert "socks" == max(found, key=found.get)

    def test_two_languages_weigh_no_less_than_one(self):
        """Every vector has unit length."""
        from training.fitting.fit_product_vectors import fit_products

        products = fit_products([line("a", "mug"), line("b", "mug", "杯子")], [], letters)

        assert np.allclose(1.0, np.linalg.norm(products.vectors, axis=1), atol=1e-5)

    def test_what_is_not_for_sale_is_left_out(self):
        """And what people clicked of it with it; what is sold out comes back, so it stays."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        shop = [*SHOP, line("old", "Old mug", active=False)]
        products = fit_products(shop, [ProductPair("\x11mug", "old")], letters)

        assert "old" not in products.product_ids
        assert (
            fit_products(SHOP, [], letters).vectors.tobytes(),
            4,
        ) == (products.vectors.tobytes(), len(products.product_ids))

    def test_an_empty_shop_has_no_products(self):
        """Nor does it ask the encoder."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        assert () == fit_products([], [ProductPair("\x11x", "mug")], letters).product_ids


@pytest.mark.slow
class TestChoices:
    def test_a_click_teaches_what_no_word_says(self):
        """Shoppers who ask for a flask want the mug here; other questions hardly notice."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        before = fit_products(SHOP, [], letters)
        after = fit_products(SHOP, [ProductPair("\x11flask", "mug", 1.0)] * 15, letters)

        found, then = scores(after, "\x11flask"), scores(before, "\x11flask")
        assert "mug" == max(found, key=found.get) != max(then, key=then.get)
        for other in ("\x11two person tent", "\x11wool socks"):
            now, then = scores(after, other), scores(before, other)
            assert max(now, key=now.get) == max(then, key=then.get)

    def test_one_click_makes_it_about_e_times_likelier(self):
        """Weighed against all products there are; bought counts more."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        before = scores(fit_products(SHOP, [], letters), "\x11flask")
        gains = [
            scores(
                fit_products(SHOP, [ProductPair("\x11flask", "mug", weight)], letters), "\x11flask"
            )["mug"]
            - before["mug"]
            for weight in (1.0, 2.0)
        ]

        assert 0.4 < gains[0] < 1.0
        assert gains[0] < gains[1] < 2.0

    def test_a_product_nobody_clicked_works_from_its_words_alone(self):
        """It is not pushed away by clicks on others."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        before = fit_products(SHOP, [], letters)
        after = fit_products(SHOP, [ProductPair("\x11wool", "mug")] * 50, letters)

        changed = np.abs(after.vectors - before.vectors).max(axis=1) > 0
        assert [False, True, False, False] == changed.tolist()

    def test_is_the_best_answer_there_is(self):
        """The slope of loss and pull together is nearly nothing where it ends."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        pairs = [
            ProductPair(f"\x11{text} {number}", product_id, 1.0 + number % 2)
            for number in range(40)
            for text, product_id in [("flask", "mug"), ("warm", "socks"), ("light", "lamp")]
        ]
        products = fit_products(SHOP, pairs, letters)
        own = products.vectors - fit_products(SHOP, [], letters).vectors
        asked = letters([pair.dialogue for pair in pairs])
        logits = 16.0 * asked @ products.vectors.T
        share = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        chosen = np.array([products.product_ids.index(pair.product_id) for pair in pairs])
        share[np.arange(len(pairs)), chosen] -= 1.0
        weight = np.array([[pair.weight] for pair in pairs])
        slope = 16.0 * (weight * share).T @ asked + 256.0 * own

        clicked = [products.product_ids.index(name) for name in ("mug", "socks", "lamp")]
        assert np.abs(slope[clicked]).max() < 0.005 * np.abs(256.0 * own).max()

    def test_is_the_same_each_time(self):
        """To the last bit."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        pairs = [ProductPair(f"\x11flask {number}", "mug") for number in range(300)]
        first, again = (fit_products(SHOP, pairs, letters) for _ in range(2))

        assert first.vectors.tobytes() == again.vectors.tobytes()

    def test_a_large_shop_takes_seconds(self):
        """20,000 products, 500 of them clicked."""
        from training.fitting.fit_product_vectors import ProductPair, fit_products

        table = np.random.default_rng(1).normal(size=(64, DIMENSIONS)).astype(np.float32)

        def embed(texts):
            rows = [[int(digit) + 10 * place for place, digit in enumerate(t[-5:])] for t in texts]
            found = table[np.array(rows) % 64].sum(axis=1)
            return found / np.linalg.norm(found, axis=1, keepdims=True)

        shop = [line(f"{number:05}", f"{number:05}") for number in range(20_000)]
        pairs = [ProductPair(f"\x11{n * 37 % 20_000:05}", f"{n * 11 % 500:05}") for n in range(900)]
        started = time.process_time()
        products = fit_products(shop, pairs, embed)

        assert (20_000, DIMENSIONS) == products.vectors.shape
        assert np.isfinite(products.vectors).all()
        assert time.process_time() - started < 20.0  # of both processors together


@pytest.mark.slow
class TestExamples:
    def test_the_answered_turn_is_the_dialogue(self):
        """As the clerk asks the model."""
        from training.fitting.fit_product_vectors import ProductPair, from_product_examples

        turns = (("shopper", "hi"), ("clerk", "Hello!"), ("shopper", "a mug"))
        example = ProductExample(turns, "mug", 2.0, "en", NOW)

        assert [ProductPair("\x11a mug", "mug", 2.0)] == from_product_examples([example])


@pytest.mark.slow
class TestSources:
    def test_the_catalogue_is_read_from_the_store(self, one_database):
        """Everything that is text, as it was imported."""
        from feedback.knowledge.catalogue import Catalogue
        from training.data.catalogue_snapshot import from_catalogue

        catalogue = Catalogue(one_database)
        catalogue.put_products(SHOP, NOW)

        wanted = sorted((each._replace(variants=()) for each in SHOP), key=str)
        assert wanted == sorted(from_catalogue(catalogue.products()), key=str)

    def test_the_encoder_reads_raw_strings_in_their_order(self):
        """Whatever their lengths; a title is read as what a clerk says."""
        from tests.training.conftest import small_config
        from training.data.dataset import as_reply
        from training.fitting.fit_product_vectors import embed_with, fit_products
        from training.model.encoder import Encoder

        model = small_config().model
        encoder = Encoder(model)
        encoder.build()
        embed = embed_with(encoder, model)
        texts = [as_reply("a much longer text than the other"), "\x11mug", as_reply("mug")]
        found = embed(texts)

        assert (3, model.dimensions) == found.shape
        assert np.allclose(1.0, np.linalg.norm(found, axis=1), atol=1e-5)
        assert np.allclose(found[2], embed([texts[2]])[0], atol=1e-5)
        products = fit_products([line("mug", "mug")], [], embed)
        assert np.allclose(found[2], products.vectors[0], atol=1e-5)


@pytest.mark.slow
class TestShelf:
    def recommend(self, products, dialogues, tmp_path):
        """Through a SavedModel, as it is served."""
        import tensorflow as tf

        from training.fitting.fit_product_vectors import ProductLookup

        shelf = ProductLookup(products)
        width = products.vectors.shape[1] or DIMENSIONS
        call = tf.function(shelf.recommend).get_concrete_function(
            tf.TensorSpec([None, width], tf.float32, name="vectors")
        )
        tf.saved_model.save(shelf, str(tmp_path), signatures={"recommend": call})
        loaded = tf.saved_model.load(str(tmp_path))
        found = loaded.signatures["recommend"](vectors=tf.constant(letters(dialogues)))
        return found["product_id"].numpy(), found["score"].numpy()

    def test_names_the_best_first(self, tmp_path):
        """All of a small shop, for each dialogue."""
        from training.fitting.fit_product_vectors import fit_products

        products = fit_products(SHOP, [], letters)
        ids, found = self.recommend(products, ["\x11wool socks", "\x11a tent"], tmp_path)

        assert [b"socks", b"tent"] == ids[:, 0].tolist()
        assert (2, 4) == ids.shape == found.shape
        assert (np.diff(found, axis=1) <= 0).all()

    def test_a_score_is_how_many_times_likelier_than_the_average(self, tmp_path):
        """As a logarithm: the average of what it stands for is one."""
        from training.fitting.fit_product_vectors import fit_products

        _, found = self.recommend(fit_products(SHOP, [], letters), ["\x11wool"], tmp_path)

        assert 1.0 == pytest.approx(np.exp(found).mean(), rel=1e-4)

    def test_fifty_are_enough(self, tmp_path):
        """However many there are."""
        from training.fitting.fit_product_vectors import fit_products

        shop = [line(f"p{number}", f"product {number}") for number in range(60)]
        ids, _ = self.recommend(fit_products(shop, [], letters), ["\x11product 7"], tmp_path)

        assert (1, 50) == ids.shape

    def test_a_shop_without_products_gets_none(self, tmp_path):
        """Not an error: the signature is there all the same."""
        from training.fitting.fit_product_vectors import NO_PRODUCTS

        ids, found = self.recommend(NO_PRODUCTS, ["\x11a", "\x11b", "\x11c"], tmp_path)

        assert (3, 0) == ids.shape == found.shape
