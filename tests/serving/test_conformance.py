"""TensorFlow Serving's behaviours, codes and messages over gRPC, row by row.

They run against the embedded server always, and against a real TensorFlow Serving where
`SHOPCLERK_TEST_SERVING_ADDRESS` names one (see conftest.py). Where the stock server does more than
ours has to (Classify, say), the case is about ours alone.
"""

import grpc
import numpy as np
import pytest
from google.protobuf import text_format

from serving.client.proto_stubs import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_pb2,
    model_server_config_pb2,
    predict_pb2,
    tensor_pb2,
    types_pb2,
)
from serving.client.tensors import from_proto, to_proto

pytestmark = pytest.mark.slow

INVALID, NOT_FOUND = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
METHODS = (
    "Expected prediction signature method_name to be one of {tensorflow/serving/predict,"
    " tensorflow/serving/classify, tensorflow/serving/regress}. Was: "
)
SECONDS = 60


def texts(*values):
    return to_proto(np.array(values, dtype=object))


def tensor(dtype=types_pb2.DT_INT32, *, shape=(), **fields):
    proto = tensor_pb2.TensorProto(dtype=dtype, **fields)
    for size in shape:
        proto.tensor_shape.dim.add().size = size
    return proto


def spec_of(*, version=None, **fields):
    spec = model_pb2.ModelSpec(**{"name": "clerk", **fields})
    if version is not None:
        spec.version.value = version
    return spec


def predict(stubs, *, inputs=None, filter_=(), **spec):
    request = predict_pb2.PredictRequest(
        model_spec=spec_of(**spec),
        inputs={"dialogue": texts("hello")} if inputs is None else inputs,
        output_filter=filter_,
    )
    return stubs.predict.Predict(request, timeout=SECONDS)


def count(stubs, tokens):
    return predict(stubs, inputs={"tokens": tokens}, signature_name="count")


