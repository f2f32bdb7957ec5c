"""gRPC status codes that the embedded server refuses calls with."""

from typing import Final

from serving.client import error_codes_pb2

INVALID_ARGUMENT: Final = error_codes_pb2.INVALID_ARGUMENT
FAILED_PRECONDITION: Final = error_codes_pb2.FAILED_PRECONDITION
