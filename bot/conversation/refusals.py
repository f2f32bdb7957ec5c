"""Exceptions for messages that the clerk does not take, each with the remedy."""

from typing import Final

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
