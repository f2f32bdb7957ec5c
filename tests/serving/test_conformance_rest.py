"""TensorFlow Serving's REST API, as far as the model needs it: forms, codes, messages."""

import json
from http.client import HTTPConnection

import httpx
import pytest

pytestmark = pytest.mark.slow

CLERK = "/v1/models/clerk"


@pytest.fixture(scope="module")
def http(conformance):
    """A client of the REST port."""
    if conformance.rest_address is None:
        pytest.skip("name its REST port in SHOPCLERK_TEST_SERVING_REST_ADDRESS")
    address = f"http://{conformance.rest_address}"
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


def ask(http, body, where=CLERK):
    content = body if isinstance(body, bytes) else json.dumps(body)
    answer = http.post(f"{where}:predict", content=content)
    return answer.status_code, answer.json()


ROWS = {"predictions": [{"confidence": 0.0390625, "reply_id": ["one", "one"], "score": [2.0, 1.0]}]}


class TestPredict:
    @pytest.mark.parametrize(
        "instances",
        [
            ["hello"],
            [{"dialogue": "hello"}],
            [{"b64": "aGVsbG8="}],
            [{"dialogue": {"b64": "aGVsbG8="}}],
        ],
        ids=["a list", "of objects", "base64", "base64 in objects"],
    )  # fmt: skip
    def test_rows_in_rows_out(self, http, instances):
        """One object for each instance."""
        assert (200, ROWS) == ask(http, {"instances": instances})

    @pytest.mark.parametrize("where", [f"{CLERK}/versions/1", f"{CLERK}/labels/stable"])
    def test_a_version_can_be_named(self, http, where):
        """By its number or its label."""
        assert (200, ROWS) == ask(http, {"instances": ["hello"]}, where)

    @pytest.mark.parametrize("inputs", [["a", "b"], {"dialogue": ["a", "b"]}])
    def test_columns_in_columns_out(self, http, inputs):
        """One array for each output."""
        status, found = ask(http, {"inputs": inputs})

        assert 200 == status
        assert [[2.0, 1.0], [2.0, 1.0]] == found["outputs"]["score"]

    def test_one_output_needs_no_name(self, http):
        """The rows are the values then."""
        body = {"signature_name": "count", "instances": [1, 2, 3]}

        assert (200, {"predictions": [1.0, 1.0, 1.0]}) == ask(http, body)

    def test_several_inputs_are_named(self, http):
        """And outputs whose name ends with _bytes come in base64."""
        body = {"signature_name": "join", "instances": [{"dialogue": "a", "reply": "b"}]}

        assert (200, {"predictions": [{"joined": "a|b", "joined_bytes": {"b64": "YXxi"}}]}) == ask(
            http, body
        )

    def test_a_matrix_is_a_list_of_lists(self, http):
        """All rows alike."""
        body = {"signature_name": "multiply", "inputs": [[1, 2, 3.5]]}

        assert (200, {"outputs": [[6.5, 6.5]]}) == ask(http, body)

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (b"", "JSON Parse error: The document is empty"),
            (b"{", "JSON Parse error: "),
            (b"[1]", "JSON Value: [1"),
            ({}, "Missing 'inputs' or 'instances' key"),
            ({"instances": []}, "JSON Value: "),
            ({"instances": "x"}, "JSON Value: "),
            ({"instances": ["x"], "inputs": ["x"]}, "JSON Value: "),
            ({"instances": [1]}, "Failed to process element: 0 of 'instances' list."),
            ({"instances": [{"x": "y"}]}, "Failed to process element: 0 "),
            ({"instances": ["x", {"dialogue": "x"}]}, "Expecting value/list but got object"),
            ({"instances": [{"dialogue": "x"}, "x"]}, "Expecting object but got list at item 1"),
            ({"signature_name": 3, "instances": ["x"]}, "JSON Value: "),
            (
                {"signature_name": "x", "instances": ["x"]},
                'Serving signature name: "x" not found in signature def',
            ),
            ({"signature_name": "join", "instances": ["x"]}, "instances is a plain list"),
            ({"signature_name": "join", "inputs": ["x"]}, "inputs is a plain value/list"),
            ({"signature_name": "join", "inputs": {"dialogue": ["x"]}}, "Missing named input"),
            ({"signature_name": "count", "instances": [1.5]}, "Failed to process element: 0 of"),
            ({"signature_name": "count", "instances": [True]}, "Failed to process element: 0 of"),
            ({"signature_name": "count", "inputs": [1 << 40]}, "JSON Value: "),
            ({"signature_name": "multiply", "inputs": [[1, 2], [3]]}, "Encountered list at"),
            ({"inputs": {"dialogue": [{"b64": "!"}]}}, "Unable to base64 decode"),
        ],
    )  # fmt: skip
    def test_each_mistake_is_400_and_says_why(self, http, body, message):
        """In `error`."""
        status, found = ask(http, body)

        assert 400 == status
        assert found["error"].startswith(message)

    @pytest.mark.parametrize(
        ("where", "status", "message"),
        [
            ("/v1/models/x", 404, "Servable not found for request: Latest(x)"),
            (f"{CLERK}/versions/9", 404, "Servable not found for request: Specific(clerk, 9)"),
            (f"{CLERK}/labels/x", 400, "Unrecognized servable version label: x"),
            (f"{CLERK}/versions/{10**30}", 400, f"Failed to convert version: {10**30} to numeric."),
        ],
    )
    def test_what_is_not_there_is_not_found(self, http, where, status, message):
        """A label is an argument, a version a thing."""
        assert (status, {"error": message}) == ask(http, {"instances": ["x"]}, where)

    def test_what_the_graph_refuses_is_400(self, http):
        """In the runtime's words."""
        status, found = ask(http, {"signature_name": "count", "instances": [99_999]})

        assert 400 == status
        assert "99999 is not in [0, 1000)" in found["error"]

    def test_text_that_json_can_not_say_in_utf8_is_taken(self, http):
        """Half of a pair of surrogates."""
        status, _ = ask(http, b'{"instances": ["\\ud800"]}')

        assert 200 == status

    @pytest.mark.parametrize("method", ["classify", "regress"])
    def test_what_ours_does_not_offer_is_said_clearly(self, conformance, http, method):
        """501, with what to use instead."""
        if not conformance.ours:
            pytest.skip("the stock server offers it")
        answer = http.post(f"{CLERK}:{method}", json={"examples": [{}]})

        assert 501 == answer.status_code
        assert "use predict" in answer.json()["error"]


