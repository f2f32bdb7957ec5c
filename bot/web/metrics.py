"""Counts for Prometheus: requests and their time, answers by kind, open streams."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """One process's counts, in a registry of their own so that two apps never mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "shopclerk_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "shopclerk_request_seconds",
            "Time until the answer began",
            ("route",),
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.answers = Counter(
            "shopclerk_answers", "Answers sent", ("kind", "served_by"), registry=self.registry
        )
        self.streams = Gauge("shopclerk_streams", "Open event streams", registry=self.registry)
        self.webhooks = Counter(
            "shopclerk_webhooks", "Webhooks taken in", ("source", "outcome"), registry=self.registry
        )

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self.registry)
