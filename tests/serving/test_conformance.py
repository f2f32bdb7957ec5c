"""TensorFlow Serving's behaviours, codes and messages, over the wire."""

import grpc
import numpy as np
import pytest
from google.protobuf import text_format

from serving.stubs import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_pb2,
    model_server_config_pb2,
    predict_pb2,
    tensor_pb2,
    types_pb2,
)
from serving.tensors import from_proto, to_proto

pytestmark = pytest.mark.slow

INVALID, NOT_FOUND = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND
METHODS = (
    "Expected prediction signature method_name to be one of {tensorflow/serving/predict,"
    " tensorflow/serving/classify, tensorflow/serving/regress}. Was: "
)
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
TEXTS = {"dialogue": to_proto(np.array(["hello"], dtype=object))}


def predict(stubs, *, inputs=None, filter_=(), **spec):
    version = spec.pop("version", None)
    model_spec = model_pb2.ModelSpec(**{"name": "clerk", **spec})
    if version is not None:
        model_spec.version.value = version
    request = predict_pb2.PredictRequest(
        model_spec=model_spec, inputs=TEXTS if inputs is None else inputs, output_filter=filter_
    )
    return stubs.predict.Predict(request, timeout=10)


def refused(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as raised:
        call()
    return raised.value.code(), raised.value.details() or ""


class TestPredict:
    def test_the_default_signature_is_serving_default(self, conformance):
        """And the answer says which version and signature it was."""
        answer = predict(conformance)

        assert ("clerk", 1, "serving_default") == (
            answer.model_spec.name,
            answer.model_spec.version.value,
            answer.model_spec.signature_name,
        )
        assert [b"one", b"one"] == list(answer.outputs["reply_id"].string_val)

    def test_answers_come_in_typed_fields(self, conformance):
        """Not packed, unless the server was told to."""
        score = predict(conformance).outputs["score"]

        assert [2.0, 1.0] == list(score.float_val)
        assert b"" == score.tensor_content

    def test_packed_inputs_are_read_as_well(self, conformance):
        """A client may send tensor_content."""
        tokens = tensor_pb2.TensorProto(dtype=types_pb2.DT_INT32)
        tokens.tensor_shape.dim.add().size = 2
        tokens.tensor_content = np.array([0, 1], np.int32).tobytes()

        answer = predict(conformance, inputs={"tokens": tokens}, signature_name="count")

        assert [1.0, 1.0] == list(answer.outputs["total"].float_val)

    def test_an_empty_batch_has_an_empty_answer(self, conformance):
        """Shape (0, K), no error."""
        answer = predict(conformance, inputs={"dialogue": to_proto(np.array([], dtype=object))})

        assert (0, 2) == from_proto(answer.outputs["reply_id"]).shape

    def test_an_output_filter_keeps_what_is_asked_for(self, conformance):
        """One output alone."""
        assert ["score"] == list(predict(conformance, filter_=["score"]).outputs)

    def test_text_that_is_no_utf8_is_text_all_the_same(self, conformance):
        """Strings are bytes here; the graph decides."""
        inputs = {"dialogue": to_proto(np.array([b"\xff\xfe"], dtype=object))}

        assert predict(conformance, inputs=inputs).outputs["reply_id"].string_val

    @pytest.mark.parametrize(
        ("options", "code", "message"),
        [
            ({"name": ""}, INVALID, "ModelSpec has no name specified."),
            ({"name": "x"}, NOT_FOUND, "Servable not found for request: Latest(x)"),
            ({"version": 9}, NOT_FOUND, "Servable not found for request: Specific(clerk, 9)"),
            ({"version_label": "x"}, INVALID, "Unrecognized servable version label: x"),
            (
                {"signature_name": "x"},
                PRECONDITION,
                'Serving signature key "x" not found.',
            ),
            (
                {"inputs": {}},
                INVALID,
                (
                    "input size does not match signature: 0!=1 len({}) != len({dialogue})."
                    " Sent extra: {}. Missing but required: {dialogue}."
                ),
            ),
            (
                {"filter_": ["x"]},
                INVALID,
                (
                    "output tensor alias not found in signature: x Outputs expected to be in the"
                    " set {confidence,reply_id,score}."
                ),
            ),
            (
                {"filter_": ["score", "score"]},
                INVALID,
                "duplicate output tensor alias: score",
            ),
            (
                {"inputs": {"dialogue": tensor_pb2.TensorProto()}},
                INVALID,
                "tensor parsing error: dialogue",
            ),
            ({"signature_name": "__saved_model_init_op"}, grpc.StatusCode.INTERNAL, METHODS),
            (
                {"name": "x", "version_label": "x"},
                INVALID,
                "Unrecognized servable version label: x",
            ),
        ],
    )
    def test_each_mistake_has_its_code_and_message(self, conformance, options, code, message):
        """As the stock server words it."""
        assert (code, message) == refused(lambda: predict(conformance, **options))

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            (np.zeros(1, np.float32), "Type mismatch: actual float vs. expect string"),
            (np.array("scalar", dtype=object), "slice index 0 of dimension 0 out of bounds"),
        ],
    )
    def test_what_the_graph_refuses_is_said_in_its_words(self, conformance, sent, message):
        """They begin alike; the node that follows is another in each model."""
        code, details = refused(lambda: predict(conformance, inputs={"dialogue": to_proto(sent)}))

        assert INVALID == code
        assert details.startswith(message)

    @pytest.mark.parametrize(
        "shape", [[1 << 40], [-1], [1 << 20, 1 << 20, 1 << 20]], ids=["vast", "negative", "cubed"]
    )
    def test_a_tensor_that_lies_about_its_size_is_refused(self, conformance, shape):
        """And costs nobody memory."""
        tokens = tensor_pb2.TensorProto(dtype=types_pb2.DT_INT32, int_val=[1])
        for size in shape:
            tokens.tensor_shape.dim.add().size = size

        assert (INVALID, "tensor parsing error: tokens") == refused(
            lambda: predict(conformance, inputs={"tokens": tokens}, signature_name="count")
        )

    def test_a_wrong_input_name_is_named(self, conformance):
        """With the name that was expected."""
        code, message = refused(lambda: predict(conformance, inputs={"x": TEXTS["dialogue"]}))

        assert INVALID == code
        assert message.startswith("Signature input alias: dialogue(feed name: ")

    def test_no_model_spec_at_all(self, conformance):
        """Said before anything else."""
        request = predict_pb2.PredictRequest(inputs=TEXTS)

        assert (INVALID, "Missing ModelSpec") == refused(
            lambda: conformance.predict.Predict(request, timeout=10)
        )

    def test_an_id_outside_the_vocabulary_is_the_graphs_error(self, conformance):
        """The runtime's own words arrive, and the server lives on."""
        tokens = {"tokens": to_proto(np.array([99_999], np.int32))}
        code, message = refused(lambda: predict(conformance, inputs=tokens, signature_name="count"))

        assert INVALID == code
        assert "indices[0] = 99999 is not in [0, 1000)" in message
        assert predict(conformance).outputs

    def test_long_messages_are_cut(self, conformance):
        """At 1,024 characters."""
        _, message = refused(lambda: predict(conformance, signature_name="x" * 5_000))

        assert 1_024 + len("...TRUNCATED") == len(message)
        assert message.endswith("...TRUNCATED")

    def test_a_message_of_64_mb_harms_nobody(self, conformance):
        """It is answered, or refused; the next caller is answered."""
        huge = {"dialogue": to_proto(np.array([b"x" * (64 << 20)], dtype=object))}

        assert predict(conformance, inputs=huge).outputs["reply_id"].string_val
        assert predict(conformance).outputs


