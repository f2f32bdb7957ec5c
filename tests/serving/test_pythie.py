"""Our client against a server of the same protocol that we did not write: pythie-serving 3.4.3.

It serves functions kept by cloudpickle. It has its own copy of the messages, packs its numbers, and
lives in an environment of its own, `.clerk/pythie` (or SHOPCLERK_TEST_PYTHIE_PYTHON).
"""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from serving.client.tfserving import TFServingRanker
from serving.ranker import RankerUnavailable

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PYTHON = Path(os.environ.get("SHOPCLERK_TEST_PYTHIE_PYTHON", ROOT / ".clerk/pythie/bin/python"))
INSTALL = "python3 -m venv .clerk/pythie && .clerk/pythie/bin/pip install pythie-serving==3.4.3"

# Its own entry point binds every interface; this one binds loopback, on a free port.
SERVE = """
import json, sys
from concurrent import futures
from pathlib import Path
import cloudpickle, grpc, numpy as np
from pythie_serving.sklearn_wrapper import SklearnPredictionServiceServicer
from pythie_serving.tensorflow_proto.tensorflow_serving.apis import prediction_service_pb2_grpc
from pythie_serving.tensorflow_proto.tensorflow_serving.config import model_server_config_pb2

class Lengths:
    def predict(self, samples):
        return np.array([[len(one), len(other) / 4] for one, other in samples], np.float32)

class Echo:
    def predict(self, samples):
        return np.array([[one, other] for one, other in samples])

folder, kind = Path(sys.argv[1]), sys.argv[2]
model = {"lengths": Lengths, "echo": Echo}[kind]()
(folder / "clerk.pickled").write_bytes(cloudpickle.dumps(model))
(folder / "metadata.json").write_text(json.dumps({"feature_names": ["dialogue", "reply"]}))
config = model_server_config_pb2.ModelServerConfig()
config.model_config_list.config.add(name="clerk", base_path=str(folder), model_platform="sklearn")
server = grpc.server(futures.ThreadPoolExecutor(2))
servicer = SklearnPredictionServiceServicer(model_server_config=config)
prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(servicer, server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
"""


@pytest.fixture
def pythie(tmp_path):
    """Start it with one of its functions and connect our client."""
    if not PYTHON.exists():
        pytest.skip(f"needs pythie-serving: {INSTALL}")
    started = []

    def start(kind: str) -> TFServingRanker:
        command = [str(PYTHON), "-c", SERVE, str(tmp_path), kind]
        server = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin", "VERBOSITY_LEVEL": "0"},
        )
        assert server.stdout is not None
        client = TFServingRanker(f"127.0.0.1:{int(server.stdout.readline())}", timeout=30)
        started.append((server, client))
        return client

    yield start
    for server, client in started:
        client.close()
        server.communicate()


def ask(client, dialogues, replies):
    """Texts in columns, the only shape it takes."""
    inputs = {"dialogue": [[text] for text in dialogues], "reply": [[text] for text in replies]}
    outputs, _ = client.predict("serving_default", inputs, label="")
    return outputs["predictions"]


class TestWire:
    def test_texts_arrive_and_packed_numbers_come_back(self, pythie):
        """Two inputs, float32 in tensor_content."""
        found = ask(pythie("lengths"), ["ab", "", "退货"], ["abc", "x", "好"])

        assert np.float32 == found.dtype
        assert [[2, 0.75], [0, 0.25], [6, 0.75]] == found.tolist()

    def test_texts_come_back_as_they_were_sent(self, pythie):
        """Every byte, in its row and column."""
        texts = ["hello", "你好 👋", "a\x00b", "", "x" * 10_000]

        found = ask(pythie("echo"), texts, texts[::-1])

        assert [[a.encode(), b.encode()] for a, b in zip(texts, texts[::-1], strict=True)] == (
            found.tolist()
        )

    def test_a_hundred_calls_on_one_connection(self, pythie):
        """As a bot makes them."""
        client = pythie("lengths")

        for number in range(100):
            assert [[number, 0.25]] == ask(client, ["x" * number], ["y"]).tolist()

    def test_what_it_refuses_is_told_with_its_address(self, pythie):
        """It knows no `rank`: another server's failure is ours to name."""
        client = pythie("lengths")

        with pytest.raises(RankerUnavailable, match="Features names mismatch"):
            client.rank("hello", locale="en", label="stable")
