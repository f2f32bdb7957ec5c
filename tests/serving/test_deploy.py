"""How a real TensorFlow Serving is started: docker-compose.yml and the Kubernetes manifests."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from serving.client.encode import MAX_BATCH
from serving.server.tfs_parameter_files import read_parameters
from shopclerk.settings import DATA_FOLDER

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
VALIDATOR = ROOT / ".clerk" / "kubernetes" / "bin" / "kubernetes-validate"
INSTALL = (
    "python3 -m venv .clerk/kubernetes &&"
    " .clerk/kubernetes/bin/pip install kubernetes-validate==1.37.0"
)
# What TensorFlow Serving counts, and where it shows it.
SERVING_NUMBERS = '"/monitoring/prometheus/metrics"'
SERVING_FIGURES = {
    ":tensorflow:serving:request_count",
    ":tensorflow:serving:request_latency_bucket",
}
KUBERNETES = "1.33"  # the oldest that is still mended


def read(path: Path) -> list[Any]:
    return list(YAML(typ="safe").load_all(path))


@pytest.fixture(scope="module")
def manifests():
    """Each of the model server's parts by its kind."""
    return {part["kind"]: part for part in read(DEPLOY / "kubernetes" / "model-server.yaml")}


@pytest.fixture(scope="module")
def compose():
    """The compose file, its anchors resolved."""
    return read(ROOT / "docker-compose.yml")[0]


def flags_of(arguments) -> dict[str, str]:
    return dict(argument.removeprefix("--").split("=", 1) for argument in arguments)


def data_folder() -> str:
    """`data`, where the image starts."""
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    return str(Path(re.findall(r"^WORKDIR (\S+)", docker, re.MULTILINE)[-1]) / DATA_FOLDER)


class TestKubernetes:
    @pytest.mark.slow
    @pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
    def test_follows_the_schema(self, path):
        """Strictly: a key that Kubernetes does not know is a mistake."""
        if path.name == "model-server-gpu.yaml":
            pytest.skip("a patch is no whole object; the test below puts it in its place")
        self.validate(path)

    @pytest.mark.slow
    def test_the_gpu_patch_follows_it_once_applied(self, tmp_path, manifests):
        """Merged into the deployment as kubectl merges it: containers by their name."""
        (patch,) = read(DEPLOY / "kubernetes" / "model-server-gpu.yaml")
        deployment = manifests["Deployment"]
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        (changes,) = patch["spec"]["template"]["spec"]["containers"]
        assert container["name"] == changes["name"]
        assert patch["spec"]["selector"] == deployment["spec"]["selector"]
        limits = {**container["resources"]["limits"], **changes["resources"]["limits"]}
        merged = {**container, **changes, "resources": {**container["resources"], "limits": limits}}
        whole = {**deployment, "spec": {**deployment["spec"]}}
        template = whole["spec"]["template"]
        pod = {**template["spec"], "containers": [merged]}
        whole["spec"]["template"] = {**template, "spec": pod}
        path = tmp_path / "deployment.yaml"
        YAML(typ="safe").dump(whole, path)

        self.validate(path)

    @staticmethod
    def validate(path: Path) -> None:
        if not VALIDATOR.exists():
            pytest.skip(f"needs kubernetes-validate: {INSTALL}")
        command = [str(VALIDATOR), "--strict", "-k", KUBERNETES, str(path)]

        done = subprocess.run(command, capture_output=True, text=True, check=False)

        assert 0 == done.returncode, done.stdout + done.stderr

    def test_calls_are_spread_over_the_replicas(self, manifests):
        """A name without an address of its own leads to every replica."""
        assert "None" == manifests["Service"]["spec"]["clusterIP"]
        assert manifests["Deployment"]["spec"]["replicas"] > 1
        scaler = manifests["HorizontalPodAutoscaler"]["spec"]
        assert manifests["Deployment"]["metadata"]["name"] == scaler["scaleTargetRef"]["name"]
        assert 2 <= scaler["minReplicas"] < scaler["maxReplicas"]

    def test_only_our_own_pods_may_call(self, manifests):
        """gRPC has no login."""
        policy = manifests["NetworkPolicy"]["spec"]

        assert {"app": "model-server"} == policy["podSelector"]["matchLabels"]
        assert [{"podSelector": {"matchLabels": {"part-of": "shopclerk"}}}] == (
            policy["ingress"][0]["from"]
        )
        assert [] == policy["egress"]

    def test_parts_that_name_each_other_agree(self, manifests):
        """Labels, ports, volumes."""
        pod = manifests["Deployment"]["spec"]["template"]
        (container,) = pod["spec"]["containers"]
        labels = pod["metadata"]["labels"]
        ports = {port["name"] for port in container["ports"]}

        assert labels == manifests["Deployment"]["spec"]["selector"]["matchLabels"]
        assert labels == manifests["Service"]["spec"]["selector"]
        assert ports == {port["targetPort"] for port in manifests["Service"]["spec"]["ports"]}
        mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
        assert mounts.keys() == {volume["name"] for volume in pod["spec"]["volumes"]}
        assert all(mount["readOnly"] for mount in mounts.values())

    def test_its_files_are_those_of_compose(self, manifests, tmp_path):
        """One set of parameters, wherever it runs."""
        data = manifests["ConfigMap"]["data"]
        for name, text in data.items():
            (tmp_path / name).write_text(text)

        here, there = tmp_path / "batching.txt", DEPLOY / "serving" / "batching.txt"
        assert read_parameters(there) == read_parameters(here)
        monitoring = (DEPLOY / "serving" / "monitoring.txt").read_text(encoding="utf-8")
        assert SERVING_NUMBERS in monitoring
        assert SERVING_NUMBERS in data["monitoring.txt"]


