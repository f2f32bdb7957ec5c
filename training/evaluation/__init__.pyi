from .compare import (
    GateQuestions as GateQuestions,
    VersionComparison as VersionComparison,
    compare_versions as compare_versions,
)
from .evaluate import (
    LoadedVersion as LoadedVersion,
    evaluate_questions as evaluate_questions,
    evaluate_ranking as evaluate_ranking,
)
from .gate import Comparison as Comparison
from .measures import (
    WANTED_PRECISION as WANTED_PRECISION,
    EvaluatedAnswers as EvaluatedAnswers,
    expected_calibration_error as expected_calibration_error,
    question_measures as question_measures,
    threshold_at as threshold_at,
)
from .served import Behave as Behave
from .trial_protocol import CanaryTrial as CanaryTrial
from .verdict import Verdict as Verdict
from .wishes import AskedWish as AskedWish
