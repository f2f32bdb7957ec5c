"""Code version: the package's number and the checkout's commit, kept with each version made."""

import contextlib
from importlib.metadata import PackageNotFoundError, version as version_of
from pathlib import Path


def code_version() -> str:
    """Which program made a version: the package's, and the checkout's commit where there is one."""
    try:
        number = version_of("shopclerk")
    except PackageNotFoundError:  # run from a checkout
        number = "checkout"
    commit = _commit(Path(__file__).parents[2])
    return f"{number}+{commit[:12]}" if commit else number


def _commit(checkout: Path) -> str | None:
    """The commit a checkout stands at, read without running git, which may not be there."""
    with contextlib.suppress(OSError):
        git = checkout / ".git"
        if git.is_file():  # a worktree's
            git = Path(git.read_text(encoding="utf-8").partition("gitdir:")[2].strip())
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        shared = git / "commondir"
        common = git / shared.read_text(encoding="utf-8").strip() if shared.exists() else git
        for place in (git, common):
            if (place / name).exists():
                return (place / name).read_text(encoding="utf-8").strip()
        packed = (common / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    return None
