"""A real model server over toy models, for the tests of this room."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from serving.client.proto_stubs import model_service_pb2_grpc, prediction_service_pb2_grpc
from serving.server.child_process import start_embedded
from serving.versions.folder import VersionFolder

ENVIRONMENT = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
TOYS = ("one", "two", "three")
WAIT_SECONDS = 300.0  # TensorFlow loads in 5 s, on a machine that does nothing else


@pytest.fixture(scope="session")
def toys(tmp_path_factory) -> Path:
    """SavedModels that answer with their own name."""
    folder: Path = tmp_path_factory.mktemp("toys")
    command = [sys.executable, "-m", "tests.serving.toy_model", str(folder), *TOYS]
    subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True)
    return folder


@pytest.fixture
def publish(toys):
    """Publish a toy under a models folder: `publish(folder, "one")`."""

    def publish(folder: VersionFolder, name: str) -> int:
        return folder.publish(lambda path: shutil.copytree(toys / name, path, dirs_exist_ok=True))

    return publish


@pytest.fixture
def start(request):
    """Start an embedded server on a models folder; it is stopped at the end."""

    def start(models_dir: Path, **options):
        options = {"wait_seconds": WAIT_SECONDS, **options}
        child = start_embedded(models_dir, environment=ENVIRONMENT, **options)
        request.addfinalizer(child.stop)
        return child

    return start


class Stubs:
    """Both services of one address."""

    def __init__(self, address: str, *, ours: bool) -> None:
        self.address = address
        self.ours = ours
        self.channel = grpc.insecure_channel(
            address,
            options=[("grpc.max_send_message_length", -1), ("grpc.enable_http_proxy", 0)],
        )
        self.predict = prediction_service_pb2_grpc.PredictionServiceStub(self.channel)
        self.models = model_service_pb2_grpc.ModelServiceStub(self.channel)


REAL = os.environ.get("SHOPCLERK_TEST_SERVING_ADDRESS")


@pytest.fixture(scope="session", params=["embedded", *(["real"] if REAL else [])])
def conformance(request):
    """A server with the toy model's version 1, labelled `stable`.

    Ours always; a real TensorFlow Serving too where `SHOPCLERK_TEST_SERVING_ADDRESS` names one that
    serves what `python -m tests.serving.toy_model FOLDER --serve` wrote.
    """
    if request.param == "embedded":
        yield request.getfixturevalue("embedded")
        return
    assert REAL is not None
    stubs = Stubs(REAL, ours=False)
    yield stubs
    stubs.channel.close()


@pytest.fixture(scope="session")
def embedded(toys, tmp_path_factory):
    """Our own server with the toy model's version 1, labelled `stable`."""
    folder = VersionFolder(tmp_path_factory.mktemp("conformance"))
    folder.publish(lambda path: shutil.copytree(toys / "one", path, dirs_exist_ok=True))
    child = start_embedded(
        folder.models_dir,
        environment=ENVIRONMENT,
        wait_seconds=WAIT_SECONDS,
        flags=["--enable_batching=false"],
    )
    stubs = Stubs(child.address, ours=True)
    yield stubs
    stubs.channel.close()
    child.stop()
