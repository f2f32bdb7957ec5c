"""Warm-up records: calls a model server makes of a version before it is available.

A version's first call takes some 200 times as long as its second: TensorFlow prepares each
signature then. Published versions carry one small call for each signature of the contract, in the
file that TensorFlow Serving replays when it loads (a TFRecord of PredictionLogs, at most 1,000).
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from serving import contract
from serving.client import predict_pb2, prediction_log_pb2, saved_model_pb2, to_proto, types_pb2
from serving.contract import Turn
from serving.versions.allowed_ops import GRAPH

RECORDS: Final = Path("assets.extra") / "tf_serving_warmup_requests"
MOST_RECORDS: Final = 1_000

_TALKED = contract.render_dialogue(
    [Turn("shopper", "Where is my order?"), Turn("clerk", "On its way."), Turn("shopper", "谢谢")]
)
_TEXTS: Final = {
    contract.DIALOGUE: (_TALKED, contract.render_dialogue([Turn("shopper", "hello")])),
    contract.TEXT: ("hello", "您好"),
    contract.REPLY: ("Hello!", "您好！"),
}
_CALLED: Final = (
    contract.RANK,
    contract.EMBED,
    contract.RECOMMEND,
    contract.DRAFT,
    contract.SCORE_REPLY,
    contract.DEFAULT_SIGNATURE,
)


class BadRecord(Exception):
    """The warm-up file is cut off or damaged."""


def write_warmup(path: Path) -> None:
    """Write the records of the SavedModel in `path`, unless it brings its own."""
    if (path / RECORDS).exists() or not (path / GRAPH).is_file():
        return
    model = saved_model_pb2.SavedModel()
    model.ParseFromString((path / GRAPH).read_bytes())
    signatures = {
        name: signature
        for meta_graph in model.meta_graphs
        for name, signature in meta_graph.signature_def.items()
    }
    requests = [
        _request(name, signatures[name].inputs)
        for name in _CALLED
        if name in signatures and _takes_texts(signatures[name].inputs)
    ]
    if requests:
        (path / RECORDS).parent.mkdir(exist_ok=True)
        (path / RECORDS).write_bytes(b"".join(map(_record, requests)))


def read_warmup(path: Path) -> Iterator[Any]:
    """The PredictRequests of a version's warm-up file; none without one.

    Raises:
        BadRecord: the file is cut off, or its bytes are not those that were written.
    """
    if not (path / RECORDS).is_file():
        return
    for count, record in enumerate(_records((path / RECORDS).read_bytes())):
        if count >= MOST_RECORDS:
            raise BadRecord(f"{RECORDS} holds more than {MOST_RECORDS} records.")
        log = prediction_log_pb2.PredictionLog.FromString(record)
        if log.WhichOneof("log_type") != "predict_log":
            raise BadRecord(f"record {count} of {RECORDS} is no Predict call.")
        yield log.predict_log.request


def _takes_texts(inputs: Any) -> bool:
    return bool(inputs) and all(
        name in _TEXTS and info.dtype == types_pb2.DT_STRING for name, info in inputs.items()
    )


def _request(signature: str, inputs: Iterable[str]) -> bytes:
    request = predict_pb2.PredictRequest(
        inputs={name: to_proto(np.array(_TEXTS[name], dtype=np.object_)) for name in inputs}
    )
    request.model_spec.name = contract.MODEL_NAME
    request.model_spec.signature_name = signature
    log = prediction_log_pb2.PredictionLog()
    log.predict_log.request.CopyFrom(request)
    return bytes(log.SerializeToString(deterministic=True))


def _record(data: bytes) -> bytes:
    """A TFRecord: length, its checksum, the data, their checksum; all little-endian."""
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _records(data: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        head = data[place : place + 12]
        if len(head) < 12 or _checksum(head[:8]) != head[8:]:
            raise BadRecord(f"{RECORDS} is damaged at byte {place}.")
        (length,) = struct.unpack("<Q", head[:8])
        record = data[place + 12 : place + 12 + length]
        place += 12 + length + 4
        if data[place - 4 : place] != _checksum(record) or len(record) != length:
            raise BadRecord(f"{RECORDS} is damaged at byte {place}.")
        yield record


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC: Final = _crc_table()


def _checksum(data: bytes) -> bytes:
    """CRC-32C, turned and shifted as TFRecords want it.

    >>> _checksum(bytes([8, 0, 0, 0, 0, 0, 0, 0])).hex()
    'ff86240f'
    """
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _CRC[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
