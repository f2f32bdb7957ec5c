from .cron import Cron as Cron
from .lease import LEASE as LEASE, held as held, is_gone as is_gone, worker_name as worker_name
from .low_priority import step_back as step_back
from .reexport_job import Refresher as Refresher
from .run_folder import Workplace as Workplace
from .schedule import Job as Job, Scheduler as Scheduler
from .stages import (
    Ended as Ended,
    LostRun as LostRun,
    RetrainOptions as RetrainOptions,
    Stages as Stages,
    Waiting as Waiting,
)
from .train_once import Trained as Trained, train_lines as train_lines
from .watch_library import LOOK_S as LOOK_S, LibraryWatch as LibraryWatch, Looking as Looking