class TestTrainerJob:
    """Several workers, one training."""

    @pytest.fixture
    def parts(self):
        return {part["kind"]: part for part in read(DEPLOY / "kubernetes" / "trainer-job.yaml")}

    def test_its_workers_find_each_other(self, parts):
        """By the names that an indexed job and a service without an address give them."""
        job, service = parts["Job"]["spec"], parts["Service"]["spec"]
        (container,) = job["template"]["spec"]["containers"]
        environment = {one["name"]: one.get("value") for one in container["env"]}

        assert "Indexed" == job["completionMode"]
        assert str(job["parallelism"]) == str(job["completions"]) == environment["WORKERS"]
        assert parts["Service"]["metadata"]["name"] == job["template"]["spec"]["subdomain"]
        assert ("None", True) == (service["clusterIP"], service["publishNotReadyAddresses"])
        assert service["selector"].items() <= job["template"]["metadata"]["labels"].items()

    def test_the_command_writes_a_config_that_tensorflow_reads(self, parts):
        """The shell's own words, run here, with the training left out."""
        (container,) = parts["Job"]["spec"]["template"]["spec"]["containers"]
        script, _, command = container["args"][0].partition("exec ")
        assert command.startswith("python -m shopclerk train ")
        environment = {"WORKERS": "2", "JOB_COMPLETION_INDEX": "1", "PATH": os.environ["PATH"]}

        shown = [*container["command"], script + 'printf %s "$TF_CONFIG"']
        done = subprocess.run(shown, env=environment, capture_output=True, text=True, check=True)

        config = json.loads(done.stdout)
        assert {"type": "worker", "index": 1} == config["task"]
        assert ["trainer-0.trainer:2222", "trainer-1.trainer:2222"] == config["cluster"]["worker"]

    def test_nobody_else_reaches_the_workers(self, parts):
        """Their wire has no login."""
        policy = parts["NetworkPolicy"]["spec"]
        (rule,) = policy["ingress"]

        assert {"app": "trainer"} == policy["podSelector"]["matchLabels"]
        assert [{"podSelector": policy["podSelector"]}] == rule["from"]


@pytest.fixture(scope="module")
def bots():
    """The parts of the bot by kind and name."""
    found = read(DEPLOY / "kubernetes" / "shopclerk.yaml")
    return {(part["kind"], part["metadata"]["name"]): part for part in found}


@pytest.fixture(scope="module")
def pods(bots):
    """The pods of whatever starts some."""
    return {
        key: part["spec"]["template"]
        for key, part in bots.items()
        if key[0] in ("Deployment", "Job")
    }


