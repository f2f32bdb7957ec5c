"""Structured logs on standard error: coloured for people, JSON lines for machines."""

import logging
import sys
from typing import Final

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

# What these warn of, our own events say better: a store that is away; a client next to a token.
QUIET: Final = ("psycopg", "slack_bolt")


def set_up_logs(level: str = "info") -> None:
    """Log what is of `level` or above; standard output stays free, for `--json`'s one object.

    What libraries log, from warnings on, becomes lines of the same form.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    described: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *described, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _take_over_libraries(described, renderer, max(least, logging.WARNING))


class _OurHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """The one that was set up here, to be found again."""


def _take_over_libraries(described: list[Processor], renderer: Processor, level: int) -> None:
    handler = _OurHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *described],
            processors=[ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [each for each in root.handlers if not isinstance(each, _OurHandler)]
    root.addHandler(handler)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
