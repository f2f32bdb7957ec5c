"""A shop's own texts: who reads them, in which space, and the round that teaches them."""

import sys
from pathlib import Path

import numpy as np
import pytest

from training.starter.own_texts import (
    FEWEST,
    MOST_LABELLED,
    SpokenText,
    TaughtTexts,
    TeacherMissing,
    as_taught,
    read_by_teacher,
    read_own_texts,
    some_labelled,
)
from training.starter.teacher import installed_teachers
from training.starter.teacher_space import fit_space, read_space, unit, write_space

HERE = Path(sys.executable)


def vectors(count, width=384, seed=1):
    """Unit vectors by chance."""
    chance = np.random.default_rng(seed)
    return unit(chance.normal(size=(count, width)).astype(np.float32))


class TestTeacherSpace:
    def test_that_ships_takes_what_the_teachers_say_to_what_the_encoder_says(self):
        """Unit vectors of the encoder's size, whichever teachers are there."""
        space = read_space()
        texts, either = ["where is it", "在哪"], vectors(2)
        for english in (None, vectors(2, seed=2)):
            found = space.taught(texts, either, english)
            assert (2, 256) == found.shape
            np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-3)

    def test_guesses_the_english_teacher_where_it_cannot_read(self):
        """Its word counts for English alone: of Chinese it has no idea."""
        space = read_space()
        texts, either = ["where is it", "在哪"], vectors(2)
        guessed = space.taught(texts, either)
        told = space.taught(texts, either, vectors(2, seed=2))

        assert not np.allclose(guessed[0], told[0])
        np.testing.assert_allclose(guessed[1], told[1], atol=1e-6)

    def test_of_a_build_comes_back_from_its_file(self, tmp_path):
        """And says of a text what the build taught, where one teacher tells of the other."""
        texts = [f"text {i}" for i in range(600)]
        either = vectors(600)
        english = unit(either - either.mean(axis=0)) @ vectors(384, seed=3)
        axes = np.linalg.qr(vectors(768, 32, seed=4))[0]
        space = fit_space(texts, either, english, axes)
        write_space(space, tmp_path / "space.npz")
        back = read_space(tmp_path / "space.npz")
        cosine = (back.taught(texts, either) * space.taught(texts, either, english)).sum(axis=1)

        assert cosine.min() > 0.95


class TestReading:
    def test_each_text_once_and_not_too_long(self):
        """As the model is asked: with placeholders, its first forty words."""
        long = " ".join(f"word{i}" for i in range(60))
        found = as_taught([SpokenText("shopper", long), *[SpokenText("clerk", "Hi!")] * 2])

        assert [40, 1] == [len(each.text.split()) for each in found]

    def test_of_many_labelled_ones_mostly_the_same_as_last_time(self):
        """A teacher takes minutes for 20,000; what it has read once is not read again."""
        questions = [f"question {i}" for i in range(5 * MOST_LABELLED)]
        before = some_labelled([*questions, *questions[:9]])
        after = some_labelled([*questions, *(f"new {i}" for i in range(MOST_LABELLED // 2))])

        assert questions[:9] == some_labelled(questions[:9])
        assert MOST_LABELLED == len(before) == len(set(before)) == len(after)
        assert len(set(before) & set(after)) > 0.85 * MOST_LABELLED

    def test_goes_on_without_a_teacher(self, tmp_path):
        """Off by default, none installed, or too little to read: the training is as it was."""
        many = [SpokenText("shopper", f"text {i}") for i in range(FEWEST)]
        nowhere = Path("/nonexistent/python")

        assert () == installed_teachers(nowhere)
        assert read_own_texts(many, None, tmp_path, tell=print) is None
        assert read_own_texts(many, nowhere, tmp_path, tell=print) is None
        assert read_own_texts(many[1:], HERE, tmp_path, tell=print) is None
        with pytest.raises(TeacherMissing, match=r"shopclerk\[teacher\]"):
            read_by_teacher(many, nowhere, tmp_path, tell=print)

    @pytest.mark.skipif("e5" not in installed_teachers(HERE), reason="needs the extra `teacher`")
    def test_by_the_teacher_puts_what_is_alike_together(self, tmp_path):
        """In both languages."""
        texts = [
            "where is my parcel",
            "has my package arrived",
            "do you sell tents",
            "我的包裹在哪",
        ]
        spoken = [SpokenText("shopper", text) for text in texts]
        said = read_by_teacher(spoken, HERE, tmp_path, tell=print).vectors

        assert said[0] @ said[1] > said[0] @ said[2]
        assert said[3] @ said[0] > said[3] @ said[2]


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A small encoder before and after a round over texts, and what these were taught."""
    import keras

    from training.model import Encoder, ModelConfig, TrainConfig
    from training.starter.own_texts import teach_own_texts

    model = ModelConfig(buckets=4_096, width=32, units=24, dimensions=32)
    keras.utils.set_random_seed(1)
    encoder = Encoder(model, TrainConfig(), 1)
    encoder.build()
    before = [variable.numpy() for variable in encoder.trainable_variables]
    nouns = ("hive", "queen", "smoker", "veil", "frame", "honey", "comb", "swarm")
    texts = [f"\x11{way} {noun}" for way in ("where is the", "lend me a") for noun in nouns] * 8
    meant = np.tile(vectors(8, 32, seed=5), (16, 1))  # of one noun alike, whatever the way
    given = TaughtTexts(texts, meant, tmp_path_factory.mktemp("teaching"))
    told: list[str] = []
    first = teach_own_texts(before, given, model, seed=1, tell=told.append)
    again = teach_own_texts(before, given, model, seed=1, tell=told.append)
    return model, before, first, again, given, told


def says(model, weights, texts):
    """The vectors of an encoder with these weights."""
    from training.fitting.fit_product_vectors import embed_with
    from training.model import Encoder, TrainConfig

    encoder = Encoder(model, TrainConfig(), 1)
    encoder.build()
    for variable, weight in zip(encoder.trainable_variables, weights, strict=True):
        variable.assign(weight)
    return embed_with(encoder, model)(texts)


@pytest.mark.slow
class TestRound:
    def test_brings_the_texts_to_what_they_are_taught(self, taught):
        """And leaves what it says of our own phrases nearly as it was."""
        model, before, first, _, given, _ = taught
        texts = [*given.texts[:16], "\x11where is my parcel", "\x11i want my money back"]
        was, now = (says(model, weights, texts) for weights in (before, first))
        own = (now[:16] * given.vectors[:16]).sum(axis=1).mean()

        assert own > (was[:16] * given.vectors[:16]).sum(axis=1).mean() + 0.2
        assert (was[16:] * now[16:]).sum(axis=1).min() > 0.5

    def test_that_was_done_is_not_done_again(self, taught):
        """Its state lies in the work folder, so that a training that was killed goes on there."""
        _, _, first, again, _, told = taught

        for one, other in zip(first, again, strict=True):
            np.testing.assert_array_equal(one, other)
        assert len(told) == len(set(told))

    def test_that_was_killed_ends_as_if_it_had_not_been(self, taught, tmp_path):
        """What is dropped next is part of the state, as the weights are."""
        from training.starter.own_texts import teach_own_texts

        model, before, first, _, given, _ = taught
        given = given._replace(work=tmp_path)

        def killed(line):
            if line.startswith("epoch 3, "):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            teach_own_texts(before, given, model, seed=1, tell=killed)
        told: list[str] = []
        again = teach_own_texts(before, given, model, seed=1, tell=told.append)

        assert told[0].startswith("epoch 3, ")
        for one, other in zip(first, again, strict=True):
            np.testing.assert_array_equal(one, other)
