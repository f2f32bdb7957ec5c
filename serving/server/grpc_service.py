"""gRPC services of the embedded server: PredictionService and ModelService."""

from collections.abc import Callable
from typing import Any

import grpc
import structlog

from serving.client import model_service_pb2_grpc, prediction_service_pb2_grpc
from serving.errors import CallFailed
from serving.server.predict_calls import ServingCalls

log = structlog.get_logger()

_CODES = {code.value[0]: code for code in grpc.StatusCode}


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):  # type: ignore[misc]
    """Predict and GetModelMetadata; the others are said not to be there."""

    def __init__(self, calls: ServingCalls) -> None:
        self._calls = calls

    def Predict(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Answer with the asked version's signature."""
        return _answer(context, lambda: self._calls.predict(request))

    def GetModelMetadata(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Every signature of the asked version."""
        return _answer(context, lambda: self._calls.metadata(request))

    def Classify(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Not offered: the model has no tf.Example signatures."""
        _unimplemented(context, "Classify")

    def Regress(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Not offered, for the same reason."""
        _unimplemented(context, "Regress")

    def MultiInference(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Not offered, for the same reason."""
        _unimplemented(context, "MultiInference")


class ModelService(model_service_pb2_grpc.ModelServiceServicer):  # type: ignore[misc]
    """GetModelStatus and HandleReloadConfigRequest."""

    def __init__(self, calls: ServingCalls) -> None:
        self._calls = calls

    def GetModelStatus(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """The states of all versions, or of one."""
        return _answer(context, lambda: self._calls.status(request))

    def HandleReloadConfigRequest(  # noqa: N802
        self, request: Any, context: grpc.ServicerContext
    ) -> Any:
        """Take a whole new configuration."""
        return _answer(context, lambda: self._calls.reload(request))


def _answer(context: grpc.ServicerContext, work: Callable[[], Any]) -> Any:
    """The answer, or the gRPC status of its failure."""
    if not context.is_active():
        log.warning("model.too_late", request_id=_request_id(context))
        # It waited for a thread past its deadline: nobody would read the answer.
        return context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded")
    try:
        return work()
    except CallFailed as error:
        code, message = error.code, str(error)
    log.warning("model.refused", request_id=_request_id(context), code=code, reason=message)
    return context.abort(_CODES.get(code, grpc.StatusCode.UNKNOWN), message)


def _request_id(context: grpc.ServicerContext) -> str | None:
    """The bot's name of the request that the call was made for."""
    for key, value in context.invocation_metadata() or ():
        if key == "x-request-id":
            return str(value)
    return None


def _unimplemented(context: grpc.ServicerContext, method: str) -> None:
    context.abort(
        grpc.StatusCode.UNIMPLEMENTED,
        f"{method} is not offered by the embedded server; use Predict.",
    )
