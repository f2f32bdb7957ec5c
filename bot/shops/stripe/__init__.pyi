from .settings import SETTINGS as SETTINGS
from .system import SYSTEM as SYSTEM
