"""Traces, as an extra: requests, statements and calls of the model server become spans (OTLP).

Installed by `uv pip install 'shopclerk[otel]'`, switched on by `SHOPCLERK_OTLP_ENDPOINT`. Spans
hold routes and statements, never their values: no text of a shopper leaves the machine this way.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fastapi import FastAPI

    from feedback.database import Database

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
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    except ImportError as missing:
        raise TracingNotInstalled(missing.name) from None
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(processor)
    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider, excluded_urls=NOT_TRACED)
    SQLAlchemyInstrumentor().instrument(engine=database.engine, tracer_provider=provider)
    GrpcInstrumentorClient().instrument(tracer_provider=provider)
    return provider
