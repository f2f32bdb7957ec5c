"""What is shipped: the wheel, the compose file, the lock files, the bootstrap script."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"bot", "feedback", "serving", "shopclerk", "training"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel as it is shipped."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    built: Path = next(folder.glob("*.whl"))
    return built


@pytest.mark.slow
class TestWheel:
    def test_holds_the_five_packages_with_their_data_and_no_tests(self, wheel):
        """hatchling ships only what is listed; `tests` never enters the wheel."""
        names = zipfile.ZipFile(wheel).namelist()
        tops = {name.partition("/")[0] for name in names}

        assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES
        assert "shopclerk/demo/replies.jsonl" in names
        assert "bot/channels/web/widget/launcher.js" in names
        assert any(name.startswith("feedback/db/migrations/versions/0001") for name in names)

    def test_says_where_the_benchmarks_are(self, wheel, tmp_path):
        """They stay in the checkout; `bench` of an installed package fails with the way there."""
        zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
        done = subprocess.run(
            [sys.executable, "-m", "shopclerk", "bench", "chat"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (1, "") == (done.returncode, done.stdout)
        assert done.stderr.startswith("shopclerk: there is nothing here to measure with")
        assert "./clerk bench" in done.stderr
        assert 1 == done.stderr.count("\n")


class TestCompose:
    @pytest.mark.slow
    def test_follows_the_compose_specification(self):
        """Validated without an engine."""
        checker = [sys.executable, "-m", "check_jsonschema"]
        command = [*checker, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]

        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

        assert 0 == done.returncode, done.stdout + done.stderr

    @pytest.mark.slow
    @pytest.mark.parametrize("profile", ["cpu", "gpu"])
    def test_docker_compose_reads_it(self, profile):
        """The second validator, where Debian's docker-compose is installed."""
        if not (program := shutil.which("docker-compose")):
            pytest.skip("apt-get install docker-compose")
        variables = ("POSTGRES_PASSWORD", "SHOPCLERK_SECRET_KEY", "SHOPCLERK_DESK_PASSWORD")

        done = subprocess.run(
            [program, "--profile", profile, "config", "--quiet"],
            cwd=ROOT,
            env=dict.fromkeys(variables, "x") | {"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

        assert 0 == done.returncode, done.stderr

    def test_only_inner_networks_see_the_model_server(self):
        """gRPC has no login: whoever reaches the port may ask, and reload."""
        text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
        serving = text[text.index("x-serving:") : text.index("services:")]

        assert "ports:" not in serving
        assert "internal: true" in text


class TestLockFiles:
    @pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
    def test_hold_hashes_and_no_address(self, name):
        """Whoever installs chooses the mirror; the hashes say what may come from it."""
        text = (ROOT / name).read_text(encoding="utf-8")

        assert "://" not in text
        assert "--hash=sha256:" in text

    def test_the_developers_lock_holds_the_runtimes(self):
        """So one environment serves both, and tests run what users run."""
        runtime, dev = (
            {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
            for name in ("requirements.lock", "requirements-dev.lock")
        )

        assert set() == runtime - dev


class TestBootstrapScript:
    def test_is_plain_posix_shell(self):
        """Debian's sh is dash: no bash in there."""
        done = subprocess.run(["sh", "-n", str(ROOT / "clerk")], capture_output=True, check=False)

        assert 0 == done.returncode, done.stderr
