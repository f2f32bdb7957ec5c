"""Traces, where the extra is installed; a clear word where it is not."""

import importlib.util

import pytest

from shopclerk.tracing import TracingNotInstalled, set_up_tracing, trace_with
from tests.bot.web_shop import open_shop

INSTALLED = importlib.util.find_spec("opentelemetry.instrumentation") is not None


@pytest.mark.skipif(INSTALLED, reason="the extra is installed")
def test_without_the_extra_the_remedy_is_named(one_database):
    """At the start, not at the first request."""
    shop = open_shop(one_database)
    with pytest.raises(TracingNotInstalled, match=r"shopclerk\[otel\]"):
        set_up_tracing(shop.app, one_database, "http://127.0.0.1:4318")


@pytest.mark.skipif(not INSTALLED, reason="needs the extra: uv pip install 'shopclerk[otel]'")
@pytest.mark.filterwarnings("ignore")
def test_a_request_and_its_statements_are_one_trace(one_database):
    """Named by route, without what the shopper wrote."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans = InMemorySpanExporter()
    shop = open_shop(one_database)
    trace_with(shop.app, one_database, SimpleSpanProcessor(spans))
    with shop.visitor() as web:
        token = web.post("/api/chat/sessions", json={}).json()["token"]
        web.headers["Authorization"] = f"Bearer {token}"
        web.post("/api/chat/messages", json={"text": "my secret wish", "client_id": "c1"})
        web.get("/healthz")

    found = spans.get_finished_spans()
    (asked,) = [span for span in found if span.name == "POST /api/chat/messages"]
    inside = [span for span in found if span.context.trace_id == asked.context.trace_id]
    assert any("INSERT" in span.name for span in inside)
    assert not any("healthz" in span.name for span in found)
    assert "secret wish" not in str([span.attributes for span in found])