class TestReplicasOfTheBot:
    """deploy/kubernetes/shopclerk.yaml."""

    def test_there_are_three_and_two_always_stay(self, bots):
        """One may be ended at a time, and comes back elsewhere."""
        deployment = bots["Deployment", "shopclerk"]["spec"]
        assert 3 == deployment["replicas"]
        assert 0 == deployment["strategy"]["rollingUpdate"]["maxUnavailable"]
        assert 2 == bots["PodDisruptionBudget", "shopclerk"]["spec"]["minAvailable"]
        scaler = bots["HorizontalPodAutoscaler", "shopclerk"]["spec"]
        assert deployment["replicas"] == scaler["minReplicas"]

    def test_traffic_reaches_what_is_ready(self, bots):
        """Labels, ports and addresses agree."""
        pod = bots["Deployment", "shopclerk"]["spec"]["template"]
        (container,) = pod["spec"]["containers"]
        service = bots["Service", "shopclerk"]["spec"]
        assert service["selector"].items() <= pod["metadata"]["labels"].items()
        assert "http" == container["ports"][0]["name"] == service["ports"][0]["targetPort"]
        assert "/readyz" == container["readinessProbe"]["httpGet"]["path"]
        assert "/healthz" == container["livenessProbe"]["httpGet"]["path"]
        sleeping = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert sleeping + 10 < pod["spec"]["terminationGracePeriodSeconds"]

    def test_they_are_the_model_servers_callers(self, pods, manifests):
        """Its network policy lets nobody else in."""
        allowed = manifests["NetworkPolicy"]["spec"]["ingress"][0]["from"][0]
        wanted = allowed["podSelector"]["matchLabels"]
        assert all(wanted.items() <= pod["metadata"]["labels"].items() for pod in pods.values())

    def test_no_pod_may_more_than_it_needs(self, pods):
        """No root, no writable root, no token; a bot only reads models."""
        for pod in pods.values():
            (container,) = pod["spec"]["containers"]
            assert pod["spec"]["securityContext"]["runAsNonRoot"]
            assert not pod["spec"]["automountServiceAccountToken"]
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert ["ALL"] == container["securityContext"]["capabilities"]["drop"]
            mounts = {mount["name"] for mount in container["volumeMounts"]}
            assert mounts == {volume["name"] for volume in pod["spec"]["volumes"]}
        (bot,) = pods["Deployment", "shopclerk"]["spec"]["containers"]
        assert {"name": "models", "mountPath": "/models", "readOnly": True} in bot["volumeMounts"]

    def test_every_pod_may_write_the_data_folder(self, pods):
        """With the models at /models it is `data`, seen from where the image starts."""
        for pod in pods.values():
            (container,) = pod["spec"]["containers"]
            mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
            assert not mounts[data_folder()].get("readOnly")

    def test_every_command_and_setting_is_ours(self, bots, pods):
        """What a pod is told is what the command line knows."""
        from shopclerk.cli import app
        from shopclerk.settings import Settings

        commands = {
            command.name or getattr(command.callback, "__name__", "")
            for command in app.registered_commands
        }
        for pod in pods.values():
            assert pod["spec"]["containers"][0]["args"][0] in commands
        names = {f"SHOPCLERK_{name.upper()}" for name in Settings.model_fields}
        assert bots["ConfigMap", "shopclerk"]["data"].keys() <= names

    def test_figures_are_not_on_the_internet(self, bots):
        """`/metrics` stands before `/`, and leads to a service without pods."""
        (rule,) = bots["Ingress", "shopclerk"]["spec"]["rules"]
        leads = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}

        assert {"/metrics": "nowhere", "/": "shopclerk"} == leads
        assert "selector" not in bots["Service", "nowhere"]["spec"]

    def test_only_the_ingress_and_prometheus_reach_a_bot(self, bots, pods):
        """Nobody reaches the jobs; each pod of ours has a policy, and may call little."""
        bot = bots["NetworkPolicy", "shopclerk"]["spec"]
        jobs = bots["NetworkPolicy", "shopclerk-jobs"]["spec"]
        covered = {bot["podSelector"]["matchLabels"]["app"]}
        covered |= set(jobs["podSelector"]["matchExpressions"][0]["values"])
        (allowed,) = bot["ingress"]

        assert {pod["metadata"]["labels"]["app"] for pod in pods.values()} == covered
        assert all(each.keys() == {"namespaceSelector"} for each in allowed["from"])
        assert [{"port": "http"}] == allowed["ports"]
        assert [] == jobs["ingress"]
        for policy in (bot, jobs):
            assert ["Ingress", "Egress"] == policy["policyTypes"]
            called = {port["port"] for rule in policy["egress"] for port in rule["ports"]}
            assert {8500, 53, 5432, 443} == called

    def test_every_pod_is_limited(self, pods):
        """Memory and disk; and it is told of no service in variables named like settings."""
        for pod in pods.values():
            (container,) = pod["spec"]["containers"]
            assert {"memory", "ephemeral-storage"} <= container["resources"]["limits"].keys()
            assert pod["spec"]["enableServiceLinks"] is False
            (tmp,) = [each for each in pod["spec"]["volumes"] if each["name"] == "tmp"]
            assert tmp["emptyDir"]["sizeLimit"]

    def test_jobs_read_the_secret_by_its_own_keys(self, bots):
        """The keys that the first lines of the manifest make."""
        text = (DEPLOY / "kubernetes" / "shopclerk.yaml").read_text(encoding="utf-8")
        made = set(re.findall(r"--from-literal=(\w+)=", text))
        asked = set()
        for name in ("shopclerk.yaml", "trainer-job.yaml"):
            text = (DEPLOY / "kubernetes" / name).read_text(encoding="utf-8")
            asked |= set(re.findall(r"secretKeyRef: {name: shopclerk, key: ([\w-]+)}", text))

        assert {"SHOPCLERK_SECRET_KEY"} == asked
        assert asked <= made


