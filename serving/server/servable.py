"""A loaded SavedModel whose signatures answer Predict calls.

TensorFlow's classic session answers in three quarters of the time `signatures[...]` takes (1.02 ms
against 1.34 ms) and words its errors as the stock server does. Only that process imports this.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from serving import contract
from serving.client import BadTensor, error_codes_pb2, from_proto, predict_pb2, to_proto
from serving.errors import CallFailed
from serving.server.batching import Batcher
from serving.server.status_codes import FAILED_PRECONDITION, INVALID_ARGUMENT
from serving.server.tensorflow_alone import config_pb2, tf
from serving.server.tfs_parameter_files import BatchingParameters
from serving.versions import read_warmup

# `__saved_model_init_op` and the like are listed in the metadata, but answer nothing.
METHODS: Final = tuple(
    f"tensorflow/serving/{method}" for method in ("predict", "classify", "regress")
)


class _Call(NamedTuple):
    """A signature made ready to run: what it is fed and what it answers, in a fixed order."""

    run: Any
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Servable:
    """A loaded version; safe to call from many threads. Its session ends with the last user."""

    def __init__(
        self, path: Path, *, batching: BatchingParameters | None = None, packed: bool = False
    ) -> None:
        """Load the SavedModel in `path` and make the calls of its warm-up file.

        With `batching`, calls that wait at the same time run together; `packed` answers come as
        `tensor_content`.

        Raises:
            OSError: there is none.
            tf.errors.OpError: it is incomplete or damaged, or refuses a warm-up call.
            BadRecord, CallFailed: its warm-up file is damaged, or does not fit.
        """
        self._batching = batching
        self._packed = packed
        graph = tf.Graph()
        self._session = tf.compat.v1.Session(graph=graph, config=_session_config())
        with graph.as_default():
            meta = tf.compat.v1.saved_model.load(self._session, ["serve"], str(path))
        self.signatures: Mapping[str, Any] = dict(meta.signature_def)
        self._calls = {
            name: self._prepare(signature)
            for name, signature in self.signatures.items()
            if signature.method_name in METHODS
        }
        for request in read_warmup(path):
            self.predict(request, 0)

    def predict(self, request: Any, version: int) -> Any:
        """Answer a PredictRequest as `version`.

        Raises:
            CallFailed: the request does not fit the signature.
            tf.errors.OpError: the graph refused the values.
        """
        name = request.model_spec.signature_name or contract.DEFAULT_SIGNATURE
        call = self._call(name)
        feeds = _read_inputs(self.signatures[name], request.inputs)
        wanted = _wanted_outputs(call.outputs, request.output_filter)
        values = call.run(*(feeds[alias] for alias in call.inputs))
        response = predict_pb2.PredictResponse()
        response.model_spec.name = request.model_spec.name
        response.model_spec.version.value = version
        response.model_spec.signature_name = name
        for alias, value in zip(call.outputs, values, strict=True):
            if alias in wanted:
                response.outputs[alias].CopyFrom(to_proto(value, packed=self._packed))
        return response

    def prepared(self, name: str) -> Callable[..., Any]:
        """The signature's graph as a function of its inputs in the order of their names."""
        run: Callable[..., Any] = self._call(name).run
        return run

    def _call(self, name: str) -> _Call:
        signature = self.signatures.get(name)
        if signature is None:
            raise CallFailed(FAILED_PRECONDITION, f'Serving signature key "{name}" not found.')
        if name not in self._calls:
            raise CallFailed(
                error_codes_pb2.INTERNAL,
                f"Expected prediction signature method_name to be one of {{{', '.join(METHODS)}}}."
                f" Was: {signature.method_name}",
            )
        return self._calls[name]

    def _prepare(self, signature: Any) -> _Call:
        inputs, outputs = tuple(sorted(signature.inputs)), tuple(sorted(signature.outputs))
        # Prepared once, a call spares the session's look-up of feeds and fetches each time.
        options = config_pb2.CallableOptions()
        options.feed.extend(signature.inputs[alias].name for alias in inputs)
        options.fetch.extend(signature.outputs[alias].name for alias in outputs)
        run = self._session._make_callable_from_options(options)
        if self._batching is not None:
            run = Batcher(run, self._batching)
        return _Call(run, inputs, outputs)


def _session_config() -> Any:
    """How the graph is improved once, and uses the cores that callers, gRPC and Python need too.

    One round of improving makes questions as fast as the usual two do (2.3 ms of processor time)
    and a version is loaded in 5.7 s of it instead of 7.6; without any, a question takes 3.4 ms.

    A step of the GRU is too small to be shared out: on two cores TensorFlow's own choice spends
    10 ms of processor time on a question instead of 7, some of it spinning. Its two directions are
    run side by side; with a batch at a time (`num_batch_threads`) 32 callers are given 1,060
    answers a second, 950 with two batches at once on one thread.
    """
    config = config_pb2.ConfigProto(
        intra_op_parallelism_threads=1, inter_op_parallelism_threads=os.cpu_count() or 1
    )
    config.experimental.disable_thread_spinning = True
    config.graph_options.rewrite_options.meta_optimizer_iterations = 1
    return config


def _read_inputs(signature: Any, sent: Mapping[str, Any]) -> dict[str, np.ndarray[Any, Any]]:
    _check_size(signature, sent)
    arrays = {}
    for alias, info in sorted(signature.inputs.items()):
        if alias in sent:
            proto = sent[alias]
        elif alias in signature.defaults:
            proto = signature.defaults[alias]
        else:
            raise CallFailed(
                INVALID_ARGUMENT,
                f"Signature input alias: {alias}(feed name: {info.name}) not found in request and"
                " no default value provided. Inputs expected to be in the request"
                f" {{{_listed(sent)}}}, or default input alias set: {_listed(signature.defaults)}",
            )
        arrays[alias] = _read_tensor(alias, proto)
    return arrays


def _check_size(signature: Any, sent: Mapping[str, Any]) -> None:
    missing = set(signature.inputs) - set(sent) - set(signature.defaults)
    extra = set(sent) - set(signature.inputs)
    # As many as expected under other names is the other message, the one that names the alias.
    if len(sent) == len(signature.inputs) or not (missing or extra):
        return
    raise CallFailed(
        INVALID_ARGUMENT,
        f"input size does not match signature: {len(sent)}!={len(signature.inputs)}"
        f" len({{{_listed(sent)}}}) != len({{{_listed(signature.inputs)}}})."
        f" Sent extra: {{{_listed(extra)}}}. Missing but required: {{{_listed(missing)}}}.",
    )


def _read_tensor(alias: str, proto: Any) -> np.ndarray[Any, Any]:
    try:
        return from_proto(proto)
    except BadTensor as error:
        raise CallFailed(INVALID_ARGUMENT, f"tensor parsing error: {alias}") from error


def _wanted_outputs(outputs: Iterable[str], asked: Iterable[str]) -> set[str]:
    wanted: set[str] = set()
    for alias in asked:
        if alias not in outputs:
            raise CallFailed(
                INVALID_ARGUMENT,
                f"output tensor alias not found in signature: {alias} Outputs expected to be in the"
                f" set {{{_listed(outputs)}}}.",
            )
        if alias in wanted:
            raise CallFailed(INVALID_ARGUMENT, f"duplicate output tensor alias: {alias}")
        wanted.add(alias)
    return wanted or set(outputs)


def _listed(names: Iterable[str]) -> str:
    return ",".join(sorted(names))
