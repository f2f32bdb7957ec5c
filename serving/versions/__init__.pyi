from .allowed_ops import check_operations as check_operations
from .archive import (
    VersionFile as VersionFile,
    history_of as history_of,
    kept_files as kept_files,
    put_labels as put_labels,
    put_versions as put_versions,
    standing_still as standing_still,
)
from .config_file import CONFIG as CONFIG
from .folder import VersionFolder as VersionFolder
from .manifest import (
    KEY_FILE as KEY_FILE,
    MANIFEST as MANIFEST,
    Keys as Keys,
    make_own_key as make_own_key,
    own_key as own_key,
    verify as verify,
)
from .recovery import recover as recover, relocate as relocate
from .replicas import Replicas as Replicas
from .rollout import Rollout as Rollout
from .warmup import read_warmup as read_warmup
