"""State machine of an action run: its states, and the moves between them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

RunState = Literal[
    "confirmed",  # the shopper said yes; it is carried out next
    "submitted",  # it waits for a colleague
    "offered",  # a colleague would do it otherwise; it waits for the shopper's yes to that
    "approved",  # a colleague said yes, too; it is carried out next
    "declined",  # a colleague said no
    "dropped",  # the shopper said no to a colleague's change
    "expired",  # nobody looked at it in time
    "sending",  # the back office is being told; an answer may have been lost
    "done",  # read in the back office, or told by the colleague who did it
    "refused",  # a rule of the back office forbids it
    "failed",  # it could not be carried out for a long time: a person has to
]
RunMove = Literal[
    "approve", "fulfil", "decline", "offer", "accept", "drop", "expire", "send", "succeed",
    "refuse", "hand", "give_up",
]  # fmt: skip
STATES: Final[tuple[RunState, ...]] = get_args(RunState)
MOVES: Final[Mapping[RunMove, Mapping[RunState, RunState]]] = MappingProxyType(
    {
        "approve": {"submitted": "approved"},
        "fulfil": {"submitted": "done"},  # what a colleague did by hand
        "decline": {"submitted": "declined"},
        "offer": {"submitted": "offered"},
        "accept": {"offered": "approved"},
        "drop": {"offered": "dropped"},
        "expire": {"submitted": "expired", "offered": "expired"},
        "send": {"confirmed": "sending", "approved": "sending", "sending": "sending"},
        "succeed": {"sending": "done"},
        "refuse": {"sending": "refused"},
        "hand": {"sending": "submitted", "offered": "submitted"},  # to a colleague after all
        "give_up": {"sending": "failed"},
    }
)
ENDS: Final = frozenset({"declined", "dropped", "expired", "done", "refused", "failed"})
TO_SEND: Final = ("confirmed", "approved", "sending")


class RunMoveNotAllowed(Exception):
    """The run is in a state from which this is not done."""

    def __init__(self, state: str, move: RunMove) -> None:
        self.state = state
        super().__init__(
            f"{move} is not allowed: the action is {state!r} already. Look at it anew."
        )


def run_moved(state: str, move: RunMove) -> RunState:
    """The state after the move.

    >>> run_moved("submitted", "approve")
    'approved'

    Raises:
        RunMoveNotAllowed: not from this state.
    """
    for before, after in MOVES[move].items():
        if before == state:
            return after
    raise RunMoveNotAllowed(state, move)


def action_title(name: str) -> str:
    """An action's name in words, for the staff.

    >>> action_title("change_order_address")
    'Change order address'
    """
    return name.replace("_", " ").capitalize()
