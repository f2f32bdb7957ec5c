"""A real model server over toy models, for the tests of this room."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from serving.child import start_embedded
from serving.stubs import model_service_pb2_grpc, prediction_service_pb2_grpc
from serving.versions import VersionFolder

ENVIRONMENT = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
TOYS = ("one", "two", "three")


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
        child = start_embedded(models_dir, environment=ENVIRONMENT, **options)
        request.addfinalizer(child.stop)
        return child

    return start


class Stubs:
    """Both services of one address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.channel = grpc.insecure_channel(
            address, options=[("grpc.max_send_message_length", -1)]
        )
        self.predict = prediction_service_pb2_grpc.PredictionServiceStub(self.channel)
        self.models = model_service_pb2_grpc.ModelServiceStub(self.channel)


@pytest.fixture(scope="session")
def conformance(toys, tmp_path_factory):
    """One server with version 1, for the table of codes and messages."""
    folder = VersionFolder(tmp_path_factory.mktemp("conformance"))
    folder.publish(lambda path: shutil.copytree(toys / "one", path, dirs_exist_ok=True))
    child = start_embedded(folder.models_dir, environment=ENVIRONMENT)
    stubs = Stubs(child.address)
    yield stubs
    stubs.channel.close()
    child.stop()
