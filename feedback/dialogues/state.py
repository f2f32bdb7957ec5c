"""State machine of a dialogue: its states, the allowed moves between them, and its memory.

Every move goes through `moved`, once the dialogue is locked; nothing else writes `Dialogue.state`.
What the clerk remembers from one turn to the next is one value, `DialogueMemory`, kept as versioned
JSON in one column.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

import structlog
from pydantic import TypeAdapter, ValidationError

from feedback.dialogues.action_memory import ActionMemory
from feedback.dialogues.focus import NOTHING_YET, Focus

State = Literal[
    "clerk",  # the clerk answers
    "waiting",  # for a person; the clerk answers meanwhile
    "staff",  # a person has it; the clerk keeps silent
    "done",  # closed by a person; the next question is the clerk's
]
StaffAct = Literal["take_over", "give_back", "close"]  # at the desk, without a word
Act = Literal[
    "answer",  # the clerk answered, and the shopper goes on with it
    "hand_over",  # the clerk passed the shopper on to the staff
    "take_over",  # a person talks from now on
    "staff_answer",  # a person answered; where nobody has taken over, the clerk goes on
    "give_back",  # a person leaves the rest to the clerk
    "put_back",  # a person leaves the rest to a colleague
    "close",  # a person ended it
]
HandoverReason = Literal[
    "asked_for_person",
    "no_fitting_reply",
    "unsure",  # a reply may fit, but not surely enough even to offer it
    "outdated_reply",  # the reply was taken out of the book since it was offered
    "missing_fact",  # the reply needs a fact of the shop that nobody has written down
    "order_needs_person",  # too many look-ups with a wrong number or e-mail
    "thumbs_down",
    "promised",  # a reply said that a colleague will do something
    "sent_files",  # a picture or document, at which a person has to look
    "by_mail",  # the shopper wrote back to a mail of ours
    "abuse",  # an insult, a slur or a threat
    "action_needs_person",  # an order action that the clerk could not settle with the shopper
    "not_delivered",  # the channel refused what was to be said
]
STATES: Final[tuple[State, ...]] = get_args(State)
ACTS: Final[tuple[Act, ...]] = get_args(Act)
HANDOVER_REASONS: Final[tuple[HandoverReason, ...]] = get_args(HandoverReason)

# Each act: from which state it is allowed, and into which it leads.
MOVES: Final[Mapping[Act, Mapping[State, State]]] = MappingProxyType(
    {
        "answer": {"clerk": "clerk", "waiting": "waiting", "done": "clerk"},
        "hand_over": {"clerk": "waiting", "waiting": "waiting", "done": "waiting"},
        "take_over": dict.fromkeys(STATES, "staff"),
        "staff_answer": {"clerk": "clerk", "waiting": "clerk", "staff": "staff", "done": "clerk"},
        "give_back": dict.fromkeys(STATES, "clerk"),
        "put_back": dict.fromkeys(STATES, "waiting"),
        "close": dict.fromkeys(STATES, "done"),
    }
)


class MoveNotAllowed(Exception):
    """The act is not allowed in the state the dialogue is in."""

    def __init__(self, state: str, act: Act) -> None:
        super().__init__(
            f"{act} is not allowed while the dialogue is {state!r}; it is from"
            f" {', '.join(MOVES[act])}. Take the dialogue over, or give it back, first."
        )


def may(state: str, act: Act) -> bool:
    """Whether the act is allowed: the clerk does not talk into a person's dialogue.

    >>> may("waiting", "answer"), may("staff", "answer")
    (True, False)
    """
    return state in MOVES[act]


def moved(state: str, act: Act) -> State:
    """The state after the act.

    >>> moved("waiting", "answer"), moved("waiting", "staff_answer")
    ('waiting', 'clerk')

    Raises:
        MoveNotAllowed: the act is not allowed in this state.
    """
    for before, after in MOVES[act].items():
        if before == state:
            return after
    raise MoveNotAllowed(state, act)


def reason_read(stored: str | None, otherwise: HandoverReason) -> HandoverReason:
    """The reason in a column; `otherwise` where none stands there, or one of another version."""
    return next((reason for reason in HANDOVER_REASONS if reason == stored), otherwise)


@dataclass(frozen=True)
class DialogueMemory:
    """What the clerk remembers of a dialogue from one turn to the next.

    A field is added with a default. One that changes its meaning, name or place raises
    `MEMORY_VERSION` and brings a step to `UPGRADES`.
    """

    pending_reply_id: str | None = None  # a reply whose slots the clerk has asked for
    failed_lookups: int = 0  # of orders
    action: ActionMemory | None = None  # order actions under way
    focus: Focus = NOTHING_YET  # what the dialogue is about
    page: str | None = None  # the address at which the shopper wrote last
    basket: tuple[str, ...] = ()  # the products in their basket then


@dataclass(frozen=True)
class AfterAnswer:
    """What an answer makes of the dialogue."""

    memory: DialogueMemory = DialogueMemory()
    handover: HandoverReason | None = None  # why the shopper waits for a person from now on

    @property
    def act(self) -> Act:
        """What the clerk did."""
        return "answer" if self.handover is None else "hand_over"


MEMORY_VERSION: Final = 1
# From the version that is stored to the next one.
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADES: Final[Mapping[int, Upgrade]] = MappingProxyType({})

_MEMORY: Final = TypeAdapter(DialogueMemory)

log = structlog.get_logger()


def memory_stored(memory: DialogueMemory) -> dict[str, Any]:
    """The value of the column `memory`: what differs from nothing.

    >>> memory_stored(DialogueMemory("order_status"))
    {'version': 1, 'pending_reply_id': 'order_status'}
    """
    told = _MEMORY.dump_python(memory, mode="json", exclude_defaults=True)
    return {"version": MEMORY_VERSION, **told}


def memory_read(
    stored: Mapping[str, Any],
    upgrades: Mapping[int, Upgrade] = UPGRADES,
) -> DialogueMemory:
    """The memory in the value of a column, brought up from the version that wrote it.

    Of a newer version, as after a roll-back, what is known here is read. What cannot be read is
    forgotten: the clerk asks again rather than fall silent.
    """
    value = dict(stored)
    if not value:
        return DialogueMemory()
    for version in range(value.pop("version", MEMORY_VERSION), MEMORY_VERSION):
        value = upgrades[version](value)
    try:
        return _MEMORY.validate_python(value)
    except ValidationError as wrong:
        log.error("memory.unreadable", fields=[error["loc"] for error in wrong.errors()])
        return DialogueMemory()
