from .login import LoginNeeded as LoginNeeded
from .routers import DESK_ROUTERS as DESK_ROUTERS
from .single_sign_on import SingleSignOn as SingleSignOn, build_sso as build_sso
