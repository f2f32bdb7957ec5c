"""The composition root: the only place where the parts meet, built from settings.

Each function builds one process's worth and imports only what that process runs: a bot never loads
TensorFlow, a command that only reads the store never loads the web.
"""

from shopclerk.wiring.actions import build_back_office, build_flow_parts
from shopclerk.wiring.arms import (
    assigner,
    configured_shares,
    holdout_plan,
    midnight,
    running_plan,
    wanted_plan,
)
from shopclerk.wiring.base import (
    EXPERIMENT,
    build_orders,
    derived_key,
    new_id,
    open_database,
    utc_now,
)
from shopclerk.wiring.bot import build_bot
from shopclerk.wiring.clerk import ClerkModel, build_clerk, keyword_ranker
from shopclerk.wiring.jobs import (
    build_refresher,
    build_retrainer,
    build_scheduler,
    build_sources,
    teacher_python,
)
from shopclerk.wiring.model import (
    build_rollout,
    model_address,
    model_server_status,
    topic_vectors,
    version_folder,
    version_keys,
)
from shopclerk.wiring.news import tell_channel
from shopclerk.wiring.processes import JobFailed
from shopclerk.wiring.shops import build_intake, build_shops
from shopclerk.wiring.slack import slack_shopper
from shopclerk.wiring.trials import build_trial, build_trials

__all__ = [
    "EXPERIMENT",
    "ClerkModel",
    "JobFailed",
    "assigner",
    "build_back_office",
    "build_bot",
    "build_clerk",
    "build_flow_parts",
    "build_intake",
    "build_orders",
    "build_refresher",
    "build_retrainer",
    "build_rollout",
    "build_scheduler",
    "build_shops",
    "build_sources",
    "build_trial",
    "build_trials",
    "configured_shares",
    "derived_key",
    "holdout_plan",
    "keyword_ranker",
    "midnight",
    "model_address",
    "model_server_status",
    "new_id",
    "open_database",
    "running_plan",
    "slack_shopper",
    "teacher_python",
    "tell_channel",
    "topic_vectors",
    "utc_now",
    "version_folder",
    "version_keys",
    "wanted_plan",
]
