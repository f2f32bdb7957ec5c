"""Errors of serving; each says the value, the reason and the remedy."""

from pathlib import Path


class ServingError(Exception):
    """Something about the model's versions or its server is wrong."""


class UnknownVersion(ServingError):
    """No such version lies in the folder."""

    def __init__(self, version: int, versions: list[int]) -> None:
        """Name what there is instead."""
        self.version = version
        there = ", ".join(map(str, versions)) if versions else "none; make one: shopclerk retrain"
        super().__init__(f"there is no version {version}; versions there are: {there}.")


class BrokenVersion(ServingError):
    """A version's folder is incomplete or was changed after it was published."""

    def __init__(self, path: Path, reason: str) -> None:
        """Name the folder."""
        self.path = path
        super().__init__(
            f"the version in {path} is broken: {reason}. It is not served; remove the folder"
            " (rm -r) and retrain, or copy it whole from a backup."
        )


class UnsignedVersion(BrokenVersion):
    """A version that nobody we know has signed; whether it is ours is for a person to say."""


class NoVersions(ServingError):
    """There is no model yet."""

    def __init__(self, path: Path) -> None:
        """Name the folder."""
        super().__init__(f"there is no version in {path}; make one: shopclerk retrain, or train.")


class NothingToRollBack(ServingError):
    """`stable` never pointed anywhere else."""

    def __init__(self, version: int | None) -> None:
        """Name the version in charge."""
        super().__init__(f"version {version} has no predecessor; there is nothing to roll back to.")


class VersionNotLoaded(ServingError):
    """The server did not load a version in time."""

    def __init__(self, version: int, seconds: float, state: str) -> None:
        """Name the version and what the server says of it."""
        super().__init__(
            f"the model server did not load version {version} within {seconds:.0f} s"
            f" (it says: {state}); the labels stay as they were. See its log."
        )


class RolloutBusy(ServingError):
    """Another process moves the labels."""

    def __init__(self, lock: Path, seconds: float) -> None:
        """Name the lock."""
        super().__init__(
            f"another process has been moving the labels for {seconds:.0f} s (it holds {lock});"
            " try again when it is done."
        )


class BadAddress(ServingError):
    """A model server's address that can not be dialled."""

    def __init__(self, address: str, reason: str) -> None:
        """Name it."""
        super().__init__(
            f"{address!r} is no model server's address: {reason}. Write host:port, or one name"
            " behind which several servers stand, or numeric addresses separated by commas."
        )


class BadParameters(ServingError):
    """A batching parameters file that can not be used."""

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file."""
        super().__init__(f"the batching parameters in {path} can not be used: {reason}.")


class CallFailed(Exception):
    """A call that can not be answered; `code` is gRPC's, the message TensorFlow Serving's."""

    def __init__(self, code: int, message: str) -> None:
        """Keep the words: they are part of the contract."""
        self.code = code
        super().__init__(message)


class ReloadRefused(ServingError):
    """The server did not take the new configuration."""

    def __init__(self, address: str, reason: str) -> None:
        """Name the server."""
        super().__init__(f"the model server at {address} refused the new labels: {reason}")
