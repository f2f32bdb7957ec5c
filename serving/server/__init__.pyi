from .child_process import EmbeddedChild as EmbeddedChild, start_embedded as start_embedded
from .discovery import (
    ServedElsewhere as ServedElsewhere,
    find_running as find_running,
    is_held as is_held,
)
from .exit_with_parent import stop_with_parent as stop_with_parent
from .servable import Servable as Servable
