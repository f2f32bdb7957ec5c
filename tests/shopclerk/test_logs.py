"""Every line on standard error has one form, whoever writes it."""

import json
import subprocess
import sys

STORY = """
import logging, structlog
from shopclerk.logs import set_up_logs
set_up_logs()
set_up_logs()
structlog.get_logger().info("ours", who="the clerk")
library = logging.getLogger("some.library")
library.info("chatter")
library.warning("watch %s", "out")
try:
    1 / 0
except ZeroDivisionError:
    library.exception("broken")
logging.getLogger("psycopg").warning("error ignored")
"""


def test_what_libraries_log_are_lines_of_the_same_form():
    """From warnings on, once, with their tracebacks inside; what our own events say is left out."""
    done = subprocess.run([sys.executable, "-c", STORY], capture_output=True, text=True, check=True)
    ours, warned, broken = (json.loads(line) for line in done.stderr.splitlines())

    assert "" == done.stdout
    assert ("ours", "info", "the clerk") == (ours["event"], ours["level"], ours["who"])
    assert ("watch out", "warning", "some.library") == (
        warned["event"],
        warned["level"],
        warned["logger"],
    )
    assert ("broken", "error") == (broken["event"], broken["level"])
    assert "ZeroDivisionError" in broken["exception"]
    assert all(line["timestamp"].endswith("Z") for line in (ours, warned, broken))


LEVELS = """
import structlog
from shopclerk.logs import set_up_logs
set_up_logs(%r)
log = structlog.get_logger()
log.debug("a picture was fetched")
log.info("a reply was sent")
"""


def test_what_went_well_is_left_out_unless_asked_for():
    """A page of the shop asks for forty files; `SHOPCLERK_LOG_LEVEL=debug` has a line for each."""
    said = {
        level: [
            json.loads(line)["event"]
            for line in subprocess.run(
                [sys.executable, "-c", LEVELS % level], capture_output=True, text=True, check=True
            ).stderr.splitlines()
        ]
        for level in ("debug", "info", "warning")
    }

    assert ["a picture was fetched", "a reply was sent"] == said["debug"]
    assert ["a reply was sent"] == said["info"]
    assert [] == said["warning"]
