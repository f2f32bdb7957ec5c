"""TensorProto codec: numpy arrays to the wire and back, without TensorFlow.

Answers come in typed fields (`float_val`) or packed (`tensor_content`), as the server was told;
both are read.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from serving.client.proto_stubs import tensor_pb2, tensor_shape_pb2, types_pb2


class _Kind(NamedTuple):
    """A TensorFlow type, the numpy type it is, and the typed field it travels in."""

    enum: int
    dtype: Any
    field: str
    zero: Any = 0


_KINDS = (
    _Kind(types_pb2.DT_FLOAT, np.float32, "float_val"),
    _Kind(types_pb2.DT_DOUBLE, np.float64, "double_val"),
    _Kind(types_pb2.DT_INT32, np.int32, "int_val"),
    _Kind(types_pb2.DT_INT64, np.int64, "int64_val"),
    _Kind(types_pb2.DT_BOOL, np.bool_, "bool_val"),
    _Kind(types_pb2.DT_STRING, np.object_, "string_val", b""),
)
MAX_ELEMENTS = 1 << 26  # a few bytes can claim terabytes, filled by repeating one value
_BY_ENUM = {kind.enum: kind for kind in _KINDS}
_BY_DTYPE = {np.dtype(kind.dtype): kind for kind in _KINDS}


class BadTensor(ValueError):
    """A TensorProto that says one thing and holds another, or a type we do not speak."""


def to_proto(array: Any, *, packed: bool = False) -> Any:
    """`array` as a TensorProto in typed fields, or `packed`; texts become UTF-8 bytes.

    Half a character (a lone surrogate, which is no text) becomes a question mark.

    Raises:
        BadTensor: the array's type has no counterpart here.
    """
    array = np.asarray(array)
    if array.dtype.kind in "US":
        array = array.astype(np.object_)
    kind = _BY_DTYPE.get(array.dtype)
    if kind is None:
        raise BadTensor(f"arrays of {array.dtype} can not be sent; use float32, int32 or texts.")
    proto = tensor_pb2.TensorProto(
        dtype=kind.enum,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(
            dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in array.shape]
        ),
    )
    if packed and kind.enum != types_pb2.DT_STRING:
        proto.tensor_content = array.tobytes()
        return proto
    values = array.ravel().tolist()
    if kind.enum == types_pb2.DT_STRING:
        values = [
            value.encode("utf-8", "replace") if isinstance(value, str) else value
            for value in values
        ]
    getattr(proto, kind.field).extend(values)
    return proto


def from_proto(proto: Any) -> np.ndarray[Any, Any]:
    """The array a TensorProto holds; texts are bytes in an array of objects.

    Raises:
        BadTensor: an unknown type or size, or values that do not fill the shape.
    """
    kind = _BY_ENUM.get(proto.dtype)
    if kind is None:
        raise BadTensor(f"tensors of type {proto.dtype} are not understood.")
    shape = tuple(dim.size for dim in proto.tensor_shape.dim)
    if proto.tensor_shape.unknown_rank or any(size < 0 for size in shape):
        raise BadTensor(f"a tensor of unknown size {shape} can not be read.")
    size = math.prod(shape)
    if size > MAX_ELEMENTS:
        raise BadTensor(
            f"a tensor of size {shape} is too large; send {MAX_ELEMENTS} values at most."
        )
    if proto.tensor_content and kind.enum != types_pb2.DT_STRING:
        if len(proto.tensor_content) != size * np.dtype(kind.dtype).itemsize:
            raise BadTensor(f"{len(proto.tensor_content)} bytes do not fill a tensor of {shape}.")
        values = np.frombuffer(proto.tensor_content, dtype=kind.dtype)
    else:
        values = np.array(list(getattr(proto, kind.field)), dtype=kind.dtype)
        if len(values) < size:  # TensorFlow's shorthand: the last value, or zero, fills the rest
            last = values[-1] if len(values) else kind.zero
            values = np.concatenate([values, np.full(size - len(values), last, kind.dtype)])
    if len(values) != size:
        raise BadTensor(f"{len(values)} values do not fill a tensor of size {shape}.")
    return values.reshape(shape)