def refused(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as raised:
        call()
    return raised.value.code(), raised.value.details() or ""


class TestPredict:
    def test_the_default_signature_is_serving_default(self, conformance):
        """And the answer says which version and signature it was."""
        answer = predict(conformance)

        assert spec_of(version=1, signature_name="serving_default") == answer.model_spec
        assert [b"one", b"one"] == list(answer.outputs["reply_id"].string_val)

    @pytest.mark.parametrize(
        "asked",
        [{"version": 1}, {"version_label": "stable"}, {"version_label": ""}, {}],
        ids=["by its number", "by its label", "by no label", "the latest"],
    )
    def test_the_answer_names_the_version_that_gave_it(self, conformance, asked):
        """However it was asked for; never the label."""
        answer = predict(conformance, signature_name="rank", **asked)

        assert spec_of(version=1, signature_name="rank") == answer.model_spec

    def test_answers_come_in_typed_fields(self, conformance):
        """Not packed, unless the server was told to."""
        score = predict(conformance).outputs["score"]

        assert [2.0, 1.0] == list(score.float_val)
        assert b"" == score.tensor_content
        assert types_pb2.DT_FLOAT == score.dtype
        assert [1, 2] == [dim.size for dim in score.tensor_shape.dim]

    def test_packed_inputs_are_read_as_well(self, conformance):
        """A client may send tensor_content."""
        packed = tensor(shape=[2], tensor_content=np.array([0, 1], np.int32).tobytes())

        assert [1.0, 1.0] == list(count(conformance, packed).outputs["total"].float_val)

    def test_values_left_out_repeat_the_last_one(self, conformance):
        """TensorFlow's shorthand."""
        answer = count(conformance, tensor(shape=[3], int_val=[7]))

        assert [1.0] * 3 == list(answer.outputs["total"].float_val)

    @pytest.mark.parametrize("rows", [1, 2, 64, 1_000])
    def test_every_row_has_its_answer(self, conformance, rows):
        """In order."""
        inputs = {"dialogue": texts(*("x" * (row % 90) for row in range(rows)))}

        confidence = from_proto(predict(conformance, inputs=inputs).outputs["confidence"])

        expected = np.array([row % 90 for row in range(rows)], np.float32) / np.float32(128)
        assert np.array_equal(expected, confidence)

    def test_an_empty_batch_has_an_empty_answer(self, conformance):
        """Shape (0, K), no error."""
        answer = predict(conformance, inputs={"dialogue": texts()})

        assert (0, 2) == from_proto(answer.outputs["reply_id"]).shape

    @pytest.mark.parametrize("names", [["score"], ["reply_id", "score"], ["score", "confidence"]])
    def test_an_output_filter_keeps_what_is_asked_for(self, conformance, names):
        """And nothing else."""
        assert set(names) == set(predict(conformance, filter_=names).outputs)

    @pytest.mark.parametrize(
        "text", [b"\xff\xfe", b"a\x00b", "你好 👋".encode(), b"", b"x" * 100_000],
        ids=["no UTF-8", "a null", "Chinese", "nothing", "100 kB"],
    )  # fmt: skip
    def test_strings_are_bytes_and_come_back_as_they_were(self, conformance, text):
        """The graph decides what they mean."""
        inputs = {"dialogue": texts(text), "reply": texts(b"!")}
        answer = predict(conformance, inputs=inputs, signature_name="join")

        assert [text + b"|!"] == list(answer.outputs["joined"].string_val)

    def test_a_negative_id_is_the_graphs_business(self, conformance):
        """Accepted on the wire: on a processor the look-up refuses it, on a GPU it gives zeros.

        The client of a text model sends no ids at all.
        """
        try:
            told = list(count(conformance, to_proto(np.array([-1], np.int32))).outputs)
        except grpc.RpcError as error:
            told = [error.code(), (error.details() or "")[:34]]

        assert told in (["total"], [INVALID, "indices[0] = -1 is not in [0, 1000"])
        assert predict(conformance).outputs

    def test_a_message_of_64_mb_harms_nobody(self, conformance):
        """It is answered, or refused; the next caller is answered."""
        huge = {"dialogue": texts(b"x" * (64 << 20))}

        assert predict(conformance, inputs=huge).outputs["reply_id"].string_val
        assert predict(conformance).outputs

    def test_a_deadline_ends_the_call(self, conformance):
        """And nothing else: the next one is answered."""
        request = predict_pb2.PredictRequest(
            model_spec=spec_of(), inputs={"dialogue": texts(*("x" * 100 for _ in range(100_000)))}
        )
        code, _ = refused(lambda: conformance.predict.Predict(request, timeout=0.001))

        assert grpc.StatusCode.DEADLINE_EXCEEDED == code
        assert predict(conformance).outputs


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "code", "message"),
        [
            ({"name": ""}, INVALID, "ModelSpec has no name specified."),
            ({"name": "x"}, NOT_FOUND, "Servable not found for request: Latest(x)"),
            (
                {"name": "x", "version": 3},
                NOT_FOUND,
                "Servable not found for request: Specific(x, 3)",
            ),
            ({"version": 9}, NOT_FOUND, "Servable not found for request: Specific(clerk, 9)"),
            ({"version": 0}, NOT_FOUND, "Servable not found for request: Specific(clerk, 0)"),
            ({"version": -1}, NOT_FOUND, "Servable not found for request: Specific(clerk, -1)"),
            ({"version_label": "x"}, INVALID, "Unrecognized servable version label: x"),
            ({"version_label": "Stable"}, INVALID, "Unrecognized servable version label: Stable"),
            (
                {"name": "x", "version_label": "x"},
                INVALID,
                "Unrecognized servable version label: x",
            ),
            ({"signature_name": "x"}, PRECONDITION, 'Serving signature key "x" not found.'),
            ({"signature_name": "RANK"}, PRECONDITION, 'Serving signature key "RANK" not found.'),
            ({"signature_name": "__saved_model_init_op"}, grpc.StatusCode.INTERNAL, METHODS),
            (
                {"inputs": {}},
                INVALID,
                (
                    "input size does not match signature: 0!=1 len({}) != len({dialogue})."
                    " Sent extra: {}. Missing but required: {dialogue}."
                ),
            ),
            (
                {"inputs": {"dialogue": texts("a"), "x": texts("b")}},
                INVALID,
                (
                    "input size does not match signature: 2!=1 len({dialogue,x}) !="
                    " len({dialogue}). Sent extra: {x}. Missing but required: {}."
                ),
            ),
            (
                {"signature_name": "join"},
                INVALID,
                (
                    "input size does not match signature: 1!=2 len({dialogue}) !="
                    " len({dialogue,reply}). Sent extra: {}. Missing but required: {reply}."
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
            ({"filter_": ["score", "score"]}, INVALID, "duplicate output tensor alias: score"),
            (
                {"inputs": {"dialogue": tensor_pb2.TensorProto()}},
                INVALID,
                "tensor parsing error: dialogue",
            ),
        ],
    )
    def test_each_mistake_has_its_code_and_message(self, conformance, options, code, message):
        """As the stock server words it."""
        assert (code, message) == refused(lambda: predict(conformance, **options))

    @pytest.mark.parametrize(
        "sent",
        [
            tensor(shape=[1 << 40], int_val=[1]),
            tensor(shape=[-1], int_val=[1]),
            tensor(shape=[1 << 20] * 3, int_val=[1]),
            tensor(shape=[1], int_val=[1, 2]),
            tensor(shape=[2], tensor_content=b"abc"),
            tensor(shape=[1], tensor_content=b"abcdefgh"),
            tensor(99, shape=[1]),
        ],
        ids=["vast", "negative", "cubed", "too many", "bytes short", "bytes over", "no type"],
    )
    def test_a_tensor_that_lies_is_refused(self, conformance, sent):
        """And costs nobody memory."""
        assert (INVALID, "tensor parsing error: tokens") == refused(
            lambda: count(conformance, sent)
        )

    def test_a_tensor_of_unknown_size_is_refused(self, conformance):
        """The wire knows no such thing."""
        sent = tensor(int_val=[1])
        sent.tensor_shape.unknown_rank = True

        assert (INVALID, "tensor parsing error: tokens") == refused(
            lambda: count(conformance, sent)
        )

    @pytest.mark.parametrize(
        ("signature", "inputs", "message"),
        [
            (
                "rank",
                {"dialogue": to_proto(np.zeros(1, np.float32))},
                "Type mismatch: actual float vs. expect string",
            ),
            ("count", {"tokens": texts("x")}, "Type mismatch: actual string vs. expect int32"),
            (
                "count",
                {"tokens": to_proto(np.zeros(1, np.int64))},
                "Type mismatch: actual int64 vs. expect int32",
            ),
            (
                "rank",
                {"dialogue": texts("scalar")},
                "slice index 0 of dimension 0 out of bounds",
            ),
            (
                "multiply",
                {"rows": to_proto(np.ones((1, 4), np.float32))},
                "Matrix size-incompatible: In[0]: [1,4], In[1]: [3,2]",
            ),
        ],
    )
    def test_what_the_graph_refuses_is_said_in_its_words(
        self, conformance, signature, inputs, message
    ):
        """They begin alike; the node that follows is another in each model."""
        if message.startswith("slice"):
            inputs = {"dialogue": to_proto(np.array("scalar", dtype=object))}

        code, details = refused(
            lambda: predict(conformance, inputs=inputs, signature_name=signature)
        )

        assert INVALID == code
        assert details.startswith(message)

    def test_a_wrong_input_name_is_named(self, conformance):
        """With the name that was expected."""
        code, message = refused(lambda: predict(conformance, inputs={"x": texts("hello")}))

        assert INVALID == code
        assert message.startswith("Signature input alias: dialogue(feed name: ")
        assert "not found in request and no default value provided." in message

    def test_no_model_spec_at_all(self, conformance):
        """Said before anything else."""
        request = predict_pb2.PredictRequest(inputs={"dialogue": texts("hello")})

        assert (INVALID, "Missing ModelSpec") == refused(
            lambda: conformance.predict.Predict(request, timeout=SECONDS)
        )

    def test_an_id_outside_the_vocabulary_is_the_graphs_error(self, conformance):
        """The runtime's own words arrive, and the server lives on."""
        code, message = refused(lambda: count(conformance, to_proto(np.array([99_999], np.int32))))

        assert INVALID == code
        assert "indices[0] = 99999 is not in [0, 1000)" in message
        assert predict(conformance).outputs

    def test_long_messages_are_cut(self, conformance):
        """At 1,024 characters."""
        _, message = refused(lambda: predict(conformance, signature_name="x" * 5_000))

        assert 1_024 + len("...TRUNCATED") == len(message)
        assert message.endswith("...TRUNCATED")


class TestOtherMethods:
    @pytest.mark.parametrize("method", ["Classify", "Regress", "MultiInference"])
    def test_what_ours_does_not_offer_is_said_clearly(self, conformance, method):
        """UNIMPLEMENTED, with what to use instead."""
        if not conformance.ours:
            pytest.skip("the stock server offers it")
        call = getattr(conformance.predict, method)
        request_type = {"Classify": "classification_pb2", "Regress": "regression_pb2"}
        module = request_type.get(method, "inference_pb2")
        names = {"Classify": "ClassificationRequest", "Regress": "RegressionRequest"}
        apis = __import__(f"tensorflow_serving.apis.{module}", fromlist=["x"])
        request = getattr(apis, names.get(method, "MultiInferenceRequest"))()

        code, message = refused(lambda: call(request, timeout=SECONDS))

        assert grpc.StatusCode.UNIMPLEMENTED == code
        assert "use Predict" in message


class TestMetadata:
    def ask(self, stubs, fields=("signature_def",), **spec):
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=spec_of(**spec), metadata_field=fields
        )
        return stubs.predict.GetModelMetadata(request, timeout=SECONDS)

    @pytest.mark.parametrize("asked", [{}, {"version": 1}, {"version_label": "stable"}])
    def test_it_lists_every_signature(self, conformance, asked):
        """With the contract's tensors; the initializer too."""
        answer = self.ask(conformance, **asked)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        answer.metadata["signature_def"].Unpack(signatures)

        assert {"rank", "embed", "serving_default", "__saved_model_init_op"} <= set(
            signatures.signature_def
        )
        assert {"dialogue"} == set(signatures.signature_def["rank"].inputs)
        assert ("clerk", 1) == (answer.model_spec.name, answer.model_spec.version.value)

    @pytest.mark.parametrize(
        ("options", "code", "message"),
        [
            (
                {"fields": []},
                INVALID,
                "GetModelMetadataRequest must specify at least one metadata_field",
            ),
            ({"fields": ["x"]}, INVALID, "Metadata field x is not supported"),
            ({"fields": ["signature_def", "x"]}, INVALID, "Metadata field x is not supported"),
            ({"name": ""}, INVALID, "ModelSpec has no name specified."),
            ({"name": "x"}, NOT_FOUND, "Servable not found for request: Latest(x)"),
            ({"version": 9}, NOT_FOUND, "Servable not found for request: Specific(clerk, 9)"),
            ({"version_label": "x"}, INVALID, "Unrecognized servable version label: x"),
        ],
    )
    def test_it_has_rules(self, conformance, options, code, message):
        """Only signature_def can be asked for, and only of what is there."""
        assert (code, message) == refused(lambda: self.ask(conformance, **options))

    def test_no_model_spec_at_all(self, conformance):
        """As in Predict."""
        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])

        assert (INVALID, "Missing ModelSpec") == refused(
            lambda: conformance.predict.GetModelMetadata(request, timeout=SECONDS)
        )


