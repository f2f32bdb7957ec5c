"""TensorFlow Serving's two gRPC services over a `Manager`, with its codes and messages."""

from collections.abc import Callable
from typing import Any

import grpc
import structlog
import tensorflow as tf

from serving.manager import INVALID_ARGUMENT, Manager, Refused
from serving.servable import CallFailed
from serving.stubs import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
)

MAX_ERROR_CHARS = 1_024
TRUNCATED = "...TRUNCATED"
SIGNATURE_DEF = "signature_def"

_CODES = {code.value[0]: code for code in grpc.StatusCode}

log = structlog.get_logger()


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):  # type: ignore[misc]
    """Predict and GetModelMetadata; the others are said not to be there."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager

    def Predict(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Answer with the asked version's signature."""
        return _answer(context, lambda: self._predict(request))

    def GetModelMetadata(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Every signature of the asked version."""
        return _answer(context, lambda: self._metadata(request))

    def Classify(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Not offered: the model has no tf.Example signatures."""
        _unimplemented(context, "Classify")

    def Regress(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Not offered, for the same reason."""
        _unimplemented(context, "Regress")

    def MultiInference(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Not offered, for the same reason."""
        _unimplemented(context, "MultiInference")

    def _predict(self, request: Any) -> Any:
        if not request.HasField("model_spec"):
            raise CallFailed(INVALID_ARGUMENT, "Missing ModelSpec")
        servable, version = _find(self._manager, request.model_spec)
        return servable.predict(request, version)

    def _metadata(self, request: Any) -> Any:
        if not request.HasField("model_spec"):
            raise CallFailed(INVALID_ARGUMENT, "Missing ModelSpec")
        if not request.metadata_field:
            raise CallFailed(
                INVALID_ARGUMENT, "GetModelMetadataRequest must specify at least one metadata_field"
            )
        for name in request.metadata_field:
            if name != SIGNATURE_DEF:
                raise CallFailed(INVALID_ARGUMENT, f"Metadata field {name} is not supported")
        servable, version = _find(self._manager, request.model_spec)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        for name, signature in servable.signatures.items():
            signatures.signature_def[name].CopyFrom(signature)
        answer = get_model_metadata_pb2.GetModelMetadataResponse()
        answer.model_spec.name = request.model_spec.name
        answer.model_spec.version.value = version
        answer.metadata[SIGNATURE_DEF].Pack(signatures)
        return answer


class ModelService(model_service_pb2_grpc.ModelServiceServicer):  # type: ignore[misc]
    """GetModelStatus and HandleReloadConfigRequest."""

    def __init__(self, manager: Manager, work_soon: Callable[[], None]) -> None:
        """`work_soon` has the folders looked at without waiting for the next poll."""
        self._manager = manager
        self._work_soon = work_soon

    def GetModelStatus(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """The states of all versions, or of one."""
        return _answer(context, lambda: self._status(request))

    def HandleReloadConfigRequest(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> Any:
        """Take a whole new configuration."""
        return _answer(context, lambda: self._reload(request))

    def _status(self, request: Any) -> Any:
        if not request.HasField("model_spec"):
            raise CallFailed(INVALID_ARGUMENT, "Missing ModelSpec")
        spec = request.model_spec
        asked = spec.version.value if spec.HasField("version") else None
        answer = get_model_status_pb2.GetModelStatusResponse()
        for version, state in self._manager.states(spec.name, asked).items():
            entry = answer.model_version_status.add()
            entry.version, entry.state = version, state.state
            entry.status.error_code = state.error_code
            entry.status.error_message = state.error
        return answer

    def _reload(self, request: Any) -> Any:
        if not request.config.HasField("model_config_list"):
            raise CallFailed(
                INVALID_ARGUMENT,
                "ServerCore expects a ModelConfigList; custom configurations are not supported",
            )
        self._manager.configure(request.config)
        self._work_soon()
        return model_management_pb2.ReloadConfigResponse()


def _find(manager: Manager, spec: Any) -> tuple[Any, int]:
    if not spec.name:
        raise CallFailed(INVALID_ARGUMENT, "ModelSpec has no name specified.")
    version = spec.version.value if spec.HasField("version") else None
    return manager.find(spec.name, version=version, label=spec.version_label or None)


def _answer(context: grpc.ServicerContext, work: Callable[[], Any]) -> Any:
    """The answer, or the gRPC status its failure maps to."""
    answer, code, message = None, 0, ""
    try:
        answer = work()
    except (CallFailed, Refused) as error:
        code, message = error.code, str(error)
    except tf.errors.OpError as error:
        code, message = error.error_code, error.message
    if not code:
        return answer
    if len(message) > MAX_ERROR_CHARS:
        message = message[:MAX_ERROR_CHARS] + TRUNCATED
    return context.abort(_CODES.get(code, grpc.StatusCode.UNKNOWN), message)


def _unimplemented(context: grpc.ServicerContext, method: str) -> None:
    context.abort(
        grpc.StatusCode.UNIMPLEMENTED,
        f"{method} is not offered by the embedded server; use Predict.",
    )
