from .adjustment import adjusted_measures as adjusted_measures
from .aggregates import (
    DIMENSIONS as DIMENSIONS,
    arm_of as arm_of,
    read_facts as read_facts,
    sums_by as sums_by,
    week_start as week_start,
)
from .arm_dealer import ArmDealer as ArmDealer
from .assignment import (
    CHALLENGER as CHALLENGER,
    CHAMPION as CHAMPION,
    HOLDOUT as HOLDOUT,
    SRM_ALARM as SRM_ALARM,
    assign as assign,
)
from .bayes import belief as belief
from .canary_trials import WAITING as WAITING, Look as Look, Trials as Trials
from .decision import Judgement as Judgement, judge as judge
from .dialogue_outcomes import (
    dialogue_rates as dialogue_rates,
    outcomes_csv as outcomes_csv,
    read_outcomes as read_outcomes,
)
from .ended_dialogues import dialogue_ends as dialogue_ends
from .event_view import Window as Window, open_event_view as open_event_view
from .incremental_revenue import (
    added_revenue as added_revenue,
    avoided_hand_overs as avoided_hand_overs,
)
from .matching import matching_pvalue as matching_pvalue
from .metric_registry import (
    AOV as AOV,
    CAPPED as CAPPED,
    CTR as CTR,
    CVR as CVR,
    METRICS as METRICS,
    PRIMARIES as PRIMARIES,
    RPS as RPS,
    BadMetric as BadMetric,
    Metric as Metric,
    Place as Place,
    own_metric as own_metric,
    said_in_settings as said_in_settings,
)
from .novelty import since_exposure as since_exposure
from .off_policy import LoggedReply as LoggedReply, OffPolicy as OffPolicy, estimate as estimate
from .plan import (
    ANYTIME as ANYTIME,
    BEFORE as BEFORE,
    ExperimentPlan as ExperimentPlan,
    Traffic as Traffic,
    detectable as detectable,
    options as options,
    plan_for as plan_for,
    settle_for as settle_for,
)
from .plan_log import LoggedPlan as LoggedPlan, PlanLog as PlanLog
from .results import (
    AddedRevenue as AddedRevenue,
    Adjusted as Adjusted,
    Arm as Arm,
    Belief as Belief,
    DialogueEnds as DialogueEnds,
    DialogueRates as DialogueRates,
    IncrementalRevenue as IncrementalRevenue,
    Influence as Influence,
    MetricResult as MetricResult,
    PlanStanding as PlanStanding,
    Segment as Segment,
    SinceExposure as SinceExposure,
    Uplift as Uplift,
    Verdict as Verdict,
    VerdictReason as VerdictReason,
    VisitorEffect as VisitorEffect,
)
from .schedule import (
    Experiment as Experiment,
    HoldoutPlan as HoldoutPlan,
    HoldoutStep as HoldoutStep,
    deal_at as deal_at,
)
from .segments import segment_effects as segment_effects
from .share_log import (
    ShareLog as ShareLog,
    Strata as Strata,
    StratumSplit as StratumSplit,
    held_share as held_share,
    split_pvalue as split_pvalue,
    strata_of as strata_of,
)
from .shop_trial import ShopTrial as ShopTrial
from .shopper_export import export_shoppers as export_shoppers
from .stratification import pooled as pooled
from .traffic import PastTraffic as PastTraffic, past_traffic as past_traffic
from .uplift import (
    adjusted_revenue as adjusted_revenue,
    metric_results as metric_results,
    weekly_result as weekly_result,
    whole_arms as whole_arms,
    without_fixed as without_fixed,
)
from .visitor_effect import (
    TOKEN as TOKEN,
    VisitorQuestion as VisitorQuestion,
    effect_on_visitors as effect_on_visitors,
)
