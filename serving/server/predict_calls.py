"""The calls of TensorFlow Serving's API: predict, metadata, status, reload; without gRPC."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from serving.client import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
)
from serving.errors import CallFailed
from serving.server.servable import Servable
from serving.server.status_codes import INVALID_ARGUMENT
from serving.server.tensorflow_alone import tf
from serving.server.version_manager import RequestRefused, VersionManager

MAX_ERROR_CHARS: Final = 1_024
TRUNCATED: Final = "...TRUNCATED"
SIGNATURE_DEF: Final = "signature_def"

Answer = TypeVar("Answer")


class ServingCalls:
    """TensorFlow Serving's calls over a `VersionManager`; each raises `CallFailed` alone."""

    def __init__(self, manager: VersionManager, work_soon: Callable[[], None]) -> None:
        """`work_soon` has the folders looked at without waiting for the next poll."""
        self._manager = manager
        self._work_soon = work_soon

    def predict(self, request: Any) -> Any:
        """Answer with the asked version's signature."""
        return _told(lambda: self._predict(request))

    def metadata(self, request: Any) -> Any:
        """Every signature of the asked version."""
        return _told(lambda: self._metadata(request))

    def status(self, request: Any) -> Any:
        """The states of all versions, or of one."""
        return _told(lambda: self._status(request))

    def reload(self, request: Any) -> Any:
        """Take a whole new configuration."""
        return _told(lambda: self._reload(request))

    def _predict(self, request: Any) -> Any:
        servable, version = self._find(request)
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
        servable, version = self._find(request)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        for name, signature in servable.signatures.items():
            signatures.signature_def[name].CopyFrom(signature)
        answer = get_model_metadata_pb2.GetModelMetadataResponse()
        answer.model_spec.name = request.model_spec.name
        answer.model_spec.version.value = version
        answer.metadata[SIGNATURE_DEF].Pack(signatures)
        return answer

    def _status(self, request: Any) -> Any:
        if not request.HasField("model_spec"):
            raise CallFailed(INVALID_ARGUMENT, "Missing ModelSpec")
        spec = request.model_spec
        version, label = _version_asked(spec)
        if label is not None:
            version = self._manager.labelled(spec.name, label)
        answer = get_model_status_pb2.GetModelStatusResponse()
        for number, state in self._manager.states(spec.name, version).items():
            entry = answer.model_version_status.add()
            entry.version, entry.state = number, state.state
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

    def _find(self, request: Any) -> tuple[Servable, int]:
        if not request.HasField("model_spec"):
            raise CallFailed(INVALID_ARGUMENT, "Missing ModelSpec")
        if not request.model_spec.name:
            raise CallFailed(INVALID_ARGUMENT, "ModelSpec has no name specified.")
        return self._manager.find(request.model_spec.name, *_version_asked(request.model_spec))


def _version_asked(spec: Any) -> tuple[int | None, str | None]:
    """The number or the label that a request names; neither: the latest version."""
    return (spec.version.value if spec.HasField("version") else None, spec.version_label or None)


def _told(work: Callable[[], Answer]) -> Answer:
    """The answer, or its failure with a message of a bounded length."""
    try:
        return work()
    except (CallFailed, RequestRefused) as error:
        code, message = error.code, str(error)
    except tf.errors.OpError as error:
        code, message = error.error_code, error.message
    if len(message) > MAX_ERROR_CHARS:
        message = message[:MAX_ERROR_CHARS] + TRUNCATED
    raise CallFailed(code, message)
