from .action_memory import (
    ActionMemory as ActionMemory,
    PlannedCall as PlannedCall,
    Said as Said,
    Summary as Summary,
    Wish as Wish,
)
from .attention import Attentions as Attentions, ReadMarks as ReadMarks
from .earlier_turns import said_before as said_before
from .exposure_traits import (
    UNKNOWN as UNKNOWN,
    ExposureTraits as ExposureTraits,
    traits_of as traits_of,
)
from .focus import NOTHING_YET as NOTHING_YET, Focus as Focus, ProductWish as ProductWish
from .history import (
    Earlier as Earlier,
    ShownImpression as ShownImpression,
    TalkSoFar as TalkSoFar,
    add_turn as add_turn,
)
from .hooks import Later as Later
from .identity import (
    leave_out as leave_out,
    link_same_person as link_same_person,
    persons as persons,
)
from .looks import remember_look as remember_look
from .repository import Store as Store
from .rows import (
    DialogueThread as DialogueThread,
    NewDialogue as NewDialogue,
    PastTalk as PastTalk,
    locked_dialogue as locked_dialogue,
    shown_impression as shown_impression,
    turn_of_client as turn_of_client,
)
from .state import (
    HANDOVER_REASONS as HANDOVER_REASONS,
    AfterAnswer as AfterAnswer,
    DialogueMemory as DialogueMemory,
    HandoverReason as HandoverReason,
    StaffAct as StaffAct,
    memory_read as memory_read,
    memory_stored as memory_stored,
    moved as moved,
    reason_read as reason_read,
)
from .survey import GRADES as GRADES, Csat as Csat, Surveys as Surveys
from .visits import (
    NO_CLERK as NO_CLERK,
    VISITORS as VISITORS,
    WITH_CLERK as WITH_CLERK,
    Visit as Visit,
    Visits as Visits,
    visits_of as visits_of,
)
from .write_answer import (
    AGENTS as AGENTS,
    TERMINAL as TERMINAL,
    WAIT_FOR_NOBODY as WAIT_FOR_NOBODY,
    Shown as Shown,
)
