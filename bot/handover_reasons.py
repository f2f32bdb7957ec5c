"""The words in which the staff read why a dialogue was handed over to them."""

from collections.abc import Mapping
from typing import Final

from feedback.dialogues import HandoverReason

WORDS: Final[Mapping[HandoverReason, str]] = {
    "asked_for_person": "Asked for a person",
    "no_fitting_reply": "No reply fits",
    "unsure": "The clerk is not sure",
    "outdated_reply": "The reply is no longer in the book",
    "missing_fact": "A fact of the shop is missing",
    "order_needs_person": "The order needs a person",
    "thumbs_down": "Thumbs down",
    "promised": "A colleague was promised",
    "sent_files": "Sent a file",
    "by_mail": "Wrote back by e-mail",
    "abuse": "Abuse",
    "action_needs_person": "An order action needs a person",
    "not_delivered": "A message could not be delivered",
}


def reason_words(reason: str) -> str:
    """A reason as people read it, one of another version of the program too.

    >>> reason_words("thumbs_down"), reason_words("wants_a_discount")
    ('Thumbs down', 'Wants a discount')
    """
    known = (words for each, words in WORDS.items() if each == reason)
    return next(known, reason.replace("_", " ").capitalize())