class TestStatus:
    def ask(self, stubs, **spec):
        request = get_model_status_pb2.GetModelStatusRequest(model_spec=spec_of(**spec))
        return stubs.models.GetModelStatus(request, timeout=SECONDS).model_version_status

    @pytest.mark.parametrize("asked", [{}, {"version": 1}, {"version_label": "stable"}])
    def test_a_loaded_version_is_available(self, conformance, asked):
        """State 30, no error."""
        assert [(1, 30, 0, "")] == [
            (row.version, row.state, row.status.error_code, row.status.error_message)
            for row in self.ask(conformance, **asked)
        ]

    @pytest.mark.parametrize(
        ("options", "code", "message"),
        [
            ({"version": 9}, NOT_FOUND, "Could not find version 9 of model clerk"),
            ({"name": "x"}, NOT_FOUND, "Could not find any versions of model x"),
            ({"version_label": "x"}, INVALID, "Unrecognized servable version label: x"),
        ],
    )
    def test_what_is_not_there_is_not_found(self, conformance, options, code, message):
        """With the number, the name or the label."""
        assert (code, message) == refused(lambda: self.ask(conformance, **options))

    def test_no_model_spec_at_all(self, conformance):
        """As in Predict."""
        request = get_model_status_pb2.GetModelStatusRequest()

        assert (INVALID, "Missing ModelSpec") == refused(
            lambda: conformance.models.GetModelStatus(request, timeout=SECONDS)
        )


