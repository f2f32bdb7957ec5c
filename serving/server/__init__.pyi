from .child_process import find_running as find_running, start_embedded as start_embedded
from .exit_with_parent import stop_with_parent as stop_with_parent
from .servable import Servable as Servable
