"""The GRU as cores run it: the layer's states, and the layer's gradients."""

from functools import partial

import pytest

pytestmark = pytest.mark.slow

UNITS, WIDTH = 6, 5


@pytest.mark.parametrize(("texts", "steps"), [(3, 7), (1, 1), (4, 2)])
@pytest.mark.parametrize("begun", [False, True])
def test_is_the_layers_own_way_through_a_sequence(texts, steps, begun):
    """States, and every gradient: of what goes in, of the state before it, of all weights."""
    import keras
    import numpy as np
    import tensorflow as tf

    from training.model.encoder import states_of

    keras.utils.set_random_seed(1)
    layer = keras.layers.GRU(UNITS, return_sequences=True, bias_initializer="random_normal")
    layer.build((None, None, WIDTH))
    sequences = tf.random.normal([texts, steps, WIDTH])
    start = tf.random.normal([texts, UNITS]) if begun else None
    wanted = tf.random.normal([texts, steps, UNITS])
    weights = [variable.value for variable in layer.trainable_variables]

    @tf.function
    def gradients(walk):
        with tf.GradientTape() as tape:
            sources = [sequences, *weights, *([start] if begun else [])]
            tape.watch([sequences, *([start] if begun else [])])
            states = walk(layer, sequences, start)
            loss = tf.reduce_sum(wanted * states)
        return states, tape.gradient(loss, sources)

    layers = gradients(lambda layer, given, start: layer(given, initial_state=start))
    for training in (True, False):
        ours = gradients(partial(states_of, training=training))
        np.testing.assert_allclose(ours[0], layers[0], atol=1e-5)
        for own, other in zip(ours[1], layers[1], strict=True):
            np.testing.assert_allclose(own, other, atol=1e-4)
