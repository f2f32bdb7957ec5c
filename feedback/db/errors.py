"""Exceptions of the store and the desk, each with the value and the remedy."""

from typing import Final


class FeedbackError(Exception):
    """Base of this room's errors; the message is a sentence for people."""


class StoreUnreadable(FeedbackError):
    """The database can not be reached, opened or understood."""

    def __init__(self, where: str, reason: str, remedy: str) -> None:
        """`where` is the path or the host, never with a password."""
        self.where = where
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"The store {where} can not be used: {reason}. {remedy}")


class StoreAway(StoreUnreadable):
    """The database server does not answer now; in a moment it may."""


class StoreFailing(StoreUnreadable):
    """Writes fail until somebody mends it: the disk is full, or gone."""


class StoreDamaged(StoreFailing):
    """Pages of the database's file are not what was written to them."""


class UnknownShopper(FeedbackError):
    """Nobody has been seen under this id."""

    def __init__(self, shopper_id: str) -> None:
        """Name the id, cut short."""
        self.shopper_id = shopper_id
        super().__init__(f"No shopper is called {shopper_id!r:.80}; open a dialogue first.")


class UnknownDialogue(FeedbackError):
    """No dialogue has this id."""

    def __init__(self, dialogue_id: str) -> None:
        """Name the id, cut short."""
        self.dialogue_id = dialogue_id
        super().__init__(f"No dialogue is called {dialogue_id!r:.80}; open one first.")


class UnknownImpression(FeedbackError):
    """No impression has this id."""

    def __init__(self, impression_id: str) -> None:
        """Name the id, cut short."""
        self.impression_id = impression_id
        super().__init__(
            f"No impression is called {impression_id!r:.80}; take the id from the reply."
        )


class UnknownRun(FeedbackError):
    """No retrain run or weekly report has this id."""

    def __init__(self, run_id: str) -> None:
        """Name the id, cut short."""
        self.run_id = run_id
        super().__init__(f"No run is called {run_id!r:.80}; start it first.")


class BadChoice(FeedbackError):
    """A word is not one of those that are known."""

    def __init__(self, what: str, value: str, known: tuple[str, ...]) -> None:
        """Name the word and the known ones."""
        self.value = value
        super().__init__(f"{value!r:.80} is no {what}; it has to be one of {', '.join(known)}.")


class ClerkIsSilent(FeedbackError):
    """A person has the dialogue: the shopper's turn is kept, the clerk's reply is not."""

    def __init__(self, dialogue_id: str) -> None:
        """Name the dialogue."""
        self.dialogue_id = dialogue_id
        super().__init__(
            f"A person answers in the dialogue {dialogue_id!r:.80}; the clerk keeps silent there."
        )


class DeskRefused(FeedbackError):
    """The card can not be acted on: it is closed, a colleague has it, it is not taken over, …"""

    SENTENCES: Final = {
        "closed": "{by} has dealt with this already.",
        "taken": "{by} has this dialogue.",
        "not_taken": "Take the dialogue over first.",
        "past": "That time is over already; choose a later one.",
        "unknown": "This card is no longer known.",
    }

    def __init__(self, reason: str, by: str | None = None) -> None:
        """`reason` is one of the keys above; `by` names the colleague."""
        self.reason = reason
        self.by = by
        super().__init__(self.SENTENCES[reason].format(by=by or "A colleague"))


class UnknownOrder(FeedbackError):
    """There is no such order."""

    def __init__(self, number: str) -> None:
        """Name it, cut short."""
        super().__init__(
            f"No order is called {number!r:.80}; write its id or its number, as the shop does."
        )