class TestReload:
    @pytest.mark.parametrize(
        ("config", "code", "message"),
        [
            (
                'config { name: "clerk" base_path: "relative" model_platform: "tensorflow" }',
                INVALID,
                "Expected model clerk to have an absolute path or URI",
            ),
            (
                (
                    'config { name: "a" base_path: "/a" model_platform: "tensorflow" }'
                    'config { name: "a" base_path: "/b" model_platform: "tensorflow" }'
                ),
                INVALID,
                "Illegal to list model a multiple times in config list",
            ),
            (
                'config { name: "clerk" base_path: "/a" model_platform: "other" }',
                INVALID,
                (
                    "Illegal to change a model's platform. For model clerk platform was tensorflow"
                    " and new platform requested is other"
                ),
            ),
            (
                (
                    'config { name: "clerk" base_path: "/a" model_platform: "tensorflow"'
                    ' version_labels { key: "stable" value: 3 } }'
                ),
                PRECONDITION,
                (
                    "Request to assign label to version 3 of model clerk, which is not currently"
                    " available for inference"
                ),
            ),
        ],
        ids=["a relative path", "listed twice", "another platform", "a label to nowhere"],
    )
    def test_a_bad_config_changes_nothing(self, conformance, config, code, message):
        """It is refused whole; the model goes on answering."""
        request = model_management_pb2.ReloadConfigRequest(
            config=text_format.Parse(
                f"model_config_list {{ {config} }}", model_server_config_pb2.ModelServerConfig()
            )
        )

        actual, details = refused(
            lambda: conformance.models.HandleReloadConfigRequest(request, timeout=SECONDS)
        )

        assert code == actual
        assert details.startswith(message)
        assert predict(conformance, version_label="stable").outputs

    def test_a_config_of_another_kind_changes_nothing(self, conformance):
        """Only a list of models can be taken."""
        if not conformance.ours:
            pytest.skip("the stock server takes an empty config and does nothing")
        request = model_management_pb2.ReloadConfigRequest()

        code, message = refused(
            lambda: conformance.models.HandleReloadConfigRequest(request, timeout=SECONDS)
        )

        assert INVALID == code
        assert "ModelConfigList" in message
        assert predict(conformance).outputs
