"""What retraining changed in a period of time: one value a run that ended in it."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from feedback.db import Period, RetrainRun
from feedback.report.parts import ModelChange

MOST: Final = 10  # the newest; a report over everything would else list years
ENDED: Final = ("promoted", "refused", "failed")


def model_changes(session: Session, period: Period, zone: str = "UTC") -> tuple[ModelChange, ...]:
    """The runs that ended in the period, the oldest first, with their day in the shop's zone."""
    ended = session.exec(
        select(RetrainRun)
        .where(col(RetrainRun.state).in_(ENDED), period.holds(RetrainRun.finished_at))
        .order_by(col(RetrainRun.finished_at).desc())
        .limit(MOST)
    ).all()
    return tuple(_change(run, ZoneInfo(zone)) for run in reversed(ended))


def _change(run: RetrainRun, zone: ZoneInfo) -> ModelChange:
    compared: dict[str, Any] = (run.scores.get("parts") or {}).get("all") or {}
    return ModelChange(
        day=(run.finished_at or run.started_at).astimezone(zone).date().isoformat(),
        state=run.state,
        version=run.version,
        parent=run.parent_version,
        examples=run.examples,
        questions=int(compared.get("n", 0)),
        right=compared.get("challenger"),
        before=compared.get("champion"),
    )
