"""A model server runs graphs: it starts without Keras."""

import subprocess
import sys

import pytest

SEEN = "import sys, serving.server.main; print('tensorflow' in sys.modules, 'keras' in sys.modules)"


@pytest.mark.slow
def test_a_server_loads_no_keras():
    """A fifth of its memory, and a third of the time it takes to start."""
    done = subprocess.run([sys.executable, "-c", SEEN], capture_output=True, text=True)

    assert "True False" == done.stdout.strip()
