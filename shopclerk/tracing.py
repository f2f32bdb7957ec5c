"""OpenTelemetry tracing (OTLP), an extra: spans of requests, statements and model calls.

Installed by `uv pip install 'shopclerk[otel]'`, switched on by `SHOPCLERK_OTLP_ENDPOINT`. Spans
hold routes and statements, never their values: no text of a shopper leaves the machine this way.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fastapi import FastAPI

    from feedback.db import Database

SERVICE: Final = "shopclerk"
NOT_TRACED: Final = "healthz,readyz,metrics"


class TracingNotInstalled(Exception):
    """The setting asks for traces, the packages are not there."""

    def __init__(self, missing: str | None) -> None:
        """Name what is missing."""
        super().__init__(
            f"SHOPCLERK_OTLP_ENDPOINT is set, but {missing} is not installed; install the extra"
            " (uv pip install 'shopclerk[otel]'), or leave the setting out"
        )


def set_up_tracing(app: "FastAPI", database: "Database", endpoint: str) -> Any:
    """Send spans of this process to `endpoint`, an OTLP collector's HTTP address; its provider.

    Raises:
        TracingNotInstalled: the extra's packages are missing.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as missing:
        raise TracingNotInstalled(missing.name) from None
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    return trace_with(app, database, BatchSpanProcessor(exporter))


def trace_with(app: "FastAPI", database: "Database", processor: Any) -> Any:
    """The same with any span processor."""
    try:
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor  # noqa: PLC0415
        from opentelemetry.instrumentation.grpc import GrpcInstrumentorClient  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    except ImportError as missing:
        raise TracingNotInstalled(missing.name) from None
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(processor)
    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider, excluded_urls=NOT_TRACED)
    _trace_statements(database, provider.get_tracer(SERVICE))
    GrpcInstrumentorClient().instrument(tracer_provider=provider)
    return provider


def _trace_statements(database: "Database", tracer: Any) -> None:
    """A span for each statement, without its values.

    OpenTelemetry's own instrumentation knows no SQLAlchemy 2.1.
    """
    from sqlalchemy import event  # noqa: PLC0415

    system = database.engine.dialect.name

    def begin(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:
        context.our_span = tracer.start_span(
            f"{statement.split(None, 1)[0]} {system}",
            attributes={"db.system": system, "db.statement": statement},
        )

    def end(_c: Any, _cursor: Any, _s: str, _p: Any, context: Any, _many: bool) -> None:
        context.our_span.end()

    def fail(context: Any) -> None:
        span = getattr(context.execution_context, "our_span", None)
        if span is not None:
            span.set_attribute("error", True)
            span.end()

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", begin)
        event.listen(engine, "after_cursor_execute", end)
        event.listen(engine, "handle_error", fail)
