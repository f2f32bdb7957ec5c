"""Tensors as TensorFlow Serving's REST API writes them: `instances` or `inputs` in, JSON out."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np

from serving.client import error_codes_pb2, from_proto, to_proto, types_pb2
from serving.errors import CallFailed

INVALID: Final = error_codes_pb2.INVALID_ARGUMENT
BASE64: Final = "b64"  # {"b64": "…"} is a string of any bytes
BYTES_SUFFIX: Final = "_bytes"  # outputs of such a name are written so

Form = Literal["row", "column"]

_TYPES: Final[dict[int, tuple[Any, tuple[type, ...], str]]] = {
    types_pb2.DT_FLOAT: (np.float32, (int, float), "float"),
    types_pb2.DT_DOUBLE: (np.float64, (int, float), "double"),
    types_pb2.DT_INT32: (np.int32, (int,), "int32"),
    types_pb2.DT_INT64: (np.int64, (int,), "int64"),
    types_pb2.DT_BOOL: (np.bool_, (bool,), "bool"),
    types_pb2.DT_STRING: (np.object_, (str, dict), "string"),
}


def parse_body(body: bytes) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        CallFailed: it is none.
    """
    if not body:
        raise CallFailed(INVALID, "JSON Parse error: The document is empty")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        place = getattr(error, "pos", 0)
        raise CallFailed(INVALID, f"JSON Parse error: Invalid value. at offset: {place}") from None
    if not isinstance(found, dict):
        raise CallFailed(INVALID, f"JSON Value: {json.dumps(found)} Is not object")
    return found


def read_inputs(document: Mapping[str, Any], infos: Mapping[str, Any]) -> tuple[Form, Any]:
    """The tensors of a request by name, and how it wants its answer.

    Raises:
        CallFailed: what it holds does not fit the signature's inputs `infos`.
    """
    if "instances" in document and "inputs" in document:
        raise _odd(
            document,
            "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ",
        )
    if "instances" in document:
        instances = document["instances"]
        if not isinstance(instances, list):
            raise _odd(document, "Excepting 'instances' to be an list/array")
        if not instances:
            raise _odd(document, "No values in 'instances' array")
        return "row", _from_rows(instances, infos)
    if "inputs" in document:
        return "column", _from_columns(document["inputs"], infos)
    raise CallFailed(INVALID, "Missing 'inputs' or 'instances' key")


