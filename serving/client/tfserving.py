"""Client of TensorFlow Serving's gRPC API: predict, status, label changes.

Every call has a deadline; only UNAVAILABLE and DEADLINE_EXCEEDED are tried again, and only within
that deadline. Nothing here imports TensorFlow (see `stubs`).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import grpc
import numpy as np
import structlog
from google.protobuf import text_format

from serving import contract
from serving.client import decode
from serving.client.channels import CHANNEL_OPTIONS, target
from serving.client.decode import Array, BadOutputs, Outputs
from serving.client.encode import model_spec, predict_request
from serving.client.proto_stubs import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_server_config_pb2,
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
)
from serving.client.tensors import BadTensor, from_proto
from serving.errors import ReloadRefused
from serving.ranker import (
    Draft,
    FoundSentence,
    LabelUnknown,
    RankerUnavailable,
    Ranking,
    ReadAnswers,
    Recommendation,
    ReplyScore,
)

Decoded = TypeVar("Decoded")

# 300 times the median answer, and a shopper who then gets keyword search has waited under a second.
RANK_SECONDS = 0.8
DRAFT_SECONDS = 10.0  # a draft is written token by token, and no shopper waits for it
STATUS_SECONDS = 5.0
RELOAD_SECONDS = 30.0
RETRY_PAUSE_SECONDS = 0.05
TRIED_AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
# TensorFlow Serving's states of a version.
START, LOADING, AVAILABLE, UNLOADING, END = 10, 20, 30, 40, 50
STATE_NAMES = {
    0: "unknown",
    10: "start",
    20: "loading",
    30: "available",
    40: "unloading",
    50: "end",
}


class VersionState(NamedTuple):
    """What the server says of one version; `state` as in `STATE_NAMES`."""

    version: int
    state: int
    error: str


class TFServingRanker:
    """A ranker behind TensorFlow Serving's gRPC API; safe to use from many threads."""

    def __init__(self, address: str | Sequence[str], *, timeout: float = RANK_SECONDS) -> None:
        """Connect lazily to `address`, `host:port`, or to several of them in turn.

        One name may stand for several servers (DNS); several addresses must be numeric.

        Raises:
            BadAddress: gRPC could never connect to it.
        """
        addresses = [address] if isinstance(address, str) else list(address)
        self.address = ",".join(addresses)
        self.timeout = timeout
        self._channel = grpc.insecure_channel(target(addresses), options=CHANNEL_OPTIONS)
        self._predict = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        self._models = model_service_pb2_grpc.ModelServiceStub(self._channel)

    def close(self) -> None:
        """Close the connections."""
        self._channel.close()

    def rank(self, dialogue: str, *, locale: str, label: str) -> Ranking:
        """Rank the version's reply book for `dialogue`; the language is in the dialogue itself.

        Raises:
            LabelUnknown: no version has this label.
            RankerUnavailable: the server did not answer in time, or not with what was asked.
        """
        return self.rank_many([dialogue], label=label)[0]

    def rank_many(self, dialogues: Sequence[str], *, label: str = contract.STABLE) -> list[Ranking]:
        """The same for several dialogues in one call.

        A version made before dialogues were taught is asked again with the last turns alone: with
        turns before it, it would answer worse.
        """
        outputs, version = self.predict(contract.RANK, {contract.DIALOGUE: dialogues}, label=label)
        if contract.ACT not in outputs and any(map(contract.has_history, dialogues)):
            asked = {contract.DIALOGUE: list(map(contract.alone, dialogues))}
            outputs, version = self.predict(contract.RANK, asked, label=label)
        return self._decoded(decode.rankings, outputs, len(dialogues), version)

    def embed(self, texts: Sequence[str], *, label: str = contract.STABLE) -> Array:
        """The vectors [B,D], unit length, of `texts`."""
        outputs, _ = self.predict(contract.EMBED, {contract.TEXT: texts}, label=label)
        return self._decoded(decode.vectors, outputs, len(texts))

    def recommend(self, dialogue: str, *, label: str = contract.STABLE) -> list[Recommendation]:
        """The products that suit `dialogue`, best first; none where the version knows none.

        Raises:
            LabelUnknown: no version has this label.
            RankerUnavailable: no answer in time, or the version was made without `recommend`.
        """
        outputs, _ = self.predict(contract.RECOMMEND, {contract.DIALOGUE: [dialogue]}, label=label)
        return self._decoded(decode.recommendations, outputs)

    def draft(self, dialogues: Sequence[str], *, label: str = contract.STABLE) -> list[Draft]:
        """What the model would say after each dialogue, in its own words; for the staff only.

        Raises:
            LabelUnknown: no version has this label.
            RankerUnavailable: no answer in time, or the version was made without `draft`.
        """
        asked = {contract.DIALOGUE: dialogues}
        outputs, _ = self.predict(contract.DRAFT, asked, label=label, seconds=DRAFT_SECONDS)
        return self._decoded(decode.drafts, outputs, len(dialogues))

    def score(
        self, dialogues: Sequence[str], replies: Sequence[str], *, label: str = contract.STABLE
    ) -> list[ReplyScore]:
        """How likely the model finds each of `replies` after the dialogue of the same place.

        Raises:
            LabelUnknown: no version has this label.
            RankerUnavailable: no answer in time, or the version was made without `score`.
        """
        if len(dialogues) != len(replies):
            raise ValueError(f"{len(dialogues)} dialogues and {len(replies)} replies; pair them.")
        asked = {contract.DIALOGUE: dialogues, contract.REPLY: replies}
        outputs, _ = self.predict(contract.SCORE_REPLY, asked, label=label, seconds=DRAFT_SECONDS)
        return self._decoded(decode.reply_scores, outputs, len(dialogues))

    def read(
        self, dialogue: str, sentences: Sequence[FoundSentence], *, label: str = contract.STABLE
    ) -> ReadAnswers:
        """How probably each of `sentences` answers the dialogue's last turn, and that none does.

        Raises:
            LabelUnknown: no version has this label.
            RankerUnavailable: no answer in time, or the version was made without `read`.
        """
        asked = {
            contract.DIALOGUE: [dialogue],
            contract.ABOVE: [[each.above for each in sentences]],
            contract.SENTENCE: [[each.text for each in sentences]],
            contract.HINTS: np.array([[each.hints for each in sentences]], np.float32),
        }
        outputs, _ = self.predict(contract.READ, asked, label=label)
        return self._decoded(decode.read_answers, outputs, len(sentences))

    def predict(
        self,
        signature: str,
        inputs: Mapping[str, Any],
        *,
        label: str,
        seconds: float = 0.0,
    ) -> tuple[Outputs, int]:
        """The outputs of any signature for `inputs` (texts, rows of texts, or numbers) by name.

        Returns: them, and the version that gave them.

        `seconds`: what to wait at most, where that is longer than this client's patience.

        Raises:
            ValueError: too many texts, none, or one that nobody typed; nothing was sent.
            LabelUnknown: no version has this label.
            RankerUnavailable: no answer in time.
        """
        request = predict_request(inputs, label=label, signature=signature)
        try:
            answer = self._call(self._predict.Predict, request, max(seconds, self.timeout))
            outputs = {key: from_proto(tensor) for key, tensor in answer.outputs.items()}
        except BadTensor as error:
            raise self._unavailable(str(error)) from error
        except grpc.RpcError as error:
            if "version label" in (error.details() or ""):
                raise LabelUnknown(
                    f"no version is labelled {label!r} at {self.address}."
                ) from error
            raise self._unavailable(_reason(error)) from error
        return outputs, answer.model_spec.version.value

    def status(
        self, version: int | None = None, *, seconds: float = STATUS_SECONDS
    ) -> list[VersionState]:
        """What the server says of the model's versions; an unknown model has none.

        Raises:
            RankerUnavailable: the server did not answer.
        """
        request = get_model_status_pb2.GetModelStatusRequest(model_spec=model_spec(version=version))
        try:
            answer = self._call(self._models.GetModelStatus, request, seconds)
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.NOT_FOUND:
                return []
            raise self._unavailable(_reason(error)) from error
        return [
            VersionState(state.version, state.state, state.status.error_message)
            for state in answer.model_version_status
        ]

    def metadata(self, label: str = contract.STABLE) -> Any:
        """The signatures of the labelled version, as TensorFlow Serving's message.

        Raises:
            RankerUnavailable: the server did not answer.
        """
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=model_spec(label=label), metadata_field=["signature_def"]
        )
        try:
            return self._call(self._predict.GetModelMetadata, request, STATUS_SECONDS)
        except grpc.RpcError as error:
            raise self._unavailable(_reason(error)) from error

    def reload(self, config: str) -> None:
        """Give the server a whole new model config, in the text form of its config file.

        Raises:
            ReloadRefused: it did not take it.
        """
        request = model_management_pb2.ReloadConfigRequest(
            config=text_format.Parse(config, model_server_config_pb2.ModelServerConfig())
        )
        try:
            answer = self._call(self._models.HandleReloadConfigRequest, request, RELOAD_SECONDS)
        except grpc.RpcError as error:
            raise ReloadRefused(self.address, _reason(error)) from error
        if answer.status.error_code:
            raise ReloadRefused(self.address, answer.status.error_message)

    def _decoded(self, decoder: Callable[..., Decoded], *given: Any) -> Decoded:
        """What `decoder` makes of an answer; one of another form is no answer."""
        try:
            return decoder(*given)
        except BadOutputs as error:
            raise self._unavailable(str(error)) from error

    def _call(self, method: Callable[..., Any], request: Any, seconds: float) -> Any:
        """Call within a deadline; a server that is coming back, or is full, gets another chance."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                left = max(deadline - time.monotonic(), 0.001)
                return method(request, timeout=left, metadata=_whose())
            except grpc.RpcError as error:
                again = time.monotonic() + RETRY_PAUSE_SECONDS
                if error.code() not in TRIED_AGAIN or again >= deadline:
                    raise
            time.sleep(RETRY_PAUSE_SECONDS)

    def _unavailable(self, reason: str) -> RankerUnavailable:
        return RankerUnavailable(
            f"the model server at {self.address} did not answer ({reason}); keyword search answers"
            " meanwhile. Is it running? See shopclerk check."
        )


def _whose() -> tuple[tuple[str, str], ...]:
    """The request that this call is made for, so that both servers' logs name it alike."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return (("x-request-id", str(request_id)),) if request_id else ()


def _reason(error: Any) -> str:
    return f"{error.code().name}: {error.details()}"
