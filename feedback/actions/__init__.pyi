from .runs import (
    ActionRuns as ActionRuns,
    StoredYes as StoredYes,
    summary_id as summary_id,
)
from .states import (
    ENDS as ENDS,
    RunMove as RunMove,
    RunMoveNotAllowed as RunMoveNotAllowed,
    RunState as RunState,
)
