"""Limits on the messages that the clerk takes, and exceptions for others, each with the remedy."""

from typing import Final

from feedback.dialogues import TalkSoFar
from serving.contract import clean_text

MAX_TEXT: Final = 4_000  # characters; as much as the model reads


class EmptyText(Exception):
    """A shopper sent nothing that can be read."""

    def __init__(self) -> None:
        """Say the remedy."""
        super().__init__("The text is empty; send at least one letter or digit.")


class TextTooLong(Exception):
    """A shopper sent more than the clerk reads."""

    def __init__(self, length: int) -> None:
        """Name the length and the limit."""
        self.length = length
        super().__init__(f"The text has {length} characters; send at most {MAX_TEXT}.")


class ClientIdReused(Exception):
    """A message came with the `client_id` of another one."""

    def __init__(self, client_id: str) -> None:
        """Say the remedy."""
        super().__init__(f"client_id {client_id[:60]!r} stands for another text; take a new one.")


class ChoiceNotOffered(Exception):
    """A button was pressed that this dialogue never showed, and no words came with it."""

    def __init__(self, choice: str) -> None:
        """Say the remedy."""
        super().__init__(
            f"choice {choice[:60]!r} was not offered in this dialogue; send the question as text."
        )


def readable(text: str) -> str:
    """The words as they are kept.

    Raises:
        EmptyText, TextTooLong: they cannot be.
    """
    if len(text) > MAX_TEXT:
        raise TextTooLong(len(text))
    said = clean_text(text)
    if not said:
        raise EmptyText
    return said


def refuse_other_words(talk: TalkSoFar, text: str, client_id: str) -> None:
    """A `client_id` names one message; a button may be sent again without its words.

    Raises:
        ClientIdReused: it came with other words before.
    """
    said = clean_text(text)
    if said and talk.asked_text is not None and said != clean_text(talk.asked_text):
        raise ClientIdReused(client_id)
