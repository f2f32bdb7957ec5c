from .assets import (
    all_assets as all_assets,
    chat_mark as chat_mark,
    chat_scripts as chat_scripts,
    widget as widget,
)
from .config import (
    LOOPBACK as LOOPBACK,
    MCP_PATH as MCP_PATH,
    SSO_PATH as SSO_PATH,
    WebConfig as WebConfig,
)
from .context import (
    Readiness as Readiness,
    WebContext as WebContext,
    WithContext as WithContext,
    context_of as context_of,
)
from .metrics import MeteredRanker as MeteredRanker, Metrics as Metrics
from .middleware import EdgeMiddleware as EdgeMiddleware, EdgeRules as EdgeRules
from .notifier import Notifier as Notifier
from .open_connections import (
    ConnectionLimits as ConnectionLimits,
    raise_file_limit as raise_file_limit,
    room_in as room_in,
)
from .open_streams import OpenStreams as OpenStreams
from .origins import Origins as Origins
from .problems import (
    PROBLEM_SCHEMA as PROBLEM_SCHEMA,
    Problem as Problem,
    documented as documented,
    install as install,
    problem_response as problem_response,
)
from .proxies import UNIX as UNIX, Proxies as Proxies
from .rate_limits import Limits as Limits, TooMany as TooMany, address_of as address_of
from .routers import HTTP_ROUTERS as HTTP_ROUTERS
from .server import BoundedConfig as BoundedConfig
from .store_watch import StoreWatch as StoreWatch
from .templates import language as language, render as render