class TestDashboard:
    def test_every_figure_it_draws_is_counted(self):
        """Of a registry as the bot builds it, and of the model server."""
        import json
        import re

        from bot.http.metrics import Metrics
        from feedback.desk.gauges import Gauges
        from shopclerk.wiring.bot import FIGURES_OF_A_PROCESS

        metrics = Metrics()
        metrics.watch_store(lambda: Gauges(0, 0.0, 0, 0, 0, 0, 0, ()))
        counted = set(FIGURES_OF_A_PROCESS)
        for family in metrics.registry.collect():
            counted |= {family.name, f"{family.name}_total", f"{family.name}_bucket"}
        counted |= SERVING_FIGURES
        board = json.loads((DEPLOY / "grafana" / "shopclerk.json").read_text())
        asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]

        drawn = set(re.findall(r"(?:shopclerk_|:tensorflow:)[a-z_:]+", " ".join(asked)))
        assert len(asked) >= 12
        assert drawn <= counted, drawn - counted

    def test_its_rules_ask_for_the_same_figures(self):
        """Prometheus' own alarms, for whom Slack is not enough."""
        import re

        (rules,) = read(DEPLOY / "grafana" / "alerts.yaml")
        board = (DEPLOY / "grafana" / "shopclerk.json").read_text()
        asked = " ".join(rule["expr"] for rule in rules["groups"][0]["rules"])
        assert all(name in board for name in re.findall(r"shopclerk_[a-z_]+", asked))


