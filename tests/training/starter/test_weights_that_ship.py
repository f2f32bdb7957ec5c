"""The starter's weights as they ship: what they make of a dialogue, untrained by any shop."""

import numpy as np
import pytest
import tensorflow as tf

from serving.contract import Turn, render_dialogue
from training.data import Corpus
from training.model import Encoder, ModelConfig, of_rows
from training.starter import unpack_starter
from training.starter.gather import our_follow_ups


@pytest.fixture(scope="module")
def vectors():
    """Unit vectors of dialogues, by the encoder that ships."""
    model = ModelConfig()
    encoder = Encoder(model)
    encoder.build()
    weights = unpack_starter(model)
    assert weights is not None
    for variable, weight in zip(encoder.trainable_variables, weights, strict=True):
        variable.assign(weight)

    def vectors(dialogues):
        corpus = Corpus([render_dialogue(turns) for turns in dialogues], model)
        encode = of_rows(lambda ids: encoder(corpus.features(ids)))
        return encode(tf.range(len(corpus))).numpy()

    return vectors


@pytest.mark.slow
class TestWeightsThatShip:
    @pytest.mark.parametrize(("language", "least"), [("english", 0.7), ("chinese", 0.65)])
    def test_take_a_follow_up_for_its_full_question(self, vectors, language, least):
        """In trades whose follow-ups were not learned, where the last turn alone tells little."""
        side = ("english", "chinese").index(language)
        chains = [
            chain
            for chain in our_follow_ups(seed=1, held=True)
            if len(chain.english) > 1 and chain.english[-1].text != chain.full[0]
        ]
        questions = list(dict.fromkeys(chain.full[side] for chain in chains))
        wanted = np.array([questions.index(chain.full[side]) for chain in chains])
        full = vectors([[Turn("shopper", question)] for question in questions])

        def right(dialogues):
            return float(((vectors(dialogues) @ full.T).argmax(axis=1) == wanted).mean())

        whole = [getattr(chain, language) for chain in chains]
        assert right(whole) >= least
        assert right(whole) > 2 * right([turns[-1:] for turns in whole])
