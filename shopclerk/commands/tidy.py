"""`shopclerk tidy`: deletes what is older than its retention."""

from feedback.knowledge import Sources
from feedback.privacy import Deletions, Keep, forget_old, prune_old_rows
from shopclerk.settings import read_settings
from shopclerk.wiring import new_id, open_database, utc_now


def run() -> dict[str, int]:
    """Carry out asked deletions that are due, delete what is old; how many of each kind."""
    settings = read_settings()
    database, now = open_database(settings), utc_now()
    keep = Keep(
        dialogues=settings.keep_dialogues,
        files=settings.keep_files,
        mail=settings.keep_mail,
        identities=settings.keep_identities,
        audit=settings.keep_audit,
    )
    try:
        deleted = Deletions(database).carry_out(now, new_id)
        old = {**forget_old(database, now, keep), **prune_old_rows(database, now)}
        passages = Sources(database).forget_gone(now)
        return {"deletions asked for": deleted, **old, "passages": passages}
    finally:
        database.close()
