from .compare import (
    Behave as Behave,
    Compared as Compared,
    GateQuestions as GateQuestions,
    compare_versions as compare_versions,
)
from .evaluate import (
    Version as Version,
    evaluate_questions as evaluate_questions,
    evaluate_ranking as evaluate_ranking,
)
from .gate import Part as Part, Verdict as Verdict
from .measures import (
    WANTED_PRECISION as WANTED_PRECISION,
    Answered as Answered,
    question_measures as question_measures,
    threshold_at as threshold_at,
)
from .trial_protocol import Trial as Trial
