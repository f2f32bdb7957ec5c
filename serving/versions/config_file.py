"""`models.config`, TensorFlow Serving's model config file: versions to load, labels."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from google.protobuf import text_format

from serving import contract
from serving.client import model_server_config_pb2

CONFIG = "models.config"


def write_config(base: Path, versions: Sequence[int], labels: Mapping[str, int]) -> str:
    """A ModelServerConfig in text form.

    >>> print(write_config(Path("/models/clerk"), [3], {"stable": 3}))
    model_config_list {
      config {
        name: "clerk"
        base_path: "/models/clerk"
        model_platform: "tensorflow"
        model_version_policy { specific { versions: 3 } }
        version_labels { key: "stable" value: 3 }
      }
    }
    <BLANKLINE>
    """
    wanted = " ".join(f"versions: {version}" for version in versions)
    pointing = "".join(
        f"\n    version_labels {{ key: {json.dumps(label)} value: {version} }}"
        for label, version in sorted(labels.items())
    )
    return (
        "model_config_list {\n"
        "  config {\n"
        f"    name: {json.dumps(contract.MODEL_NAME)}\n"
        f"    base_path: {json.dumps(str(base))}\n"
        '    model_platform: "tensorflow"\n'
        f"    model_version_policy {{ specific {{ {wanted} }} }}"
        f"{pointing}\n"
        "  }\n"
        "}\n"
    )


def read_labels(config: str) -> dict[str, int]:
    """The labels of the model in a ModelServerConfig's text form.

    >>> sorted(read_labels(write_config(Path("/m"), [3, 4], {"stable": 3, "canary": 4})).items())
    [('canary', 4), ('stable', 3)]
    """
    parsed = text_format.Parse(config, model_server_config_pb2.ModelServerConfig())
    for model in parsed.model_config_list.config:
        if model.name == contract.MODEL_NAME:
            return dict(model.version_labels)
    return {}
