"""Client of TensorFlow Serving's gRPC API: predict, status, label changes.

Every call has a deadline; only UNAVAILABLE and DEADLINE_EXCEEDED are tried again, and only within
that deadline. Nothing here imports TensorFlow (see `stubs`).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import grpc
import numpy as np
import structlog
from google.protobuf import text_format

from serving import contract
from serving.client.channels import CHANNEL_OPTIONS, target
from serving.client.proto_stubs import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_pb2,
    model_server_config_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)
from serving.client.tensors import BadTensor, from_proto, to_proto
from serving.errors import ReloadRefused
from serving.ranker import (
    NOTHING_SAID,
    Candidate,
    Draft,
    FoundSentence,
    LabelUnknown,
    RankerUnavailable,
    Ranking,
    ReadAnswers,
    Recommendation,
    ReplyScore,
)

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]

# 300 times the median answer, and a shopper who then gets keyword search has waited under a second.
RANK_SECONDS = 0.8
DRAFT_SECONDS = 10.0  # a draft is written token by token, and no shopper waits for it
STATUS_SECONDS = 5.0
RELOAD_SECONDS = 30.0
RETRY_PAUSE_SECONDS = 0.05
MAX_BATCH = 4_096
MAX_TEXT_CHARS = 100_000  # 25 times the longest dialogue there is (see `contract`)
TRIED_AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
# Outputs that are texts; the others are numbers.
TEXTS = (
    contract.REPLY_ID, contract.PRODUCT_ID, contract.TEXT, contract.ACT, contract.ACTION,
)  # fmt: skip

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
        rows = len(dialogues)
        reply_ids, scores = self._read(outputs, (contract.REPLY_ID, contract.SCORE), rows, None)
        (confidences,) = self._read(outputs, (contract.CONFIDENCE,), rows)
        acts = self._said(outputs, contract.ACT, contract.ACT_PROBABILITY, rows)
        actions = self._said(outputs, contract.ACTION, contract.ACTION_PROBABILITY, rows)
        return [
            Ranking(
                tuple(
                    Candidate(reply_id.decode("utf-8", "replace"), float(score))
                    for reply_id, score in zip(ids, row, strict=True)
                ),
                float(np.clip(confidence, 0.0, 1.0)),
                "model",
                version,
                act,
                action,
            )
            for ids, row, confidence, act, action in zip(
                reply_ids, scores, confidences, acts, actions, strict=True
            )
        ]

    def embed(self, texts: Sequence[str], *, label: str = contract.STABLE) -> Array:
        """The vectors [B,D], unit length, of `texts`."""
        outputs, _ = self.predict(contract.EMBED, {contract.TEXT: texts}, label=label)
        (vectors,) = self._read(outputs, (contract.VECTOR,), len(texts), None)
        return vectors

    def recommend(self, dialogue: str, *, label: str = contract.STABLE) -> list[Recommendation]:
        """The products that suit `dialogue`, best first; none where the version knows none.

        Raises:
            LabelUnknown: no version has this label.
            RankerUnavailable: no answer in time, or the version was made without `recommend`.
        """
        outputs, _ = self.predict(contract.RECOMMEND, {contract.DIALOGUE: [dialogue]}, label=label)
        ids, scores = self._read(outputs, (contract.PRODUCT_ID, contract.SCORE), 1, None)
        return [
            Recommendation(product_id.decode("utf-8", "replace"), float(score))
            for product_id, score in zip(ids[0], scores[0], strict=True)
        ]

    def draft(self, dialogues: Sequence[str], *, label: str = contract.STABLE) -> list[Draft]:
        """What the model would say after each dialogue, in its own words; for the staff only.

        Raises:
            LabelUnknown: no version has this label.
            RankerUnavailable: no answer in time, or the version was made without `draft`.
        """
        asked = {contract.DIALOGUE: dialogues}
        outputs, _ = self.predict(contract.DRAFT, asked, label=label, seconds=DRAFT_SECONDS)
        names = (contract.TEXT, contract.LOG_PROB)
        texts, log_probs = self._read(outputs, names, len(dialogues))
        return [
            Draft(text.decode("utf-8", "replace"), float(log_prob))
            for text, log_prob in zip(texts, log_probs, strict=True)
        ]

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
        names = (contract.LOG_PROB, contract.TOKENS)
        log_probs, tokens = self._read(outputs, names, len(dialogues))
        return [
            ReplyScore(float(log_prob), int(count))
            for log_prob, count in zip(log_probs, tokens, strict=True)
        ]

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
        (shares,) = self._read(outputs, (contract.PROBABILITY,), 1, len(sentences))
        (nothing,) = self._read(outputs, (contract.NOTHING,), 1)
        return ReadAnswers(tuple(shares[0].tolist()), float(nothing[0]))

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
        arrays = {name: _as_array(given) for name, given in inputs.items()}
        request = predict_pb2.PredictRequest(
            model_spec=_spec(label=label, signature=signature),
            inputs={name: to_proto(array) for name, array in arrays.items()},
        )
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
        request = get_model_status_pb2.GetModelStatusRequest(model_spec=_spec(version=version))
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
            model_spec=_spec(label=label), metadata_field=["signature_def"]
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

    def _read(self, outputs: Outputs, names: tuple[str, ...], *sizes: int | None) -> list[Array]:
        """The named outputs, alike in shape; of `sizes`, None is whatever it comes to."""
        shapes = {name: outputs[name].shape if name in outputs else None for name in names}
        shape = shapes[names[0]] or ()
        fits = [size in (None, found) for size, found in zip(sizes, shape, strict=False)]
        if len(set(shapes.values())) != 1 or len(shape) != len(sizes) or not all(fits):
            raise self._unavailable(f"answered with the shapes {shapes}, not {sizes}")
        for name in names:
            array = outputs[name]
            if (array.dtype == np.object_) != (name in TEXTS):
                raise self._unavailable(f"answered {name} as {array.dtype}")
            if array.dtype != np.object_ and not np.isfinite(array).all():
                raise self._unavailable(f"answered {name} with what is no number")
        return [outputs[name] for name in names]

    def _said(
        self, outputs: Outputs, name: str, probability: str, rows: int
    ) -> Sequence[Mapping[str, float]]:
        """What a head says of each dialogue; of a version without it, nothing."""
        if name not in outputs:
            return [NOTHING_SAID] * rows
        names, shares = self._read(outputs, (name, probability), rows, None)
        return [
            {
                each.decode("utf-8", "replace"): float(share)
                for each, share in zip(*row, strict=True)
            }
            for row in zip(names, shares, strict=True)
        ]

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


def _as_array(given: Any) -> Array:
    """Numbers as they are, texts checked."""
    if isinstance(given, np.ndarray) and given.dtype.kind != "O":
        return given
    array = np.array(list(given), dtype=np.object_)
    _check_texts(array.ravel())
    return array


def _check_texts(texts: Sequence[Any] | Array) -> None:
    if not 0 < len(texts) <= MAX_BATCH:
        raise ValueError(f"{len(texts)} texts in one call; send between 1 and {MAX_BATCH}.")
    if (longest := max(map(len, texts))) > MAX_TEXT_CHARS:
        raise ValueError(f"a text of {longest} characters; send {MAX_TEXT_CHARS} at most.")


def _spec(
    *, version: int | None = None, label: str | None = None, signature: str | None = None
) -> Any:
    spec = model_pb2.ModelSpec(name=contract.MODEL_NAME)
    if version is not None:
        spec.version.value = version
    if label is not None:
        spec.version_label = label
    if signature is not None:
        spec.signature_name = signature
    return spec


def _reason(error: Any) -> str:
    return f"{error.code().name}: {error.details()}"
