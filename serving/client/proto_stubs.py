"""TensorFlow Serving's protobuf stubs, imported without TensorFlow.

Importing `tensorflow_serving.apis` the ordinary way loads all of TensorFlow (4.5 s and 644 MB),
because its messages refer to `tensorflow.core…_pb2` and Python imports the parent package first.
While a bare module that only has TensorFlow's `__path__` stands in `sys.modules` under that name,
the generated messages load alone (0.2 s, 37 MB). It is taken away again, so a later
`import tensorflow` in the same process gets the real one.
"""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


class TensorFlowMissing(ImportError):
    """TensorFlow's messages are not installed."""

    def __init__(self) -> None:
        """The remedy is the lock file."""
        super().__init__(
            "tensorflow is not installed; run ./clerk, which sets up requirements.lock."
        )


@contextmanager
def _bare_tensorflow() -> Iterator[None]:
    if "tensorflow" in sys.modules:  # the real one is loaded already, in a trainer or model server
        yield
        return
    found = importlib.util.find_spec("tensorflow")
    if found is None or found.submodule_search_locations is None:
        raise TensorFlowMissing
    bare = ModuleType("tensorflow")
    bare.__path__ = list(found.submodule_search_locations)
    sys.modules["tensorflow"] = bare
    try:
        yield
    finally:
        # The messages stay under their own names: loading a `.proto` twice in a process fails.
        del sys.modules["tensorflow"]


with _bare_tensorflow():
    from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2
    from tensorflow.core.protobuf import error_codes_pb2, saved_model_pb2
    from tensorflow_serving.apis import (
        get_model_metadata_pb2,
        get_model_status_pb2,
        model_management_pb2,
        model_pb2,
        model_service_pb2_grpc,
        predict_pb2,
        prediction_log_pb2,
        prediction_service_pb2_grpc,
    )
    from tensorflow_serving.config import model_server_config_pb2

__all__ = [
    "error_codes_pb2",
    "get_model_metadata_pb2",
    "get_model_status_pb2",
    "model_management_pb2",
    "model_pb2",
    "model_server_config_pb2",
    "model_service_pb2_grpc",
    "predict_pb2",
    "prediction_log_pb2",
    "prediction_service_pb2_grpc",
    "saved_model_pb2",
    "tensor_pb2",
    "tensor_shape_pb2",
    "types_pb2",
]
