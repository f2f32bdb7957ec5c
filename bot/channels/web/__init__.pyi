from .auth import json_only as json_only
from .routers import WEB_ROUTERS as WEB_ROUTERS
from .schemas import Clean as Clean, Words as Words
