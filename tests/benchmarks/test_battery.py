"""The battery of reliability in its shortest form; see docs/reliability.md for the whole one."""

import pytest

from benchmarks.product.ingest import bench_ingest
from benchmarks.product.jobs import bench_jobs
from benchmarks.product.replicas import bench_replicas

pytestmark = pytest.mark.slow


class TestBattery:
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_webhooks_count_once(self, request, kind):
        """R1: repeated and shuffled, none lost, none counted twice."""
        url = None if kind == "sqlite" else request.getfixturevalue("postgresql_url")

        found = bench_ingest(url, webhooks=200)

        assert (0, 0) == (found["lost"], found["counted_twice"])
        assert (200, 140) == (found["webhooks"], found["different"])
        assert sum(n % 200 + 1.5 for n in range(140)) == float(found["total"])

    def test_killed_schedulers_finish_each_slot_once(self, postgresql_database):
        """R4: a killed one's slot is taken over, and it can not close it any more."""
        found = bench_jobs(
            postgresql_database.url.render_as_string(hide_password=False),
            slots=12, kills=4, freezes=1, lease_s=1.0,
        )  # fmt: skip

        assert 12 == found["done"]
        assert found["stale_finishes_refused"] >= found["taken_over"]

    def test_replicas_lose_nothing_when_one_is_killed(self, postgresql_url):
        """R8 and R2, over one store: what was answered is there, once."""
        found = bench_replicas(None, postgresql_url, replicas=2, messages=160, kill_replica=True)

        assert (0, 0) == (found["lost"], found["twice"])
        assert 160 == found["messages"]
        assert found["messages_per_second"] > 0
