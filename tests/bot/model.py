"""A model that is asked for everything and does nothing."""

from typing import Any

from bot.controls import Controls, ModelNotChanged, ModelState


class Model:
    """Three versions, the second answers; it remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.busy = False

    def state(self) -> ModelState:
        return ModelState(2, None, 3, (1, 2, 3))

    def retrain(self, person: str) -> str:
        if self.busy:
            raise ModelNotChanged("A retraining is going on already.")
        self.asked.append(("retrain", person))
        return "Retraining has begun."

    def promote(self, version: int, person: str) -> str:
        if version > 3:
            raise ModelNotChanged(f"version {version} is not there; there are 1, 2, 3.")
        self.asked.append(("promote", version, person))
        return f"Version {version} answers now."

    def keep(self, version: int, person: str) -> str:
        self.asked.append(("keep", version, person))
        return f"The trial of version {version} is over."

    def roll_back(self, person: str) -> str:
        self.asked.append(("roll back", person))
        return "Version 1 answers again."

    def controls(self) -> Controls:
        return Controls(
            model=self.state, retrain=self.retrain, promote=self.promote, keep=self.keep,
            roll_back=self.roll_back, report=lambda: "", preview=lambda _: None,
        )  # fmt: skip