class TestOtherMethods:
    @pytest.mark.parametrize("method", ["Classify", "Regress", "MultiInference"])
    def test_what_is_not_offered_is_said_clearly(self, conformance, method):
        """UNIMPLEMENTED, with what to use instead."""
        call = getattr(conformance.predict, method)
        request_type = {"Classify": "classification_pb2", "Regress": "regression_pb2"}
        module = request_type.get(method, "inference_pb2")
        names = {"Classify": "ClassificationRequest", "Regress": "RegressionRequest"}
        apis = __import__(f"tensorflow_serving.apis.{module}", fromlist=["x"])
        request = getattr(apis, names.get(method, "MultiInferenceRequest"))()

        code, message = refused(lambda: call(request, timeout=10))

        assert grpc.StatusCode.UNIMPLEMENTED == code
        assert "use Predict" in message

    def test_metadata_lists_every_signature(self, conformance):
        """With the contract's tensors."""
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=model_pb2.ModelSpec(name="clerk"), metadata_field=["signature_def"]
        )
        answer = conformance.predict.GetModelMetadata(request, timeout=10)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        answer.metadata["signature_def"].Unpack(signatures)

        assert {"rank", "embed", "serving_default"} <= set(signatures.signature_def)
        assert {"dialogue"} == set(signatures.signature_def["rank"].inputs)

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ([], "GetModelMetadataRequest must specify at least one metadata_field"),
            (["x"], "Metadata field x is not supported"),
        ],
    )
    def test_metadata_has_rules(self, conformance, fields, message):
        """Only signature_def can be asked for."""
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=model_pb2.ModelSpec(name="clerk"), metadata_field=fields
        )

        assert (INVALID, message) == refused(
            lambda: conformance.predict.GetModelMetadata(request, timeout=10)
        )


class TestStatus:
    def ask(self, stubs, name="clerk", version=None):
        request = get_model_status_pb2.GetModelStatusRequest(model_spec={"name": name})
        if version is not None:
            request.model_spec.version.value = version
        return stubs.models.GetModelStatus(request, timeout=10).model_version_status

    def test_a_loaded_version_is_available(self, conformance):
        """State 30."""
        assert [(1, 30)] == [(row.version, row.state) for row in self.ask(conformance)]

    @pytest.mark.parametrize(
        ("name", "version", "message"),
        [
            ("clerk", 9, "Could not find version 9 of model clerk"),
            ("x", None, "Could not find any versions of model x"),
        ],
    )
    def test_what_is_not_there_is_not_found(self, conformance, name, version, message):
        """With the number or the name."""
        assert (NOT_FOUND, message) == refused(lambda: self.ask(conformance, name, version))


class TestReload:
    @pytest.mark.parametrize(
        ("config", "code", "message"),
        [
            (
                'config { name: "clerk" base_path: "relative" }',
                INVALID,
                "Expected model clerk to have an absolute path or URI",
            ),
            (
                'config { name: "a" base_path: "/a" } config { name: "a" base_path: "/b" }',
                INVALID,
                "Illegal to list model a multiple times in config list",
            ),
        ],
    )
    def test_a_bad_config_changes_nothing(self, conformance, config, code, message):
        """It is refused whole; the model goes on answering."""
        request = model_management_pb2.ReloadConfigRequest(
            config=text_format.Parse(
                f"model_config_list {{ {config} }}", model_server_config_pb2.ModelServerConfig()
            )
        )

        actual, details = refused(
            lambda: conformance.models.HandleReloadConfigRequest(request, timeout=10)
        )

        assert code == actual
        assert details.startswith(message)
        assert predict(conformance).outputs
