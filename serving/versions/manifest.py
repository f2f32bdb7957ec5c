"""Signed manifest of a version, `complete.json`: SHA-256 of each file, and an HMAC.

It names every file's SHA-256, so that a half-written or changed folder is told from a whole one. An
HMAC over that list, the model's name and the version's number tells what this shop published from
what somebody else put there: anyone who can write the folder can write a manifest, but has no key.
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from serving import contract
from serving.errors import BrokenVersion, UnsignedVersion
from serving.readers import open_like
from serving.versions.allowed_ops import check_operations

MANIFEST = "complete.json"
NEEDED = ("saved_model.pb", "variables/variables.index")
KEY_FILE = "signing.key"  # next to the versions, made where no secret is set
KEY_BYTES = 32
CHUNK = 1 << 20

Keys = Sequence[bytes]  # the first one signs, each of them is believed; none: nothing is signed


def seal(path: Path, version: int, keys: Keys) -> None:
    """Make what lies in `path` into a version: read its graph, sync it, write its manifest.

    Raises:
        BrokenVersion: it is not a SavedModel, or one that does what a model may not.
    """
    _check_needed(path)
    check_operations(path)
    digests: dict[str, str] = {}
    for file in _files(path):
        digests[_name(path, file)] = _sha256(file)
        sync(file)
    base = path.parent
    open_like(base.parent, base, path, *path.rglob("*"))
    _write_manifest(path, version, digests, keys)
    for folder in [*(entry for entry in path.rglob("*") if entry.is_dir()), path]:
        sync(folder)


def verify(path: Path, keys: Keys = ()) -> None:
    """Read a version's folder whole, compare it with its manifest, and read its graph.

    With `keys`, one of them must have signed the manifest.

    Raises:
        BrokenVersion: a file is missing, changed or not in the manifest; nobody we know signed it;
            or it does what a model may not.
    """
    manifest = _check_files(path)
    if keys and not any(_is_signed(path, manifest, key) for key in keys):
        raise UnsignedVersion(
            path,
            "it was not signed with this shop's key, so somebody else may have made it, or the key"
            f" (SHOPCLERK_SECRET_KEY) has changed. If it is yours: shopclerk versions --sign"
            f" {path.name}",
        )
    check_operations(path)


def sign(path: Path, keys: Keys) -> None:
    """Say that what lies in `path`, whole and harmless, is ours.

    Raises:
        BrokenVersion: it is not whole, or does what a model may not.
    """
    manifest = _check_files(path)
    check_operations(path)
    _write_manifest(path, int(path.name), manifest["sha256"], keys)
    sync(path)


def is_signed(path: Path, keys: Keys) -> bool:
    """Whether one of `keys` signed the manifest; the files are not read."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return any(_is_signed(path, manifest, key) for key in keys)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def own_key(models_dir: Path) -> bytes | None:
    """The key kept next to the versions, if the file is ours and nobody else may touch it."""
    path = models_dir / KEY_FILE
    try:
        found = path.lstat()
        if found.st_uid != os.getuid() or found.st_mode & 0o077 or not path.is_file():
            return None
        return bytes.fromhex(path.read_text(encoding="ascii").strip()) or None
    except (OSError, ValueError):
        return None


def make_own_key(models_dir: Path) -> bytes:
    """Make that key; another process may have been quicker.

    Raises:
        OSError: the folder can not be written.
    """
    models_dir.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(KEY_BYTES)
    try:
        descriptor = os.open(models_dir / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return own_key(models_dir) or key
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key


def replace_file(path: Path, text: str) -> None:
    """Replace `path` at once: anyone who reads it sees the old or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        open_like(path.parent, Path(name))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync(path.parent)


def _check_files(path: Path) -> Mapping[str, Any]:
    """The manifest of a folder that holds exactly what it says."""
    _check_needed(path)
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        expected: dict[str, str] = dict(manifest["sha256"])
        actual = {_name(path, file): _sha256(file) for file in _files(path)}
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenVersion(path, f"its manifest {MANIFEST} can not be read ({error})") from error
    except OSError as error:
        raise BrokenVersion(path, f"it can not be read ({error})") from error
    for name in sorted(expected.keys() | actual.keys()):
        if name not in actual:
            raise BrokenVersion(path, f"{name} is missing")
        if name not in expected:
            raise BrokenVersion(path, f"{name} was added after it was published")
        if actual[name] != expected[name]:
            raise BrokenVersion(path, f"{name} was changed after it was published")
    return manifest


def _check_needed(path: Path) -> None:
    for name in NEEDED:
        if not (path / name).is_file():
            raise BrokenVersion(path, f"{name} is missing")
    for entry in path.rglob("*"):
        if entry.is_symlink():  # what it points to may change behind the manifest's back
            raise BrokenVersion(path, f"{_name(path, entry)} is a link")


def _write_manifest(path: Path, version: int, digests: Mapping[str, str], keys: Keys) -> None:
    manifest: dict[str, Any] = {"sha256": dict(digests)}
    if keys:
        manifest["hmac"] = _signature(version, digests, keys[0])
    replace_file(path / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True) + "\n")


def _is_signed(path: Path, manifest: Mapping[str, Any], key: bytes) -> bool:
    signature = _signature(int(path.name), manifest["sha256"], key)
    return hmac.compare_digest(signature.encode(), str(manifest.get("hmac")).encode())


def _signature(version: int, digests: Mapping[str, str], key: bytes) -> str:
    """The number is signed as well: an old version can not come back under a new one."""
    said = {"model": contract.MODEL_NAME, "version": version, "sha256": dict(digests)}
    return hmac.digest(key, json.dumps(said, sort_keys=True).encode(), hashlib.sha256).hex()


def _files(path: Path) -> Iterator[Path]:
    return (file for file in sorted(path.rglob("*")) if file.is_file() and file.name != MANIFEST)


def _name(path: Path, file: Path) -> str:
    return file.relative_to(path).as_posix()


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Have the disk keep a file, or a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
