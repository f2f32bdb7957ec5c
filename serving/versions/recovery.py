"""Recovery of a models folder that was moved, or in which a version is damaged."""

import contextlib
from collections.abc import Mapping

from google.protobuf import text_format

from serving import contract
from serving.errors import BrokenVersion, UnknownVersion, UnsignedVersion
from serving.versions.config_file import write_config
from serving.versions.manifest import replace_file
from serving.versions.rollout import Rollout


def recover(rollout: Rollout) -> list[str]:
    """Set damaged versions aside and have the labels point to whole ones.

    `stable` goes to the newest former champion that is whole, else to the newest version; where
    there is none, nothing is labelled, as before the first model. A version that only lacks our
    signature stays where it is: whether it is ours is for a person to say.

    Returns:
        A sentence for each thing that was wrong.

    Raises:
        UnsignedVersion: a labelled version was not signed with this shop's key.
    """
    with rollout.alone():
        said: list[str] = []
        labels = _labels(rollout, said)
        for label, version in sorted(labels.items()):
            if _set_aside(rollout, version, said):
                del labels[label]
        if said and contract.STABLE not in labels:
            _choose(rollout, labels, said)
        if contract.STABLE in labels:
            _write(rollout, labels)
        elif said:
            rollout.config_path.unlink(missing_ok=True)
        return said


def relocate(rollout: Rollout) -> None:
    """Have the config file name the folder it lies in: it may have been moved."""
    with rollout.alone():
        _write(rollout, rollout.labels())


def _labels(rollout: Rollout, said: list[str]) -> dict[str, int]:
    try:
        return rollout.labels()
    except (text_format.ParseError, ValueError) as error:
        said.append(f"{rollout.config_path} can not be read ({error}); it is written anew.")
        rollout.config_path.unlink()
        return {}


def _choose(rollout: Rollout, labels: dict[str, int], said: list[str]) -> None:
    """Label the champion of before, or whatever is whole."""
    former, there = rollout.history(), rollout.folder.versions()
    for version in dict.fromkeys([*reversed(former), *reversed(there)]):
        with contextlib.suppress(UnsignedVersion):
            if version in there and not _set_aside(rollout, version, said):
                labels[contract.STABLE] = version
                rollout.write_history([*(each for each in former if each != version), version])
                said.append(f"Version {version} answers instead.")
                return


def _set_aside(rollout: Rollout, version: int, said: list[str]) -> bool:
    """Whether a version is damaged or gone; it is none any more then."""
    folder = rollout.folder
    try:
        folder.verify(version)
    except UnsignedVersion:
        raise
    except UnknownVersion as gone:
        said.append(str(gone))
    except BrokenVersion as broken:
        said.append(f"{broken} It was set aside as {folder.set_aside(version)}.")
    else:
        return False
    return True


def _write(rollout: Rollout, labels: Mapping[str, int]) -> None:
    """Write the config file, unless it says so already."""
    spare = {rollout.predecessor()} & set(rollout.folder.versions())
    versions = {*labels.values(), *(each for each in spare if each is not None)}
    text = write_config(rollout.folder.base.resolve(), sorted(versions), labels)
    if not rollout.config_path.is_file() or rollout.config_path.read_text("utf-8") != text:
        replace_file(rollout.config_path, text)
