"""Prometheus metrics: requests, answers, the model's calls, queues, jobs."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from feedback.db import StoreUnreadable
from feedback.desk import Gauges
from serving.ranker import Ranker, RankerUnavailable, Ranking

LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
KEPT_SECONDS: Final = 5.0  # scrapes closer together read the store once


class Metrics:
    """One process's counts, in a registry of their own so that two apps never mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = self._counter(
            "shopclerk_requests", "Requests answered", "method", "route", "status"
        )
        self.seconds = self._histogram("shopclerk_request_seconds", "Until the answer", "route")
        self.answers = self._counter("shopclerk_answers", "Answers sent", "kind", "served_by")
        self.streams = Gauge("shopclerk_streams", "Open event streams", registry=self.registry)
        self.webhooks = self._counter(
            "shopclerk_webhooks", "Webhooks taken in", "source", "outcome"
        )
        self.store_away = self._counter(
            "shopclerk_store_away", "Times the database server did not answer"
        )
        self.limited = self._counter("shopclerk_limited", "Requests over a rate", "window")
        self.refused_connections = self._counter(
            "shopclerk_refused_connections", "Connections refused or cut", "reason"
        )
        self.forwarded = self._counter(
            "shopclerk_untrusted_forwarded", "Requests forwarded by no trusted proxy"
        )
        self.model_calls = self._counter(
            "shopclerk_model_calls", "Questions put to the model server", "label", "outcome"
        )
        self.model_seconds = self._histogram(
            "shopclerk_model_seconds", "Until the model server answered", "label"
        )

    def watch_store(self, read: Callable[[], Gauges]) -> None:
        """Add what `read` finds in the store, read when Prometheus asks."""
        self.registry.register(StoreCollector(read))

    def watch(self, name: str, what: str, read: Callable[[], float]) -> None:
        """Add a figure of this process, read when Prometheus asks."""
        Gauge(name, what, registry=self.registry).set_function(read)

    def text(self) -> bytes:
        """All of them, as Prometheus reads them; it asks the store."""
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, *labels: str) -> Histogram:
        return Histogram(name, what, labels, buckets=LATENCY_BUCKETS, registry=self.registry)


class MeteredRanker:
    """A ranker whose calls are counted and timed."""

    def __init__(self, inner: Ranker, metrics: Metrics) -> None:
        self._inner, self._metrics = inner, metrics

    def rank(self, dialogue: str, *, locale: str, label: str) -> Ranking:
        """The inner ranker's answer."""
        began = time.perf_counter()
        outcome = "answered"
        try:
            return self._inner.rank(dialogue, locale=locale, label=label)
        except RankerUnavailable:
            outcome = "unavailable"
            raise
        finally:
            self._metrics.model_calls.labels(label, outcome).inc()
            self._metrics.model_seconds.labels(label).observe(time.perf_counter() - began)


class StoreCollector(Collector):
    """The store's figures; while it is away there are none, and `shopclerk_store_up` is 0."""

    def __init__(self, read: Callable[[], Gauges]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._kept: tuple[float, Gauges | None] = (-KEPT_SECONDS, None)

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry must not ask the store when it is put together."""
        return []

    def collect(self) -> Iterator[Metric]:
        """One family after another."""
        seen = self._seen()
        yield GaugeMetricFamily("shopclerk_store_up", "The store answers", value=seen is not None)
        if seen is None:
            return
        for name, what, value in (
            ("shopclerk_outbox_messages", "Messages that wait for Slack", seen.outbox),
            ("shopclerk_outbox_oldest_seconds", "How long the oldest waits", seen.outbox_oldest),
            ("shopclerk_inbox_events", "Events of Slack to work off", seen.inbox),
            ("shopclerk_desk_waiting", "Dialogues that wait for the staff", seen.waiting),
            ("shopclerk_recent_answers", "Of the model's arms, in ten minutes", seen.answers),
            ("shopclerk_recent_by_keywords", "Of these, by keyword search", seen.by_keywords),
            ("shopclerk_recent_handovers", "Of these, handed over", seen.handed_over),
        ):
            yield GaugeMetricFamily(name, what, value=value)
        slots = GaugeMetricFamily(
            "shopclerk_job_slot_seconds", "The newest slot of a job", labels=("job", "state")
        )
        failed = GaugeMetricFamily("shopclerk_job_failed", "1: it failed", labels=("job",))
        for job in seen.jobs:
            slots.add_metric((job.job, job.state), job.slot.timestamp())
            failed.add_metric((job.job,), float(job.state == "failed"))
        yield slots
        yield failed

    def _seen(self) -> Gauges | None:
        with self._lock:
            at, seen = self._kept
            if time.monotonic() - at >= KEPT_SECONDS:
                try:
                    seen = self._read()
                except StoreUnreadable:
                    seen = None
                self._kept = (time.monotonic(), seen)
            return seen
