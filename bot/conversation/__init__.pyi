from .abuse import find_abuse as find_abuse
from .compose import AskedPart as AskedPart, Composer as Composer
from .decision_record import (
    ComposedAnswer as ComposedAnswer,
    answer_shown as answer_shown,
    impression_of as impression_of,
    parts_of as parts_of,
)
from .exploration import Explorer as Explorer, acts as acts
from .follow_ups import leaves_topic as leaves_topic, neighbours_of as neighbours_of
from .incoming import (
    TURNS_LOOKED_BACK as TURNS_LOOKED_BACK,
    IncomingMessage as IncomingMessage,
    MessageReader as MessageReader,
    OfferedChoice as OfferedChoice,
    choice_of as choice_of,
    choice_stored as choice_stored,
    find_offer as find_offer,
)
from .nearer_page import (
    page_gone_on_with as page_gone_on_with,
    page_that_names as page_that_names,
)
from .opening import Opening as Opening, Prompt as Prompt, open_chat as open_chat
from .policy import MAX_CHOICES as MAX_CHOICES, Decision as Decision, Policy as Policy
from .promises import promise_of as promise_of
from .refusals import (
    MAX_TEXT as MAX_TEXT,
    ChoiceNotOffered as ChoiceNotOffered,
    ClientIdReused as ClientIdReused,
    EmptyText as EmptyText,
    TextTooLong as TextTooLong,
    readable as readable,
    refuse_other_words as refuse_other_words,
)
from .turn_acts import (
    act_of as act_of,
    asks_for_person as asks_for_person,
    pointed_at as pointed_at,
    puts_right as puts_right,
)
