"""A GRU's way through whole sequences, and its gradient worked out by hand, for training on cores.

Keras multiplies each step's input by its weights within the step, and adds up the weights' gradient
step by step. Here a step holds only what must wait for the step before it: inputs are multiplied
once for all steps, and the weights' gradients are one product at the end. The weights are the
layer's, and so are the states, to 1e-6; a version is exported with the layer, and a GPU trains it.

Cho et al. 2014, in the form whose reset gate comes after the product (`reset_after`):

    z, r = sigmoid(x W_zr + b_zr + h R_zr + d_zr)    c = tanh(x W_c + b_c + r * (h R_c + d_c))
    h' = z * h + (1 - z) * c
"""

from typing import Any, NamedTuple

import tensorflow as tf


class Way(NamedTuple):
    """What there was at each of T steps of B sequences, U units wide."""

    states: Any  # float32 [T,B,U], h'
    gates: Any  # float32 [T,B,3U]: z, r and c
    recalled: Any  # float32 [T,B,U], h R_c + d_c


def is_quicker() -> bool:
    """Whether there are cores alone; a GPU has a fused kernel for the layer."""
    return not tf.config.list_physical_devices("GPU")


def states(layer: Any, sequences: Any, start: Any = None) -> Any:
    """See `training.model.states_of`."""
    kernel, recurrent, bias = (variable.value for variable in layer.trainable_variables)
    by_step = tf.transpose(sequences, [1, 0, 2])
    steps, count = tf.shape(by_step)[0], tf.shape(by_step)[1]
    if start is None:
        start = tf.zeros([count, layer.units])
    inputs = tf.matmul(tf.reshape(by_step, [-1, by_step.shape[-1]]), kernel)
    inputs = tf.reshape(tf.nn.bias_add(inputs, bias[0]), [steps, count, 3 * layer.units])
    return tf.transpose(_states(inputs, start, recurrent, bias[1]), [1, 0, 2])


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _states(inputs: Any, start: Any, recurrent: Any, bias: Any) -> Any:
    """The states [T,B,U], given x W + b of each step [T,B,3U], h before them, R [U,3U] and d."""
    way = _forward(inputs, start, recurrent, bias)
    return way.states, lambda slope: _backward(slope, way, start, recurrent)


def _forward(inputs: Any, start: Any, recurrent: Any, bias: Any) -> Way:
    steps, units = tf.shape(inputs)[0], recurrent.shape[0]
    given = _array(steps, 3 * units).unstack(inputs)
    kept = Way(_array(steps, units), _array(steps, 3 * units), _array(steps, units))

    def step(at: Any, state: Any, kept: Way) -> tuple[Any, Any, Way]:
        new, old = given.read(at), tf.nn.bias_add(tf.matmul(state, recurrent), bias)
        both = tf.sigmoid(new[:, : 2 * units] + old[:, : 2 * units])
        keep, reset, recalled = both[:, :units], both[:, units:], old[:, 2 * units :]
        candidate = tf.tanh(new[:, 2 * units :] + reset * recalled)
        state = candidate + keep * (state - candidate)
        found = Way(state, tf.concat([both, candidate], axis=1), recalled)
        written = (array.write(at, one) for array, one in zip(kept, found, strict=True))
        return at + 1, state, Way(*written)

    *_, kept = tf.while_loop(lambda at, *_: at < steps, step, (0, start, kept))
    return Way(*(array.stack() for array in kept))


def _backward(slope: Any, way: Way, start: Any, recurrent: Any) -> tuple[Any, Any, Any, Any]:
    """The gradients of inputs, start, R and d, given that of the states [T,B,U]."""
    steps, units = tf.shape(slope)[0], recurrent.shape[0]
    before = tf.concat([start[tf.newaxis], way.states[:-1]], axis=0)
    by_step = (slope, before, way.gates, way.recalled)
    arrays = [_array(steps, part.shape[2]).unstack(part) for part in by_step]
    turned = tf.transpose(recurrent)

    def step(at: Any, down: Any, found: Any) -> tuple[Any, Any, Any]:
        more, state, gates, recalled = (array.read(at) for array in arrays)
        keep, reset, candidate = tf.split(gates, 3, axis=1)
        down += more
        to_candidate = down * (1.0 - keep) * (1.0 - candidate * candidate)
        to_keep = down * (state - candidate) * keep * (1.0 - keep)
        to_reset = to_candidate * recalled * reset * (1.0 - reset)
        old = tf.concat([to_keep, to_reset, to_candidate * reset], axis=1)
        found = found.write(at, tf.concat([old, to_candidate], axis=1))
        return at - 1, down * keep + tf.matmul(old, turned), found

    first = (steps - 1, tf.zeros_like(start), _array(steps, 4 * units))
    _, to_start, found = tf.while_loop(lambda at, *_: at >= 0, step, first)
    to_gates, to_recalled, to_candidate = tf.split(found.stack(), [2 * units, units, units], axis=2)
    old = tf.reshape(tf.concat([to_gates, to_recalled], axis=2), [-1, 3 * units])
    to_recurrent = tf.matmul(tf.reshape(before, [-1, units]), old, transpose_a=True)
    to_inputs = tf.concat([to_gates, to_candidate], axis=2)
    return to_inputs, to_start, to_recurrent, tf.reduce_sum(old, axis=0)


def _array(steps: Any, width: int) -> Any:
    return tf.TensorArray(tf.float32, steps, element_shape=[None, width])
