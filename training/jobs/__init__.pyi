from .cron import Cron as Cron
from .lease import LEASE as LEASE, held as held, is_gone as is_gone, worker_name as worker_name
from .low_priority import step_back as step_back
from .outcomes import (
    LostRun as LostRun,
    RetrainOptions as RetrainOptions,
    RunEnded as RunEnded,
    RunWaits as RunWaits,
)
from .reexport_job import Refresher as Refresher
from .run_folder import RunFolder as RunFolder
from .schedule import ScheduledJob as ScheduledJob, Scheduler as Scheduler
from .stages import Stages as Stages
from .train_once import (
    FileTeacher as FileTeacher,
    Trained as Trained,
    train_lines as train_lines,
    train_model as train_model,
)
from .watch_library import LOOK_S as LOOK_S, LibraryWatch as LibraryWatch, Poller as Poller
