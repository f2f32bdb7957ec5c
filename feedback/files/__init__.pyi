from .check import LARGEST as LARGEST, FileRefused as FileRefused
from .repository import (
    Files as Files,
    KeptFile as KeptFile,
    NewFile as NewFile,
    OpenedFile as OpenedFile,
    Sender as Sender,
    TooManyFiles as TooManyFiles,
    UnknownFile as UnknownFile,
    files_sent as files_sent,
    forget_files_before as forget_files_before,
    forget_unsent as forget_unsent,
)
from .virus_scan import VirusScan as VirusScan