class TestCompose:
    def test_every_setting_of_the_env_file_reaches_the_clerk(self, compose):
        """What compose sets itself is its own: addresses, volumes, and what has to be there."""
        from shopclerk.settings import Settings, variable

        known = {variable(name) for name in Settings.model_fields}
        for name in ("prepare", "bot", "trainer", "trainer-gpu"):
            service = compose["services"][name]
            assert [".env"] == service["env_file"]
            ours = {key for key in service["environment"] if key.startswith("SHOPCLERK_")}
            assert ours <= known

    def test_the_documented_env_file_is_enough(self):
        """Whatever compose cannot do without stands in .env.example, which names only settings."""
        from shopclerk.misspelt import misspelt
        from shopclerk.settings import Settings, variable

        root = DEPLOY.parent
        text = (root / "docker-compose.yml").read_text(encoding="utf-8")
        example = (root / ".env.example").read_text(encoding="utf-8")
        named = re.findall(r"^(\w+)=", example, re.MULTILINE)

        assert set(re.findall(r"\${(\w+):\?", text)) <= set(named)
        assert [] == list(misspelt(named, [variable(name) for name in Settings.model_fields]))

    def test_no_service_may_more_than_it_needs(self, compose):
        """A root that cannot be written, no capabilities but PostgreSQL's to become its user."""
        for name, service in compose["services"].items():
            assert service["read_only"], name
            assert ["ALL"] == service["cap_drop"], name
            assert ["no-new-privileges:true"] == service["security_opt"], name
            assert any(mount.startswith("/tmp") for mount in service["tmpfs"]), name
            assert ("cap_add" in service) == (name == "postgres")
            assert service.get("user", "root") == ("root" if name == "postgres" else "10001:10001")

    def test_each_of_ours_may_write_the_data_folder(self, compose):
        """With the models at /models it is `data`, seen from where the image starts."""
        for name, service in compose["services"].items():
            if service["image"].startswith("shopclerk:"):
                assert data_folder() in {each.split(":")[0] for each in service["tmpfs"]}, name

    def test_images_are_of_an_exact_version(self, compose):
        """Three numbers, or two of PostgreSQL; ours are built here."""
        docker = (DEPLOY.parent / "Dockerfile").read_text(encoding="utf-8")
        (base,) = re.findall(r"^FROM (\S+)", docker, re.MULTILINE)
        images = {service["image"] for service in compose["services"].values()}
        theirs = {image for image in images if not image.startswith("shopclerk:")} | {base}

        for image in theirs:
            _, _, tag = image.partition(":")
            assert re.search(r"\d+\.\d+", tag), image
        assert re.search(r"python:\d+\.\d+\.\d+-", base)

    def test_the_trainer_runs_with_either_model_server(self, compose):
        """On the processor or on a GPU, never both, and never with more memory than it may have."""
        services = compose["services"]
        cpu, gpu = services["trainer"], services["trainer-gpu"]

        assert (["cpu"], ["gpu"]) == (cpu["profiles"], gpu["profiles"])
        assert ["schedule"] == cpu["command"] == gpu["command"]
        assert {"TENSORFLOW_GPU": "1"} == gpu["build"]["args"]
        assert cpu["image"] != gpu["image"]
        for trainer in (cpu, gpu):
            assert trainer["deploy"]["resources"]["limits"]["memory"]
            assert "models:/models" in trainer["volumes"]

    @pytest.mark.parametrize("service", ["serving", "serving-gpu"])
    def test_the_model_server_is_started_as_in_kubernetes(self, compose, manifests, service):
        """With the same flags; a GPU has a batching file of its own."""
        (container,) = manifests["Deployment"]["spec"]["template"]["spec"]["containers"]
        ours, theirs = (
            flags_of(compose["services"][service]["command"]),
            flags_of(container["args"]),
        )
        own = {"batching_parameters_file"} if service == "serving-gpu" else set()

        assert ours.keys() == theirs.keys()
        assert own == {name for name in ours if ours[name] != theirs[name]}

    @pytest.mark.parametrize("service", ["serving", "serving-gpu"])
    def test_it_can_read_models_and_nothing_more(self, compose, service):
        """No port to the outside, no writable mount, no privilege."""
        found = compose["services"][service]

        assert "ports" not in found
        assert ["inside"] == list(found["networks"])
        assert compose["networks"]["inside"]["internal"]
        assert all(mount.endswith(":ro") for mount in found["volumes"])
        assert (True, ["ALL"]) == (found["read_only"], found["cap_drop"])

    def test_the_gpu_profile_reserves_one_device(self, compose):
        """NVIDIA's."""
        found = compose["services"]["serving-gpu"]
        (device,) = found["deploy"]["resources"]["reservations"]["devices"]

        assert ("nvidia", 1, ["gpu"]) == (device["driver"], device["count"], device["capabilities"])
        assert found["image"].endswith("-gpu")

    @pytest.mark.parametrize("name", ["batching.txt", "batching-gpu.txt"])
    def test_no_call_of_our_client_is_too_large(self, name):
        """TensorFlow Serving refuses a call of more rows than its largest batch."""
        parameters = read_parameters(DEPLOY / "serving" / name)

        assert parameters.max_batch_size >= MAX_BATCH
        assert parameters.enable_large_batch_splitting
