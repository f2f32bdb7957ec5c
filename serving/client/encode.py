"""Encoding of a prediction's request: checked texts and numbers to tensors, and whom it is for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from serving import contract
from serving.client.proto_stubs import model_pb2, predict_pb2
from serving.client.tensors import to_proto

Array = np.ndarray[Any, Any]

MAX_BATCH: Final = 4_096
MAX_TEXT_CHARS: Final = 100_000  # 25 times the longest dialogue there is (see `contract`)


def predict_request(inputs: Mapping[str, Any], *, label: str, signature: str) -> Any:
    """The message that asks a signature of the labelled version for `inputs`.

    Raises:
        ValueError: too many texts, none, or one that nobody typed.
        BadTensor: an input of a kind that no tensor holds.
    """
    arrays = {name: _as_array(given) for name, given in inputs.items()}
    return predict_pb2.PredictRequest(
        model_spec=model_spec(label=label, signature=signature),
        inputs={name: to_proto(array) for name, array in arrays.items()},
    )


def model_spec(
    *, version: int | None = None, label: str | None = None, signature: str | None = None
) -> Any:
    """Our model; by version or by label, and one of its signatures."""
    spec = model_pb2.ModelSpec(name=contract.MODEL_NAME)
    if version is not None:
        spec.version.value = version
    if label is not None:
        spec.version_label = label
    if signature is not None:
        spec.signature_name = signature
    return spec


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
