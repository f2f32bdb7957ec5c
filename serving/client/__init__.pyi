from .circuit_breaker import CircuitBreaker as CircuitBreaker
from .proto_stubs import (
    error_codes_pb2 as error_codes_pb2,
    get_model_metadata_pb2 as get_model_metadata_pb2,
    get_model_status_pb2 as get_model_status_pb2,
    model_management_pb2 as model_management_pb2,
    model_pb2 as model_pb2,
    model_server_config_pb2 as model_server_config_pb2,
    model_service_pb2_grpc as model_service_pb2_grpc,
    predict_pb2 as predict_pb2,
    prediction_log_pb2 as prediction_log_pb2,
    prediction_service_pb2_grpc as prediction_service_pb2_grpc,
    saved_model_pb2 as saved_model_pb2,
    types_pb2 as types_pb2,
)
from .tensors import BadTensor as BadTensor, from_proto as from_proto, to_proto as to_proto
from .tfserving import (
    AVAILABLE as AVAILABLE,
    END as END,
    STATE_NAMES as STATE_NAMES,
    TFServingRanker as TFServingRanker,
    VersionState as VersionState,
)
