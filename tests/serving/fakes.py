"""Hand-written stand-ins: a version's files, a ranker, a model server over real gRPC."""

from collections.abc import Collection
from concurrent import futures
from pathlib import Path

import grpc
import numpy as np

from serving.client.proto_stubs import predict_pb2, prediction_service_pb2_grpc, saved_model_pb2
from serving.client.tensors import from_proto, to_proto
from serving.client.tfserving import AVAILABLE, END, LOADING, VersionState
from serving.errors import ReloadRefused
from serving.ranker import NOTHING_SAID, Candidate, RankerUnavailable, Ranking
from serving.versions.config_file import read_labels


def graph_of(*operations: str):
    """A SavedModel whose graph is a node of each operation."""
    model = saved_model_pb2.SavedModel(saved_model_schema_version=1)
    meta_graph = model.meta_graphs.add()
    for number, operation in enumerate(operations):
        meta_graph.graph_def.node.add(name=f"node_{number}", op=operation)
    return model


def write_version(*operations: str):
    """A writer for `VersionFolder.publish`: the files a SavedModel needs, none of them loadable."""

    def write(folder: Path) -> None:
        (folder / "variables").mkdir()
        (folder / "variables" / "variables.index").write_text("index")
        (folder / "variables" / "variables.data-00000-of-00001").write_text("weights" * 100)
        model = graph_of("Const", "MatMul", *operations)
        (folder / "saved_model.pb").write_bytes(model.SerializeToString())

    return write


class FakeRanker:
    """Answers with `reply_id`, or is away; keeps the labels it was asked for."""

    def __init__(
        self, reply_id: str = "hello", *, error: RankerUnavailable | None = None, acts=NOTHING_SAID
    ):
        self.reply_id = reply_id
        self.error = error
        self.acts = acts
        self.asked: list[str] = []

    def rank(self, dialogue: str, *, locale: str, label: str) -> Ranking:
        self.asked.append(label)
        if self.error is not None:
            raise self.error
        return Ranking((Candidate(self.reply_id, 1.0),), 0.9, "model", 1, acts=self.acts)


class FakeModelServer:
    """Loads what it is told, except `broken` versions; keeps the configs it was given.

    A label to a version that is not loaded is refused, as TensorFlow Serving does.
    """

    def __init__(self, *, broken: Collection[int] = ()):
        self.broken = broken
        self.slow: set[int] = set()  # these are still loading
        self.configs: list[str] = []
        self.labels: dict[str, int] = {}
        self.loaded: set[int] = set()

    def start(self, config: str) -> None:
        """Start anew from the config file, with labels to what is only then loaded."""
        self._take(config)

    def reload(self, config: str) -> None:
        answering = {state.version for state in self.status() if state.state == AVAILABLE}
        if not set(read_labels(config).values()) <= answering:
            raise ReloadRefused("fake", "a label points to what is not loaded")
        self.configs.append(config)
        self._take(config)

    def _take(self, config: str) -> None:
        self.labels = read_labels(config)
        numbers = [part.split()[0] for part in config.split("versions: ")[1:]]
        self.loaded = {int(number) for number in numbers}

    def status(self, version: int | None = None) -> list[VersionState]:
        return [
            VersionState(number, END, "broken")
            if number in self.broken
            else VersionState(number, LOADING if number in self.slow else AVAILABLE, "")
            for number in sorted(self.loaded)
        ]


def reply_outputs(count: int) -> dict[str, np.ndarray]:
    """What `rank` gives: one reply for each dialogue."""
    return {
        "reply_id": np.full((count, 1), "hi", dtype=object),
        "score": np.full((count, 1), 0.5, np.float32),
        "confidence": np.full(count, 0.9, np.float32),
    }


class ScriptedPrediction(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Fails as often as told with a code, then answers what `outputs` makes for so many inputs."""

    def __init__(
        self, failures=(), *, packed: bool = False, details: str = "away", outputs=reply_outputs
    ):
        self.failures = list(failures)
        self.packed = packed
        self.details = details
        self.outputs = outputs
        self.requests: list = []

    def Predict(self, request, context):
        self.requests.append(request)
        if self.failures:
            context.abort(self.failures.pop(0), self.details)
        counts = {len(from_proto(sent)) for sent in request.inputs.values()}
        answer = predict_pb2.PredictResponse()
        answer.model_spec.version.value = 7
        for name, values in self.outputs(counts.pop()).items():
            answer.outputs[name].CopyFrom(to_proto(values))
            if self.packed and values.dtype != object:
                del answer.outputs[name].float_val[:]
                answer.outputs[name].tensor_content = values.tobytes()
        return answer


def serve(servicer) -> tuple[grpc.Server, str]:
    """Start a gRPC server with `servicer` on a free port of loopback."""
    server = grpc.server(futures.ThreadPoolExecutor(4))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, f"127.0.0.1:{port}"