class TestModel:
    @pytest.mark.parametrize("where", [CLERK, f"{CLERK}/versions/1", f"{CLERK}/labels/stable"])
    def test_status(self, http, where):
        """As JSON."""
        state = {
            "version": "1",
            "state": "AVAILABLE",
            "status": {"error_code": "OK", "error_message": ""},
        }

        assert {"model_version_status": [state]} == http.get(where).json()

    @pytest.mark.parametrize(
        ("where", "status", "message"),
        [
            ("/v1/models/x", 404, "Could not find any versions of model x"),
            (f"{CLERK}/versions/9", 404, "Could not find version 9 of model clerk"),
            ("/v1/models", 400, "Missing model name in request."),
            ("/v1/x", 400, "Malformed request: GET /v1/x"),
        ],
    )
    def test_status_of_what_is_not_there(self, http, where, status, message):
        """Told apart."""
        answer = http.get(where)

        assert (status, {"error": message}) == (answer.status_code, answer.json())

    def test_metadata(self, http):
        """Every signature, its inputs and outputs."""
        found = http.get(f"{CLERK}/metadata").json()

        assert ("clerk", "1") == (found["model_spec"]["name"], found["model_spec"]["version"])
        rank = found["metadata"]["signature_def"]["signature_def"]["rank"]
        assert "DT_STRING" == rank["inputs"]["dialogue"]["dtype"]
        assert "tensorflow/serving/predict" == rank["method_name"]

    def test_an_address_of_nothing(self, http):
        """Outside of /v1."""
        assert 404 == http.get("/").status_code


class TestNumbers:
    def test_calls_are_counted_and_timed_for_prometheus(self, http):
        """By model and outcome; a name no model has makes no line of its own."""
        ask(http, {"instances": ["hello"]})
        ask(http, {"instances": ["hello"]}, "/v1/models/" + "x" * 30)

        text = http.get("/monitoring/prometheus/metrics").text

        assert ':tensorflow:serving:request_count{model_name="clerk",status="OK"}' in text
        assert ":tensorflow:serving:request_latency_bucket{" in text
        assert 'entrypoint="REST",le="+Inf"}' in text
        assert "x" * 30 not in text


class TestHarm:
    def test_a_body_too_long_is_not_read(self, conformance, http):
        """Its length says so."""
        if not conformance.ours:
            pytest.skip("the stock server reads it")
        raw = HTTPConnection(conformance.rest_address, timeout=60)
        raw.putrequest("POST", f"{CLERK}:predict")
        raw.putheader("Content-Length", str(1 << 40))
        raw.endheaders()

        assert 413 == raw.getresponse().status
        raw.close()
        assert (200, ROWS) == ask(http, {"instances": ["hello"]})

    def test_nesting_without_end_is_no_end_of_the_server(self, http):
        """The parser gives up, the server does not."""
        status, found = ask(http, b'{"instances": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")

        assert 400 == status
        assert found["error"]
        assert (200, ROWS) == ask(http, {"instances": ["hello"]})
