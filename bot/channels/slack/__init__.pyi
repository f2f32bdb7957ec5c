from .config import (
    SlackAccess as SlackAccess,
    SlackLeases as SlackLeases,
    SlackOptions as SlackOptions,
    SlackServices as SlackServices,
)
from .edge import SlackEdge as SlackEdge, build_slack as build_slack
from .notices import (
    post_proposals as post_proposals,
    post_retrained as post_retrained,
    post_trial as post_trial,
)
from .posting import NotPosted as NotPosted, sync_client as sync_client
from .report import ReportPost as ReportPost, post_report as post_report
