"""File permissions of model versions: readable for all who may read the models' folder.

A folder that was made here is its owner's alone (0700). Where a model server runs as another user,
the folder was opened to it on purpose (0755: the image does so), and what is put there follows.
"""

from pathlib import Path
from typing import Final

OWNER_FOLDER, OWNER_FILE = 0o700, 0o600
OTHERS_FOLDER: Final = 0o055  # of a folder's mode: that others may list it and go through
OTHERS_READ: Final = 0o044


def open_like(models_dir: Path, *paths: Path) -> None:
    """Let those read `paths` who may read `models_dir`, and nobody else."""
    others = models_dir.stat().st_mode & OTHERS_FOLDER
    for path in paths:
        mode = OWNER_FOLDER | others if path.is_dir() else OWNER_FILE | others & OTHERS_READ
        path.chmod(mode)
