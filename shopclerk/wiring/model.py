"""Wiring of the model: its server's address, versions and signing keys."""

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from serving.client import AVAILABLE, TFServingRanker
from serving.errors import BrokenVersion
from serving.ranker import RankerUnavailable
from serving.server import find_running
from serving.versions import Replicas, Rollout, VersionFolder, make_own_key, own_key
from shopclerk.settings import Settings
from shopclerk.wiring.base import derived_keys

if TYPE_CHECKING:
    pass

EMBED_BATCH = 64  # texts a call: a server shared with shoppers answers them in between


def version_keys(settings: Settings) -> list[bytes]:
    """The keys that versions are signed with: the first signs, each of them is believed.

    `SHOPCLERK_SECRET_KEY`'s where it is set. Without it, a key made once and kept next to the
    versions: anyone who trains with `--models DIR` in one folder may serve DIR from another.
    """
    own = own_key(settings.models_dir)
    if settings.secret_key is not None:
        return [*derived_keys(settings, "versions"), *([own] if own else [])]
    if own is None:
        return _first_key(settings)
    return [own]


def _first_key(settings: Settings) -> list[bytes]:
    """Make the folder's own key; what lies in it already is taken for ours, this once."""
    try:
        keys = [make_own_key(settings.models_dir)]
    except OSError:  # a folder that can only be read: nothing is signed there
        return []
    folder = VersionFolder(settings.models_dir, keys)
    for version in folder.versions():
        with contextlib.suppress(BrokenVersion):  # named when somebody wants it
            folder.sign(version)
    return keys


def version_folder(settings: Settings) -> VersionFolder:
    """The versions; what was not signed here is not promoted and not served."""
    return VersionFolder(settings.models_dir, version_keys(settings))


def model_address(settings: Settings) -> str | None:
    """The model server's address: as set, or an embedded server that runs on these models."""
    return settings.serving_address or find_running(settings.models_dir)


def build_rollout(settings: Settings) -> Rollout:
    """The version labels, in the config file and in the server if one runs."""
    address = model_address(settings)
    server = Replicas(address.split(",")) if address else None
    return Rollout(version_folder(settings), server, keep=settings.keep_versions)


def topic_vectors(settings: Settings) -> Callable[[Sequence[str]], Any]:
    """The model's vectors of texts, in batches; None while the model is away."""
    address = model_address(settings)

    def embed(texts: Sequence[str]) -> Any:
        if address is None:
            return None
        client = TFServingRanker(address.split(","))
        try:
            starts = range(0, len(texts), EMBED_BATCH)
            parts = [client.embed(texts[start : start + EMBED_BATCH]) for start in starts]
        except RankerUnavailable:
            return None
        finally:
            client.close()
        return [vector for part in parts for vector in part]

    return embed


def model_server_status(address: str) -> str:
    """Which versions the model server has loaded, in words.

    Raises:
        RankerUnavailable: it does not answer.
    """
    client = TFServingRanker(address.split(","))
    try:
        versions = [state.version for state in client.status() if state.state == AVAILABLE]
    finally:
        client.close()
    return f"serves {', '.join(f'version {number}' for number in versions) or 'no version'}"
