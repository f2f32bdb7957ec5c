"""TensorFlow Serving's batching parameters, read from the file of `--batching_parameters_file`.

TensorFlow Serving's Python package brings no class for this message, so it is described here:
protobuf then reads the file as the stock server does, and names the line that is wrong.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
    wrappers_pb2,
)

from serving.errors import BadParameters

PACKAGE: Final = "shopclerk.serving"

_INTEGERS: Final = (
    "max_batch_size",
    "batch_timeout_micros",
    "max_enqueued_batches",
    "num_batch_threads",
    "max_execution_batch_size",
)
_WRAPPED: Final = {
    **dict.fromkeys(_INTEGERS, "Int64Value"),
    "enable_large_batch_splitting": "BoolValue",
    "thread_pool_name": "StringValue",
}


@dataclass(frozen=True)
class BatchingParameters:
    """What `--batching_parameters_file` sets, with TensorFlow Serving's defaults."""

    max_batch_size: int = 1_000
    batch_timeout_micros: int = 0
    max_enqueued_batches: int = 10
    # A batch at a time on two cores: the next one fills meanwhile, and is cheaper for being larger.
    num_batch_threads: int = max(1, (os.cpu_count() or 1) // 2)
    max_execution_batch_size: int = 0  # 0: as max_batch_size
    allowed_batch_sizes: tuple[int, ...] = ()
    pad_variable_length_inputs: bool = False
    enable_large_batch_splitting: bool = False
    # Ours alone: how long a run waits for others where callers come side by side.
    crowd_timeout_micros: int = 0

    @property
    def largest_run(self) -> int:
        """The most rows the graph is given at once."""
        return self.max_execution_batch_size or self.max_batch_size

    def padded(self, rows: int) -> int:
        """The allowed batch size that `rows` are filled up to."""
        return next((size for size in self.allowed_batch_sizes if size >= rows), rows)


def read_parameters(path: Path) -> BatchingParameters:
    """Read a batching parameters file, as TensorFlow Serving takes it.

    Raises:
        BadParameters: it can not be read, or its values contradict each other.
    """
    message = _read(path)
    values: dict[str, Any] = {
        name: getattr(message, name).value for name in _INTEGERS if message.HasField(name)
    }
    if message.HasField("enable_large_batch_splitting"):
        values["enable_large_batch_splitting"] = message.enable_large_batch_splitting.value
    parameters = BatchingParameters(
        **values,
        allowed_batch_sizes=tuple(message.allowed_batch_sizes),
        pad_variable_length_inputs=message.pad_variable_length_inputs,
    )
    sizes = parameters.allowed_batch_sizes
    if list(sizes) != sorted(set(sizes)):
        raise BadParameters(path, "allowed_batch_sizes must increase")
    if sizes and sizes[-1] != parameters.largest_run:
        raise BadParameters(path, "the last of allowed_batch_sizes must be max_batch_size")
    if min(parameters.max_batch_size, parameters.num_batch_threads) < 1:
        raise BadParameters(path, "max_batch_size and num_batch_threads are at least 1")
    return parameters


def _read(path: Path) -> Any:
    try:
        return text_format.Parse(path.read_text(encoding="utf-8"), _BATCHING_PARAMETERS())
    except (OSError, ValueError, text_format.ParseError) as error:
        raise BadParameters(path, str(error)) from error


def _message_class() -> Any:
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="shopclerk/serving_files.proto", package=PACKAGE, syntax="proto3"
    )
    file.dependency.append(wrappers_pb2.DESCRIPTOR.name)
    batching = file.message_type.add(name="BatchingParameters")
    for name, kind in _WRAPPED.items():
        _add(batching, name, field.TYPE_MESSAGE, f".google.protobuf.{kind}")
    _add(batching, "allowed_batch_sizes", field.TYPE_INT64).label = field.LABEL_REPEATED
    _add(batching, "pad_variable_length_inputs", field.TYPE_BOOL)
    classes = message_factory.GetMessages([file], pool=descriptor_pool.Default())
    return classes[f"{PACKAGE}.BatchingParameters"]


def _add(message: Any, name: str, kind: Any, type_name: str | None = None) -> Any:
    return message.field.add(
        name=name,
        number=len(message.field) + 1,
        label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL,
        type=kind,
        type_name=type_name,
    )


_BATCHING_PARAMETERS: Final = _message_class()
