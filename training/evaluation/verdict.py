"""Verdict of the promotion gate: its checks, and whether the challenger is promoted."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, Self

Rule = Literal[
    "held_out",
    "group",
    "served",
    "actions",
    "pages",
    "labelled",
    "pinned",
    "off_policy",
    "latency",
    "size",
]


class Check(NamedTuple):
    """One rule, and how it came out; `held` None: too little to judge by, so nothing against it."""

    rule: Rule
    name: str
    held: bool | None
    text: str


class Verdict(NamedTuple):
    """Whether the challenger is promoted, why (not), and every check behind it."""

    promote: bool
    reasons: tuple[str, ...]
    checks: tuple[Check, ...] = ()

    def also(self, more: Iterable[Check]) -> Self:
        """The same with further checks, each of which refuses by itself."""
        checks = tuple(more)
        failed = tuple(check.text for check in checks if check.held is False)
        against = failed if self.promote else (*self.reasons, *failed)
        promote = self.promote and not failed
        for_it = (*self.reasons, *(check.text for check in checks))
        return type(self)(promote, for_it if promote else against, (*self.checks, *checks))

    def as_json(self) -> dict[str, Any]:
        """To be stored."""
        return {**self._asdict(), "checks": [check._asdict() for check in self.checks]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The same again."""
        checks = tuple(Check(**check) for check in stored["checks"])
        return cls(stored["promote"], tuple(stored["reasons"]), checks)
