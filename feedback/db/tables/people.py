"""The tables of shoppers: their identities, and which arm of the experiment is theirs.

E-mail addresses are kept as keyed hashes only.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant


class Shopper(SQLModel, table=True):
    """The person buying: the unit that is randomised and counted."""

    shopper_id: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=Instant)


class Identity(SQLModel, table=True):
    """A way to recognise a shopper again: a keyed hash of an e-mail, a cart token, a Slack person.

    One value may point at several shoppers (a shared address): then it identifies nobody.
    """

    kind: str = Field(primary_key=True)  # email, cart, slack
    value: str = Field(primary_key=True, index=True)
    shopper_id: str = Field(primary_key=True, foreign_key="shopper.shopper_id")
    seen_at: datetime = Field(sa_type=Instant)


class Exposure(SQLModel, table=True):
    """A shopper's first contact while an experiment runs, in whichever arm."""

    experiment: str = Field(primary_key=True)
    shopper_id: str = Field(primary_key=True, foreign_key="shopper.shopper_id")
    arm: str
    channel: str
    exposed_at: datetime = Field(sa_type=Instant, index=True)
    # Found to be this shopper on another channel: arm and time above are theirs from then on, and
    # both are counted once. None: nobody else.
    person_id: str | None = None
    # What was known at that moment, of a few kinds each (`ExposureTraits`); None: not known.
    device: str | None = None
    page: str | None = None
    source: str | None = None
    language: str | None = None
    been_before: str | None = None
    engaged: bool | None = None  # a visitor who moved a hand; None: not a visitor


class ShareChange(SQLModel, table=True):
    """The arms' shares from a moment on: the log of every change of the deal."""

    experiment: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    shares: dict[str, float] = Field(sa_type=JSON)
    challenger_version: int | None = None  # the model on trial, while one is
    reason: str = ""  # settings, ramp, end, challenger


class PlannedExperiment(SQLModel, table=True):
    """A plan as it was decided before looking, and what became of it: a row for each plan begun."""

    experiment: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    plan: dict[str, Any] = Field(sa_type=JSON)  # `feedback.experiments.plan.ExperimentPlan`
    verdict: str | None = None  # better, worse, none: at the planned end nothing was shown
    decided_at: datetime | None = Field(default=None, sa_type=Instant)


class Uncounted(SQLModel, table=True):
    """A shopper who is a bot or one of the staff: answered, and left out of every figure."""

    shopper_id: str = Field(primary_key=True)
    reason: str  # bot, staff
    at: datetime = Field(sa_type=Instant)
