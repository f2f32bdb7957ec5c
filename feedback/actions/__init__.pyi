from .changes import pieces_of as pieces_of, with_pieces as with_pieces
from .decisions import ActionDecisions as ActionDecisions
from .history import ActionHistory as ActionHistory, orders_told as orders_told
from .labels import ActionLabels as ActionLabels, LostFlow as LostFlow
from .runs import (
    UNDO as UNDO,
    UNDO_FOR as UNDO_FOR,
    ActionRuns as ActionRuns,
    StoredYes as StoredYes,
    summary_id as summary_id,
)
from .spoken import ActionLesson as ActionLesson
from .states import (
    ENDS as ENDS,
    RunMove as RunMove,
    RunMoveNotAllowed as RunMoveNotAllowed,
    RunState as RunState,
    action_title as action_title,
)
from .stock_notices import StockNotices as StockNotices
from .under_way import RunsUnderWay as RunsUnderWay
