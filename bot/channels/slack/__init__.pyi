from .config import (
    SlackAccess as SlackAccess,
    SlackLeases as SlackLeases,
    SlackOptions as SlackOptions,
    SlackServices as SlackServices,
)
from .edge import SlackEdge as SlackEdge, build_slack as build_slack
from .report import (
    NotPosted as NotPosted,
    ReportPost as ReportPost,
    post_proposals as post_proposals,
    post_report as post_report,
    post_retrained as post_retrained,
    post_trial as post_trial,
    sync_client as sync_client,
)
