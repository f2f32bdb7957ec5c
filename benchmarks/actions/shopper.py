"""A scripted shopper: says what a script says, answers what is asked, says yes to what it wants.

A script has `say` (the opening, then what follows once that is settled), `answers` by slot,
`correct` among them: the answer to the first summary; and `writes`, the calls that must come of it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

IDENTITY: Final = "ann@example.com, Ann Lee, zip 80014"
IDENTITY_SLOTS: Final = ("email", "name", "zip")
YES: Final = {"en": "yes, please", "zh": "好的"}
NO: Final = {"en": "no, that is not what i want", "zh": "不对"}
MOST_TURNS: Final = 14
MOST_ALIKE: Final = 2  # of one answer; who has to say it a third time gives up

Reply = Mapping[str, Any]  # kind, asks, summary: as the web chat's API has them
Call = tuple[str, str]


class ScriptedShopper:
    """Plays one script."""

    def __init__(self, script: Mapping[str, Any]) -> None:
        self._script = script
        self._locale = str(script["locale"])
        self._answers: dict[str, str] = dict(script["answers"])
        self._further = list(script["say"][1:])
        self._said: Counter[str] = Counter()
        self._wanted = {call_of(*write) for write in script["writes"]}

    def play(self, say: Callable[[str], Reply | None]) -> None:
        """Talk to the end; `say` sends a message and returns the reply, None: a person has it."""
        text: str | None = str(self._script["say"][0])
        for _ in range(MOST_TURNS):
            if text is None or (reply := say(text)) is None:
                return
            text = self._next(reply)

    def _next(self, reply: Reply) -> str | None:
        if reply["kind"] == "confirm":
            return self._confirm(reply["summary"]["actions"])
        if reply["kind"] == "ask" or (reply["kind"] == "refused" and reply.get("asks")):
            return self._answer(reply.get("asks") or ())
        if reply["kind"] == "handover":
            return None
        return self._further.pop(0) if self._further else None

    def _confirm(self, actions: Sequence[Mapping[str, Any]]) -> str | None:
        if correction := self._answers.pop("correct", None):
            return correction
        shown = {call_of(one["name"], one["arguments"]) for one in actions}
        return self._once_more((YES if shown <= self._wanted else NO)[self._locale], most=6)

    def _answer(self, asks: Sequence[str]) -> str | None:
        parts = [self._answers[slot] for slot in asks if slot in self._answers]
        if set(IDENTITY_SLOTS) & set(asks):
            parts.append(IDENTITY)
        return self._once_more(", ".join(parts)) if parts else None

    def _once_more(self, text: str, most: int = MOST_ALIKE) -> str | None:
        self._said[text] += 1
        return text if self._said[text] <= most else None


def call_of(name: str, arguments: Mapping[str, Any]) -> Call:
    """A call in one form; of an address street and postcode count."""
    said = {key: value for key, value in arguments.items() if key != "customer_id"}
    address = said.pop("address", said)
    place = {key: address[key] for key in ("address1", "zip") if key in address}
    changes = sorted((one["sku"], one["new_sku"]) for one in said.get("changes", ()))
    rest = {key: said[key] for key in ("order_id", "reason", "payment_method_id") if key in said}
    return name, repr((rest, place, changes, sorted(said.get("skus", ()))))