def write_outputs(outputs: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """The answer's tensors as JSON values.

    Raises:
        CallFailed: rows are asked for, and the tensors have not as many.
    """
    values = {name: _to_json(name, from_proto(tensor)) for name, tensor in sorted(outputs.items())}
    if form == "column":
        return {"outputs": values if len(values) > 1 else next(iter(values.values()))}
    sizes = {}
    for name, value in values.items():
        if not isinstance(value, list):
            raise CallFailed(INVALID, f"Tensor name: {name} has no shape information ")
        sizes[name] = len(value)
        first = next(iter(sizes.values()))
        if len(value) != first:
            raise CallFailed(
                INVALID,
                f"Tensor name: {name} has inconsistent batch size: {len(value)} expecting: {first}",
            )
    if len(values) == 1:
        return {"predictions": next(iter(values.values()))}
    rows = zip(*values.values(), strict=True)
    return {"predictions": [dict(zip(values, row, strict=True)) for row in rows]}


def _from_rows(instances: list[Any], infos: Mapping[str, Any]) -> dict[str, Any]:
    named = _is_object(instances[0])
    if not named and len(infos) > 1:
        raise CallFailed(
            INVALID,
            "instances is a plain list, but expecting list of objects as multiple input tensors"
            " required as per tensorinfo_map",
        )
    columns: dict[str, list[Any]] = {name: [] for name in infos}
    for place, instance in enumerate(instances):
        if named != _is_object(instance):
            got, wanted = ("list", "object") if named else ("object", "value/list")
            raise CallFailed(
                INVALID, f"Expecting {wanted} but got {got} at item {place} of input list"
            )
        if named and set(instance) != set(infos):
            raise CallFailed(
                INVALID,
                f"Failed to process element: {place} of 'instances' list. JSON object:"
                f" {json.dumps(instance)} keys must be equal to: {','.join(sorted(infos))}",
            )
        for name, column in columns.items():
            value = instance[name] if named else instance
            try:
                _flatten(value, _shape(value), 0, infos[name].dtype, [])
            except CallFailed as error:
                key = f" key: {name}" if named else ""
                raise CallFailed(
                    INVALID,
                    f"Failed to process element: {place}{key} of 'instances' list."
                    f" Error: INVALID_ARGUMENT: {error}",
                ) from None
            column.append(value)
    return {name: _to_tensor(column, infos[name].dtype) for name, column in columns.items()}


def _from_columns(inputs: Any, infos: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_object(inputs):
        if len(infos) > 1:
            raise CallFailed(
                INVALID,
                "inputs is a plain value/list, but expecting an object as multiple input tensors"
                " required as per tensorinfo_map",
            )
        return {name: _to_tensor(inputs, info.dtype) for name, info in infos.items()}
    for name in infos:
        if name not in inputs:
            raise CallFailed(INVALID, f"Missing named input: {name} in 'inputs' object.")
    return {name: _to_tensor(inputs[name], info.dtype) for name, info in infos.items()}


def _to_tensor(value: Any, dtype: int) -> Any:
    if dtype not in _TYPES:
        name = types_pb2.DataType.Name(dtype)
        raise CallFailed(error_codes_pb2.UNIMPLEMENTED, f"Conversion of JSON to type: {name}")
    shape = _shape(value)
    flat: list[Any] = []
    _flatten(value, shape, 0, dtype, flat)
    array = np.empty(len(flat), dtype=_TYPES[dtype][0])
    try:
        array[:] = flat
    except OverflowError:
        raise CallFailed(
            INVALID, f"JSON Value: {json.dumps(value)} is not of expected type: {_TYPES[dtype][2]}"
        ) from None
    return to_proto(array.reshape(shape))


def _shape(value: Any) -> tuple[int, ...]:
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


def _flatten(value: Any, shape: tuple[int, ...], level: int, dtype: int, flat: list[Any]) -> None:
    if not isinstance(value, list):
        if level != len(shape):
            raise CallFailed(
                INVALID,
                f"JSON Value: {json.dumps(value)} found at incorrect level: {level + 1} in the JSON"
                f" DOM. Expected at level: {len(shape)}",
            )
        flat.append(_element(value, dtype))
        return
    if level >= len(shape):
        raise CallFailed(
            INVALID, f"Encountered list at unexpected level: {level} expected < {len(shape)}"
        )
    if len(value) != shape[level]:
        raise CallFailed(
            INVALID,
            f"Encountered list at unexpected size: {len(value)} at level: {level} expected size:"
            f" {shape[level]}",
        )
    for item in value:
        _flatten(item, shape, level + 1, dtype, flat)


def _element(value: Any, dtype: int) -> Any:
    _, kinds, name = _TYPES[dtype]
    # To Python a truth value is an int; to JSON it is not.
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise CallFailed(
            INVALID,
            f"JSON Value: {json.dumps(value)} Type: {_json_type(value)} is not of expected type:"
            f" {name}",
        )
    if isinstance(value, dict):
        return _unpacked(value)
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def _unpacked(value: dict[str, Any]) -> bytes:
    if not _is_base64(value):
        raise CallFailed(
            INVALID, f"JSON Value: {json.dumps(value)} not formatted correctly for base64 data"
        )
    try:
        return base64.b64decode(value[BASE64], validate=True)
    except binascii.Error:
        raise CallFailed(INVALID, "Unable to base64 decode") from None


def _to_json(name: str, array: Any) -> Any:
    values = np.empty(array.size, dtype=np.object_)
    if array.dtype == np.object_ and name.endswith(BYTES_SUFFIX):
        values[:] = [{BASE64: base64.b64encode(value).decode()} for value in array.flat]
    elif array.dtype == np.object_:
        values[:] = [value.decode("utf-8", "surrogateescape") for value in array.flat]
    elif array.dtype == np.float32:  # the shortest decimal: 0.2, not 0.20000000298
        values[:] = [float(str(value)) for value in array.flat]
    else:
        values[:] = array.ravel().tolist()
    return values.reshape(array.shape).tolist()


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and not _is_base64(value)


def _is_base64(value: dict[str, Any]) -> bool:
    return list(value) == [BASE64] and isinstance(value[BASE64], str)


def _json_type(value: Any) -> str:
    kinds = {str: "String", bool: str(value), list: "Array", dict: "Object", type(None): "Null"}
    return kinds.get(type(value), "Number")


def _odd(document: Mapping[str, Any], complaint: str) -> CallFailed:
    return CallFailed(INVALID, f"JSON Value: {json.dumps(document)} {complaint}")
