"""TensorFlow Serving's REST API: predict, metadata, status, and Prometheus' numbers."""

import json
import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import structlog
from google.protobuf.json_format import MessageToDict

from serving.client import (
    error_codes_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    predict_pb2,
)
from serving.contract import DEFAULT_SIGNATURE
from serving.errors import CallFailed
from serving.server.predict_calls import Calls
from serving.server.prometheus import Meter
from serving.server.rest_tensors import parse_body, read_inputs, write_outputs

SECONDS: Final = 30.0  # for one request's lines and body
MAX_BODY: Final = 64 << 20

_WHICH = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_PREDICT = re.compile(
    rf"(?i)/v1/models/(?P<name>[^/:]+){_WHICH}:(?P<method>classify|regress|predict)"
)
_MODEL = re.compile(rf"(?i)/v1/models(?:/(?P<name>[^/:]+))?{_WHICH}(?P<metadata>/metadata)?")
_STATUSES: Final = {
    error_codes_pb2.INVALID_ARGUMENT: HTTPStatus.BAD_REQUEST,
    error_codes_pb2.FAILED_PRECONDITION: HTTPStatus.BAD_REQUEST,
    error_codes_pb2.OUT_OF_RANGE: HTTPStatus.BAD_REQUEST,
    error_codes_pb2.NOT_FOUND: HTTPStatus.NOT_FOUND,
    error_codes_pb2.RESOURCE_EXHAUSTED: HTTPStatus.TOO_MANY_REQUESTS,
    error_codes_pb2.UNIMPLEMENTED: HTTPStatus.NOT_IMPLEMENTED,
    error_codes_pb2.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    error_codes_pb2.DEADLINE_EXCEEDED: HTTPStatus.GATEWAY_TIMEOUT,
}

log = structlog.get_logger()


class RestServer:
    """A running REST server on loopback; `address` is where."""

    def __init__(self, calls: Calls, meter: Meter, *, port: int, metrics: str | None) -> None:
        """Bind the port; `metrics` is the path of Prometheus' numbers, None shows none.

        Raises:
            OSError: it is taken.
        """
        handler = type("Handler", (_Handler,), {"calls": calls, "meter": meter, "metrics": metrics})
        self._server = _Server(("127.0.0.1", port), handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_port = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up, mostly; the others are not troubled."""
        log.debug("rest.connection_failed", client=str(client_address))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SECONDS
    calls: Calls
    meter: Meter
    metrics: str | None

    def do_GET(self) -> None:
        if self.path == self.metrics:
            self._send(HTTPStatus.OK, self.meter.text().encode(), "text/plain")
        elif found := _MODEL.fullmatch(self.path):
            self._answer(lambda: self._model(found))
        else:
            self._malformed()

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        if found := _PREDICT.fullmatch(self.path):
            self._answer(lambda: self._predict(found, body))
        else:
            self._malformed()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Not a line for each request."""

    def _predict(self, found: re.Match[str], body: bytes) -> dict[str, Any]:
        method = found["method"].lower()
        if method != "predict":
            raise CallFailed(
                error_codes_pb2.UNIMPLEMENTED,
                f"{method} is not offered by the embedded server; use predict.",
            )
        document = parse_body(body)
        signature = document.get("signature_name", "")
        if not isinstance(signature, str):
            raise CallFailed(
                error_codes_pb2.INVALID_ARGUMENT,
                f"JSON Value: {json.dumps(document)} not formatted correctly. 'signature_name' key"
                " must be a string value.",
            )
        spec = _spec(found)
        infos = self.calls.inputs(spec, signature or DEFAULT_SIGNATURE)
        form, inputs = read_inputs(document, infos)
        spec.signature_name = signature
        answer = self.calls.predict(
            predict_pb2.PredictRequest(model_spec=spec, inputs=inputs), "REST"
        )
        return write_outputs(answer.outputs, form)

    def _model(self, found: re.Match[str]) -> dict[str, Any]:
        if not found["name"]:
            raise CallFailed(error_codes_pb2.INVALID_ARGUMENT, "Missing model name in request.")
        if not found["metadata"]:
            request = get_model_status_pb2.GetModelStatusRequest(model_spec=_spec(found))
            return _to_dict(self.calls.status(request))
        asked = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=_spec(found), metadata_field=["signature_def"]
        )
        answer = self.calls.metadata(asked)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        answer.metadata["signature_def"].Unpack(signatures)
        spec = _to_dict(answer.model_spec)
        return {"model_spec": spec, "metadata": {"signature_def": _to_dict(signatures)}}

    def _answer(self, work: Any) -> None:
        try:
            status, answer = HTTPStatus.OK, work()
        except CallFailed as error:
            status = _STATUSES.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR)
            answer = {"error": str(error)}
        # Texts that are no UTF-8 leave as the bytes they are, as TensorFlow Serving writes them.
        text = json.dumps(answer, ensure_ascii=False, indent=1)
        self._send(status, text.encode("utf-8", "surrogateescape"), "application/json")

    def _malformed(self) -> None:
        if not self.path.lower().startswith("/v1/"):
            self._send(HTTPStatus.NOT_FOUND, b"Not Found", "text/plain")
            return
        told = {"error": f"Malformed request: {self.command} {self.path}"}
        self._send(HTTPStatus.BAD_REQUEST, json.dumps(told).encode(), "application/json")

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if length.isascii() and length.isdigit() and int(length) <= MAX_BODY:
            return self.rfile.read(int(length))
        self.close_connection = True
        told = {"error": f"The body is longer than {MAX_BODY} bytes, or of no length"}
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        self._send(status, json.dumps(told).encode(), "application/json")
        return None

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _spec(found: re.Match[str]) -> Any:
    spec = model_pb2.ModelSpec(name=found["name"])
    if found["version"]:
        if int(found["version"]) > (1 << 63) - 1:
            raise CallFailed(
                error_codes_pb2.INVALID_ARGUMENT,
                f"Failed to convert version: {found['version']} to numeric.",
            )
        spec.version.value = int(found["version"])
    if found["label"]:
        spec.version_label = found["label"]
    return spec


def _to_dict(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return found
