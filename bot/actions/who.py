"""Finds the customer a shopper is, with the same patience for failed guesses as order look-ups."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from bot.actions.back_office import BackOffice, CustomerAccount
from bot.actions.identity import read_emails, read_names
from feedback.db import Guesses


class CustomerFinder:
    """Finds customers by what shoppers tell of themselves."""

    def __init__(self, office: BackOffice, guesses: Guesses, clock: Callable[[], datetime]) -> None:
        """Failed guesses are counted in `guesses`."""
        self._office = office
        self._guesses = guesses
        self._clock = clock

    def tells(self, text: str) -> bool:
        """Whether a text tells anything of who wrote it."""
        return bool(read_emails([text]) or read_names([text]))

    def find(
        self, texts: Sequence[str], who: str
    ) -> CustomerAccount | Literal["untold", "missed", "wait"]:
        """The customer in the newest turns; `texts` are the shopper's, newest first."""
        emails, names = read_emails(texts), read_names(texts)
        if not emails and not names:
            return "untold"
        with self._guesses.one_at_a_time(who):
            targets = [f"customer {each.lower()}" for each in emails[:2]]
            targets += [f"customer {name.last.lower()} {name.postcode}" for name in names[:1]]
            if self._guesses.wait(targets, who, self._clock()):
                return "wait"
            for email in dict.fromkeys(emails[:2]):
                if (found := self._office.customer_by_email(email)) is not None:
                    return found
            for name in names:
                if (found := self._office.customer_by_name(*name)) is not None:
                    return found
            self._guesses.failed(targets, who, self._clock())
        return "missed"

    @staticmethod
    def told(customer: CustomerAccount, orders: Sequence[object], texts: Sequence[str]) -> set[str]:
        """Which facts of the customer the shopper has told rightly."""
        said = unicodedata.normalize("NFKC", "\n".join(texts)).lower()

        def stands(value: str) -> bool:
            return bool(value) and bool(
                re.search(rf"(?<![a-z0-9]){re.escape(value.lower())}(?![a-z0-9])", said)
            )

        numbers = (str(getattr(order, "order_id", "")) for order in orders)
        facts = {
            "email": stands(customer.email),
            "zip": stands(str(customer.address.get("zip", ""))),
            "name": stands(customer.first_name) and stands(customer.last_name),
            "number": any(stands(number) for number in numbers),
        }
        return {name for name, told in facts.items() if told}
