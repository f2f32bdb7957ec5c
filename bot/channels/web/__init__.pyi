from .auth import json_only as json_only
from .files import keep_file as keep_file
from .routers import WEB_ROUTERS as WEB_ROUTERS
from .schemas import Clean as Clean, Words as Words
from .serialize import file_path as file_path
