"""What retraining changed in a stretch of time: one value a run that ended in it."""

from typing import Any, Final

from sqlmodel import Session, col, select

from feedback.happenings import Stretch
from feedback.report_parts import ModelChange
from feedback.tables.runs import RetrainRun

MOST: Final = 10  # the newest; a report over everything would else list years
ENDED: Final = ("promoted", "refused", "failed")


def model_changes(session: Session, stretch: Stretch) -> tuple[ModelChange, ...]:
    """The runs that ended in the stretch, the oldest first."""
    ended = session.exec(
        select(RetrainRun)
        .where(col(RetrainRun.state).in_(ENDED), stretch.holds(RetrainRun.finished_at))
        .order_by(col(RetrainRun.finished_at).desc())
        .limit(MOST)
    ).all()
    return tuple(_change(run) for run in reversed(ended))


def _change(run: RetrainRun) -> ModelChange:
    compared: dict[str, Any] = (run.scores.get("parts") or {}).get("all") or {}
    return ModelChange(
        day=(run.finished_at or run.started_at).date().isoformat(),
        state=run.state,
        version=run.version,
        parent=run.parent_version,
        examples=run.examples,
        questions=int(compared.get("n", 0)),
        right=compared.get("challenger"),
        before=compared.get("champion"),
    )
