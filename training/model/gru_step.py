"""GRU over whole sequences with a gradient written by hand, for CPU speed.

Keras multiplies each step's input by its weights within the step, and adds up the weights' gradient
step by step. Here a step holds only what must wait for the step before it: inputs are multiplied
once for all steps, and the weights' gradients are one product at the end. A lone question of 30
tokens takes 2.8 ms of processor time instead of 4.1, most of it for the nodes of the loop. The
weights are the layer's, and so are the states, to 1e-6; a GPU has a fused kernel for the layer.

Cho et al. 2014, in the form whose reset gate comes after the product (`reset_after`):

    z, r = sigmoid(x W_zr + b_zr + h R_zr + d_zr)    c = tanh(x W_c + b_c + r * (h R_c + d_c))
    h' = z * h + (1 - z) * c
"""

from typing import Any, NamedTuple

import tensorflow as tf


class GruTrace(NamedTuple):
    """What there was at each of T steps of B sequences, U units wide."""

    states: Any  # float32 [T,B,U], h'
    gates: Any  # float32 [T,B,3U]: z, r and c
    recalled: Any  # float32 [T,B,U], h R_c + d_c


def is_quicker() -> bool:
    """Whether there are cores alone; a GPU has a fused kernel for the layer."""
    return not tf.config.list_physical_devices("GPU")


def states(layer: Any, sequences: Any, start: Any = None, *, training: bool) -> Any:
    """See `training.model.encoder.states_of`."""
    kernel, recurrent, bias = (variable.value for variable in layer.trainable_variables)
    by_step = tf.transpose(sequences, [1, 0, 2])
    steps, count = tf.shape(by_step)[0], tf.shape(by_step)[1]
    if start is None:
        start = tf.zeros([count, layer.units])
    inputs = tf.matmul(tf.reshape(by_step, [-1, by_step.shape[-1]]), kernel)
    inputs = tf.reshape(tf.nn.bias_add(inputs, bias[0]), [steps, count, 3 * layer.units])
    walk = _differentiable if training else _walk
    return tf.transpose(walk(inputs, start, recurrent, bias[1]), [1, 0, 2])


def _walk(inputs: Any, start: Any, recurrent: Any, bias: Any) -> Any:
    """The states [T,B,U], given x W + b of each step [T,B,3U], h before them, R [U,3U] and d."""
    steps, units = tf.shape(inputs)[0], recurrent.shape[0]
    new_gates, new_candidate = (
        _array(steps, part.shape[2]).unstack(part)
        for part in tf.split(inputs, [2 * units, units], axis=2)
    )

    def step(at: Any, state: Any, found: Any) -> tuple[Any, Any, Any]:
        new, candidate = new_gates.read(at), new_candidate.read(at)
        state = _next(new, candidate, state, recurrent, bias).state
        return at + 1, state, found.write(at, state)

    first = (0, start, _array(steps, units))
    *_, found = tf.while_loop(lambda at, *_: at < steps, step, first)
    return found.stack()


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _differentiable(inputs: Any, start: Any, recurrent: Any, bias: Any) -> Any:
    """`_walk`, which remembers what its gradient asks for."""
    way = _forward(inputs, start, recurrent, bias)
    return way.states, lambda slope: _backward(slope, way, start, recurrent)


class _Step(NamedTuple):
    """What a step makes of B sequences."""

    state: Any  # float32 [B,U]
    gates: Any  # float32 [B,2U]: z and r
    candidate: Any  # float32 [B,U]
    recalled: Any  # float32 [B,U]


def _next(new_gates: Any, new_candidate: Any, state: Any, recurrent: Any, bias: Any) -> _Step:
    units = recurrent.shape[0]
    old = tf.nn.bias_add(tf.matmul(state, recurrent), bias)
    old_gates, recalled = tf.split(old, [2 * units, units], axis=1)
    gates = tf.sigmoid(new_gates + old_gates)
    keep, reset = tf.split(gates, 2, axis=1)
    candidate = tf.tanh(new_candidate + reset * recalled)
    return _Step(candidate + keep * (state - candidate), gates, candidate, recalled)


def _forward(inputs: Any, start: Any, recurrent: Any, bias: Any) -> GruTrace:
    steps, units = tf.shape(inputs)[0], recurrent.shape[0]
    given = _array(steps, 3 * units).unstack(inputs)
    kept = GruTrace(_array(steps, units), _array(steps, 3 * units), _array(steps, units))

    def step(at: Any, state: Any, kept: GruTrace) -> tuple[Any, Any, GruTrace]:
        new, candidate = tf.split(given.read(at), [2 * units, units], axis=1)
        made = _next(new, candidate, state, recurrent, bias)
        gates = tf.concat([made.gates, made.candidate], axis=1)
        found = GruTrace(made.state, gates, made.recalled)
        written = (array.write(at, one) for array, one in zip(kept, found, strict=True))
        return at + 1, made.state, GruTrace(*written)

    *_, kept = tf.while_loop(lambda at, *_: at < steps, step, (0, start, kept))
    return GruTrace(*(array.stack() for array in kept))


def _backward(slope: Any, way: GruTrace, start: Any, recurrent: Any) -> tuple[Any, Any, Any, Any]:
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
