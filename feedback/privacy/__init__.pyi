from .deletions import Deletions as Deletions, NotToCancel as NotToCancel
from .erasure import Erasure as Erasure, Forgotten as Forgotten
from .erasure_list import (
    FILE as FILE,
    ErasureEntry as ErasureEntry,
    ErasureList as ErasureList,
    keep_list as keep_list,
)
from .prune import prune_old_rows as prune_old_rows
from .retention import Keep as Keep, forget_old as forget_old
