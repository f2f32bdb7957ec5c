"""A training process writes nothing that nobody asked for."""

import os
import subprocess
import sys

import pytest

from shopclerk.settings import child_environment
from training.fitting.tensorflow_setup import import_tensorflow

START = """
import sys
from shopclerk.settings import quieten_tensorflow
from training.fitting import import_tensorflow
quieten_tensorflow()
import_tensorflow()
import training.jobs.train_once
assert not {"matplotlib", "pandas"} & set(sys.modules), "a training has no use for them"
import serving.server.main
"""


class TestStart:
    def test_respects_what_is_set_already(self, monkeypatch):
        """Who debugs TensorFlow still can."""
        monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")

        assert "0" == child_environment()["TF_CPP_MIN_LOG_LEVEL"]
        assert "ERROR" == child_environment()["GRPC_VERBOSITY"]

    @pytest.mark.slow
    def test_is_silent(self):
        """Not a line on either stream, TensorFlow and Keras loaded."""
        done = subprocess.run(
            [sys.executable, "-c", START], capture_output=True, text=True, env=dict(os.environ)
        )

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_shows_what_was_held_back_when_loading_fails(self, monkeypatch, capfd):
        """A broken installation must not be a silent one."""
        monkeypatch.setitem(sys.modules, "keras", None)
        with pytest.raises(ImportError):
            import_tensorflow()

        os.write(2, b"still here")
        assert "still here" in capfd.readouterr().err
